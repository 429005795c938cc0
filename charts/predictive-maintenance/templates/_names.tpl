{{- /* Names and labels. The first part of a name is at most 38 characters, so that every suffix fits into 63. */ -}}

{{- define "pm.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 38 | trimSuffix "-" -}}
{{- end -}}

{{- define "pm.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- $full := .Values.fullnameOverride | default (ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name)) -}}
{{- if gt (len $full) 38 -}}
{{- printf "%s-%s" ($full | trunc 31 | trimSuffix "-") ($full | sha256sum | trunc 6) -}}
{{- else -}}
{{- $full | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* (list . component) */ -}}
{{- define "pm.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "pm.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name | trunc 63 }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- /* (list . component) */ -}}
{{- define "pm.labels" -}}
{{- $root := index . 0 -}}
{{ include "pm.selector" . }}
app.kubernetes.io/part-of: predictive-maintenance
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name ($root.Chart.Version | replace "+" "_") | trunc 63 | trimSuffix "-" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Labels of a pod, without the versions: a new release of the chart alone must not roll pods. (list . component) */ -}}
{{- define "pm.podLabels" -}}
{{- $root := index . 0 -}}
{{ include "pm.selector" . }}
app.kubernetes.io/part-of: predictive-maintenance
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Metadata of an object: (dict "root" . "component" c "suffix" s "labels" {} "annotations" {}) */ -}}
{{- define "pm.metadata" -}}
name: {{ include "pm.fullname" .root }}{{ with .suffix }}-{{ . }}{{ end }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "pm.labels" (list .root .component) | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with mergeOverwrite (dict) .root.Values.commonAnnotations (.annotations | default dict) }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- /* (list . image): registry/repository, then the digest if there is one, else the tag */ -}}
{{- define "pm.image" -}}
{{- $root := index . 0 -}}{{- $image := index . 1 -}}
{{- $registry := $root.Values.global.imageRegistry | default $image.registry -}}
{{- $name := ternary (printf "%s/%s" $registry $image.repository) $image.repository (ne $registry "") -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $name $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $name ($image.tag | default $root.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{- /* The components of the mode as YAML: name to {port, metrics, values}. Ports are those of docs/settings.md. */ -}}
{{- define "pm.components" -}}
{{- if eq .Values.kafka.mode "embedded" -}}
standalone: {port: 8080, metrics: 9090, container: standalone, scaling: {mode: fixed, replicas: 1}}
{{- else -}}
inference-serve: {port: 8001, metrics: 9001, container: inference, scaling: {{ .Values.inference.serve.scaling | toJson }}}
inference-stream: {port: 8001, metrics: 9001, container: inference, scaling: {{ .Values.inference.stream.scaling | toJson }}}
ingest: {port: 8002, metrics: 9002, container: ingest, scaling: {{ .Values.ingest.scaling | toJson }}}
gateway: {port: 8003, metrics: 9003, container: gateway, scaling: {{ .Values.gateway.scaling | toJson }}}
web: {port: 8080, container: web, scaling: {{ .Values.web.scaling | toJson }}}
{{- end -}}
{{- end -}}

{{- /* The paths that come from outside, longest first, as YAML: path to component. */ -}}
{{- define "pm.routes" -}}
{{- if eq .Values.kafka.mode "embedded" -}}
/gateway: standalone
/ingest: standalone
/api: standalone
/: standalone
{{- else -}}
/gateway: gateway
{{- if .Values.ingest.edge }}
/ingest: ingest
{{- end }}
/api: inference-serve
/: web
{{- end -}}
{{- end -}}
