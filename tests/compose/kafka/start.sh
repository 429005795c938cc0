#!/usr/bin/env bash
# KAFKA_SOME_NAME becomes some.name, a double underscore one underscore, as the public image does it; then the broker.
set -euo pipefail
properties=/opt/kafka/config/server.properties
: >"$properties"
while IFS='=' read -r -d '' name value; do
  case $name in
    KAFKA_HEAP_OPTS) ;;
    KAFKA_*) key=${name#KAFKA_}; key=${key//__/%}; key=${key//_/.}; key=${key//%/_}; echo "${key,,}=$value" >>"$properties" ;;
  esac
done </proc/self/environ
[ -f "${KAFKA_LOG_DIRS:?}/meta.properties" ] \
  || java -Xmx128m -cp '/opt/kafka/libs/*' kafka.tools.StorageTool format --cluster-id="${CLUSTER_ID:?}" -c "$properties"
# shellcheck disable=SC2086  # options are separate words
exec java ${KAFKA_HEAP_OPTS:-} -Dlog4j2.configurationFile=/opt/kafka/log4j2.properties -cp '/opt/kafka/libs/*' kafka.Kafka "$properties"
