{{- /* Combinations that cannot work, each refused with one sentence. */ -}}
{{- define "pm.checks" -}}
{{- $v := .Values -}}
{{- if and (or $v.ingress.enabled $v.httpRoute.enabled) (not $v.ingress.host) -}}
{{- fail "ingress.host is empty; an ingress or a route needs the name under which browsers reach the platform" -}}
{{- end -}}
{{- if and $v.httpRoute.enabled (not $v.httpRoute.parentRefs) -}}
{{- fail "httpRoute.parentRefs is empty; name the Gateway that carries the route" -}}
{{- end -}}
{{- if le (int $v.termination.graceSeconds) (add (int $v.termination.preStopSeconds) 9) -}}
{{- fail (printf "termination.graceSeconds is %v; it must exceed preStopSeconds (%v) + 9, or a stopping pod is killed while it finishes its requests" $v.termination.graceSeconds $v.termination.preStopSeconds) -}}
{{- end -}}
{{- if eq $v.kafka.mode "embedded" -}}
{{- if eq $v.database.mode "trial" -}}
{{- fail "database.mode is trial, but the embedded mode keeps its data in its own volume; leave database.mode alone" -}}
{{- end -}}
{{- if $v.kafka.bootstrapServers -}}
{{- fail "kafka.bootstrapServers is set, but kafka.mode is embedded; choose external, or leave the addresses out" -}}
{{- end -}}
{{- else -}}
{{- include "pm.kafkaChecks" . -}}
{{- include "pm.databaseChecks" . -}}
{{- include "pm.scalingChecks" . -}}
{{- end -}}
{{- end -}}

{{- define "pm.kafkaChecks" -}}
{{- $k := .Values.kafka -}}
{{- if eq $k.mode "strimzi" -}}
{{- if $k.bootstrapServers -}}
{{- fail "kafka.bootstrapServers is set, but kafka.mode is strimzi, which takes the address from kafka.cluster; choose external" -}}
{{- end -}}
{{- if $k.topics.create -}}
{{- fail "kafka.topics.create is true, but with Strimzi charts/kafka makes the topics; leave it false" -}}
{{- end -}}
{{- else -}}
{{- if not $k.bootstrapServers -}}
{{- fail "kafka.bootstrapServers is empty; kafka.mode external needs the brokers as host:port" -}}
{{- end -}}
{{- if hasPrefix "SASL_" $k.securityProtocol -}}
{{- range $name, $user := $k.users -}}
{{- if not $user.existingSecret -}}
{{- fail (printf "kafka.users.%s.existingSecret is empty; %s needs a secret with the password of each user" $name $k.securityProtocol) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if gt (int $k.topics.minInsyncReplicas) (int $k.topics.replicationFactor) -}}
{{- fail (printf "kafka.topics.minInsyncReplicas (%v) is above replicationFactor (%v); nothing could ever be written" $k.topics.minInsyncReplicas $k.topics.replicationFactor) -}}
{{- end -}}
{{- end -}}

{{- define "pm.databaseChecks" -}}
{{- $d := .Values.database -}}
{{- if not $d.existingSecret -}}
{{- fail "database.existingSecret is empty; name the secret with the password of PostgreSQL" -}}
{{- end -}}
{{- if and (eq $d.mode "external") (not $d.url) -}}
{{- fail "database.url is empty; give postgresql+psycopg://USER@HOST:PORT/NAME, or choose database.mode trial" -}}
{{- end -}}
{{- if and (eq $d.mode "trial") $d.url -}}
{{- fail "database.url is set, but database.mode is trial, which runs its own PostgreSQL; choose external, or leave the address out" -}}
{{- end -}}
{{- end -}}

{{- define "pm.scalingChecks" -}}
{{- range $component, $c := include "pm.components" . | fromYaml -}}
{{- if and (has $c.scaling.mode (list "hpa" "keda")) (gt (int $c.scaling.min) (int $c.scaling.max)) -}}
{{- fail (printf "scaling.min (%v) of %s is above scaling.max (%v)" $c.scaling.min $component $c.scaling.max) -}}
{{- end -}}
{{- if and (eq $c.scaling.mode "keda") (not (has $component (list "inference-stream" "gateway"))) -}}
{{- fail (printf "scaling.mode of %s is keda, but it consumes no topic; choose hpa" $component) -}}
{{- end -}}
{{- end -}}
{{- with .Values.inference.stream.scaling -}}
{{- $most := ternary (int .replicas) (int .max) (eq .mode "fixed") -}}
{{- if and (ne .mode "manual") (gt $most (int $.Values.kafka.topics.partitions)) -}}
{{- fail (printf "inference.stream may have %v replicas, but only %v partitions share the work; raise kafka.topics.partitions or lower the replicas" $most $.Values.kafka.topics.partitions) -}}
{{- end -}}
{{- end -}}
{{- end -}}
