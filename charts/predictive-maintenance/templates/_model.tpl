{{- /* The artifact: built into the image, or mounted. A changed digest rolls the pods. */ -}}
{{- define "pm.modelEnv" -}}
- {name: INFERENCE_ARTIFACT, value: {{ .Values.model.path | quote }}}
{{- end -}}
{{- define "pm.modelMount" -}}
{{- if .Values.model.volume -}}
- {name: model, mountPath: {{ .Values.model.path | quote }}, readOnly: true}
{{- end -}}
{{- end -}}
{{- define "pm.modelVolume" -}}
{{- with .Values.model.volume -}}
- name: model
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}
{{- define "pm.modelAnnotations" -}}
{{- with .Values.model.digest -}}
predictive-maintenance/model-digest: {{ . | quote }}
{{- end -}}
{{- end -}}
