{{- /* How gateway reaches PostgreSQL. */ -}}

{{- define "pm.database" -}}
{{- if eq .Values.database.mode "trial" -}}
{{- $name := printf "%s-database" (include "pm.fullname" .) -}}
{{- dict "url" (printf "postgresql+psycopg://gateway@%s:5432/gateway" $name) "secret" .Values.database.existingSecret "key" .Values.database.passwordKey | toJson -}}
{{- else -}}
{{- dict "url" .Values.database.url "secret" .Values.database.existingSecret "key" .Values.database.passwordKey | toJson -}}
{{- end -}}
{{- end -}}

{{- define "pm.databaseEnv" -}}
{{- $database := include "pm.database" . | fromJson -}}
- {name: GATEWAY_DATABASE_URL, value: {{ $database.url | quote }}}
- {name: GATEWAY_DATABASE_PASSWORD_FILE, value: /run/database/password}
{{- end -}}

{{- define "pm.databaseMount" -}}
- {name: database, mountPath: /run/database, readOnly: true}
{{- end -}}

{{- define "pm.databaseVolume" -}}
{{- $database := include "pm.database" . | fromJson -}}
- name: database
  secret: {secretName: {{ $database.secret }}, defaultMode: 0440, items: [{key: {{ $database.key }}, path: password}]}
{{- end -}}
