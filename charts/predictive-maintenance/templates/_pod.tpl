{{- /* What every pod of the chart has in common. */ -}}

{{- define "pm.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
serviceAccountName: {{ include "pm.fullname" . }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "pm.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{- /* Environment of every Python process: (list . settings) */ -}}
{{- define "pm.processEnv" -}}
{{- $root := index . 0 -}}
- {name: PM_LOG_LEVEL, value: {{ $root.Values.logs.level | quote }}}
{{- /* The forests run on one thread; libraries would else size their pools from the cores of the node. */}}
{{- range list "OMP_NUM_THREADS" "OPENBLAS_NUM_THREADS" "MKL_NUM_THREADS" }}
- {name: {{ . }}, value: "1"}
{{- end }}
{{- with $root.Values.telemetry.endpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }}}
{{- end }}
{{- range $name, $value := index . 1 }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end -}}

{{- /*
A Deployment: (dict "root" . "component" c "container" n "image" {} "values" {resources, pod, scaling} "args" [] "env" text
"ports" {port, metrics} "volumes" text "mounts" text "annotations" {})
*/ -}}
{{- define "pm.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata: {{ include "pm.metadata" (dict "root" .root "component" .component "suffix" .component) | nindent 2 }}
spec:
  {{- if eq .values.scaling.mode "fixed" }}
  replicas: {{ .values.scaling.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  progressDeadlineSeconds: 300
  minReadySeconds: 5
  strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
  selector:
    matchLabels: {{ include "pm.selector" (list .root .component) | nindent 6 }}
  template: {{ include "pm.podTemplate" . | nindent 4 }}
{{- end -}}

{{- define "pm.podTemplate" -}}
{{- $pod := .values.pod -}}
metadata:
  labels:
    {{- include "pm.podLabels" (list .root .component) | nindent 4 }}
    {{- with $pod.labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with mergeOverwrite (dict) .root.Values.commonAnnotations (.annotations | default dict) ($pod.annotations | default dict) }}
  annotations: {{ toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- include "pm.podSecurity" .root | nindent 2 }}
  terminationGracePeriodSeconds: {{ .root.Values.termination.graceSeconds }}
  topologySpreadConstraints:
    {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
    - maxSkew: 1
      topologyKey: {{ . }}
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{ include "pm.selector" (list $.root $.component) | nindent 10 }}
      {{- if ne $.component "standalone" }}
      matchLabelKeys: [pod-template-hash]
      {{- end }}
    {{- end }}
  {{- range $key := list "nodeSelector" "tolerations" "affinity" "priorityClassName" }}
  {{- with index $pod $key }}
  {{ $key }}: {{ toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  containers:
    - name: {{ .container }}
      image: {{ include "pm.image" (list .root .image) }}
      imagePullPolicy: {{ .image.pullPolicy }}
      {{- with .args }}
      args: {{ toJson . }}
      {{- end }}
      {{- if or .env $pod.extraEnv }}
      env:
        {{- with .env }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- with $pod.extraEnv }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
      ports:
        - {name: http, containerPort: {{ .ports.port }}}
        {{- with .ports.metrics }}
        - {name: metrics, containerPort: {{ . }}}
        {{- end }}
      startupProbe: {httpGet: {path: /livez, port: http}, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 60}
      readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 2}
      livenessProbe: {httpGet: {path: /livez, port: http}, periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 6}
      {{- with .root.Values.termination.preStopSeconds }}
      lifecycle: {preStop: {sleep: {seconds: {{ . }}}}}
      {{- end }}
      resources: {{ toYaml .values.resources | nindent 8 }}
      {{- include "pm.containerSecurity" .root | nindent 6 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        {{- with .mounts }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- with $pod.extraVolumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
  volumes:
    - {name: tmp, emptyDir: {sizeLimit: 64Mi}}
    {{- with .volumes }}
    {{- . | nindent 4 }}
    {{- end }}
    {{- with $pod.extraVolumes }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
