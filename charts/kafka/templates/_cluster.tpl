{{- define "kafka.labels" -}}
app.kubernetes.io/name: kafka
app.kubernetes.io/instance: {{ .Release.Name | trunc 63 }}
app.kubernetes.io/part-of: predictive-maintenance
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* (list . name isMember): metadata; a member names its cluster */ -}}
{{- define "kafka.metadata" -}}
{{- $root := index . 0 -}}
name: {{ index . 1 }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- include "kafka.labels" $root | nindent 2 }}
  {{- if index . 2 }}
  strimzi.io/cluster: {{ $root.Values.cluster }}
  {{- end }}
{{- if $root.Values.keep }}
annotations: {helm.sh/resource-policy: keep}
{{- end }}
{{- end -}}

{{- define "kafka.brokers" -}}
{{- $n := 0 -}}
{{- range .Values.kafka.pools }}{{ if and . (has "broker" .roles) }}{{ $n = add $n .replicas }}{{ end }}{{ end -}}
{{- $n -}}
{{- end -}}

{{- /* Combinations that Strimzi or Kafka would accept and that could never work. */ -}}
{{- define "kafka.checks" -}}
{{- $k := .Values.kafka -}}
{{- $brokers := include "kafka.brokers" . | int -}}
{{- $controllers := 0 -}}
{{- range $k.pools }}{{ if and . (has "controller" .roles) }}{{ $controllers = add $controllers .replicas }}{{ end }}{{ end -}}
{{- if eq $brokers 0 }}{{ fail "kafka.pools has no pool with the role broker" }}{{ end -}}
{{- if ne (mod $controllers 2) 1 }}{{ fail (printf "kafka.pools has %v controllers; a majority needs an odd number" $controllers) }}{{ end -}}
{{- if gt (int $k.replicationFactor) $brokers }}{{ fail (printf "kafka.replicationFactor is %v, but there are only %v brokers" $k.replicationFactor $brokers) }}{{ end -}}
{{- if and (gt (int $k.replicationFactor) 1) (ge (int $k.minInsyncReplicas) (int $k.replicationFactor)) }}{{ fail (printf "kafka.minInsyncReplicas (%v) must be below replicationFactor (%v), or one broker away stops all writing" $k.minInsyncReplicas $k.replicationFactor) }}{{ end -}}
{{- if gt (int $k.minInsyncReplicas) (int $k.replicationFactor) }}{{ fail (printf "kafka.minInsyncReplicas (%v) is above replicationFactor (%v); nothing could ever be written" $k.minInsyncReplicas $k.replicationFactor) }}{{ end -}}
{{- if and .Values.cruiseControl.enabled (lt $brokers 2) }}{{ fail "cruiseControl.enabled needs at least two brokers" }}{{ end -}}
{{- if and .Values.metrics.podMonitor.enabled (not .Values.metrics.enabled) }}{{ fail "metrics.podMonitor.enabled needs metrics.enabled" }}{{ end -}}
{{- end -}}
