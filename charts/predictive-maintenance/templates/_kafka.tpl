{{- /* How one service reaches Kafka: (list . user), user one of ingest, inferenceStream, gateway. */ -}}

{{- define "pm.kafkaUser" -}}
{{- $root := index . 0 -}}
{{- $user := index $root.Values.kafka.users (index . 1) -}}
{{- if eq $root.Values.kafka.mode "strimzi" -}}
{{- $name := index . 1 | kebabcase -}}
{{- dict "username" $name "secret" $name "key" "password" | toJson -}}
{{- else -}}
{{- dict "username" $user.username "secret" $user.existingSecret "key" $user.key | toJson -}}
{{- end -}}
{{- end -}}

{{- /* What depends on the mode: bootstrap, protocol, caSecret, caKey. */ -}}
{{- define "pm.kafka" -}}
{{- with .Values.kafka -}}
{{- if eq .mode "strimzi" -}}
{{- dict "bootstrap" (printf "%s-kafka-bootstrap:9093" .cluster) "protocol" "SASL_SSL" "caSecret" (printf "%s-cluster-ca-cert" .cluster) "caKey" "ca.crt" | toJson -}}
{{- else -}}
{{- dict "bootstrap" .bootstrapServers "protocol" .securityProtocol "caSecret" .caSecret.name "caKey" .caSecret.key | toJson -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "pm.kafkaEnv" -}}
{{- $kafka := include "pm.kafka" (index . 0) | fromJson -}}
{{- $user := include "pm.kafkaUser" . | fromJson -}}
- {name: LOG_KIND, value: kafka}
- {name: KAFKA_BOOTSTRAP_SERVERS, value: {{ $kafka.bootstrap | quote }}}
- {name: KAFKA_SECURITY_PROTOCOL, value: {{ $kafka.protocol }}}
{{- if hasPrefix "SASL_" $kafka.protocol }}
- {name: KAFKA_USERNAME, value: {{ $user.username | quote }}}
- {name: KAFKA_PASSWORD_FILE, value: /run/kafka-user/password}
{{- end }}
{{- if $kafka.caSecret }}
- {name: KAFKA_CA_FILE, value: /run/kafka-ca/ca.crt}
{{- end }}
{{- end -}}

{{- define "pm.kafkaMounts" -}}
{{- $kafka := include "pm.kafka" (index . 0) | fromJson -}}
{{- if hasPrefix "SASL_" $kafka.protocol }}
- {name: kafka-user, mountPath: /run/kafka-user, readOnly: true}
{{- end }}
{{- if $kafka.caSecret }}
- {name: kafka-ca, mountPath: /run/kafka-ca, readOnly: true}
{{- end }}
{{- end -}}

{{- define "pm.kafkaVolumes" -}}
{{- $kafka := include "pm.kafka" (index . 0) | fromJson -}}
{{- $user := include "pm.kafkaUser" . | fromJson -}}
{{- if hasPrefix "SASL_" $kafka.protocol }}
- name: kafka-user
  secret: {secretName: {{ $user.secret }}, defaultMode: 0440, items: [{key: {{ $user.key }}, path: password}]}
{{- end }}
{{- if $kafka.caSecret }}
- name: kafka-ca
  secret: {secretName: {{ $kafka.caSecret }}, defaultMode: 0440, items: [{key: {{ $kafka.caKey }}, path: ca.crt}]}
{{- end }}
{{- end -}}
