{{- /* A Job whose name changes with its pod, because a Job's pod cannot be changed: (dict "root" . "component" c "image" {} "command" []
"args" [] "env" text "resources" {} "mounts" text "volumes" text) */ -}}
{{- define "pm.job" -}}
{{- $spec := include "pm.jobPod" . -}}
apiVersion: batch/v1
kind: Job
metadata: {{ include "pm.metadata" (dict "root" .root "component" .component "suffix" (printf "%s-%s" .component ($spec | sha256sum | trunc 8))) | nindent 2 }}
spec:
  backoffLimit: 20
  template: {{ $spec | nindent 4 }}
{{- end -}}

{{- define "pm.jobPod" -}}
metadata:
  labels: {{ include "pm.podLabels" (list .root .component) | nindent 4 }}
  {{- with .root.Values.commonAnnotations }}
  annotations: {{ toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- include "pm.podSecurity" .root | nindent 2 }}
  restartPolicy: OnFailure
  containers:
    - name: {{ .component }}
      image: {{ include "pm.image" (list .root .image) }}
      imagePullPolicy: {{ .image.pullPolicy }}
      {{- with .command }}
      command: {{ toJson . }}
      {{- end }}
      {{- with .args }}
      args: {{ toJson . }}
      {{- end }}
      {{- with .env }}
      env: {{ . | nindent 8 }}
      {{- end }}
      resources: {{ toYaml .resources | nindent 8 }}
      {{- include "pm.containerSecurity" .root | nindent 6 }}
      volumeMounts:
        - {name: tmp, mountPath: /tmp}
        {{- with .mounts }}
        {{- . | nindent 8 }}
        {{- end }}
  volumes:
    - {name: tmp, emptyDir: {sizeLimit: 64Mi}}
    {{- with .volumes }}
    {{- . | nindent 4 }}
    {{- end }}
{{- end -}}
