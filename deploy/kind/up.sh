#!/usr/bin/env bash
# `make up`: a kind cluster with the operator, Kafka, the ingress and the platform, from this checkout. May be run again.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=deploy/k3s/versions.env
. deploy/k3s/versions.env
CLUSTER=predictive-maintenance NAMESPACE=predictive-maintenance
IMAGES=(pm-inference:services/inference pm-ingest:services/ingest pm-gateway:services/gateway pm-web:web)

for tool in docker kind kubectl helm; do
  command -v "$tool" >/dev/null || { echo "make up needs $tool; docs/install.md says where it comes from" >&2; exit 1; }
done
[ -f models/artifacts/milling/manifest.json ] || { echo "the inference image holds the model: run make model first" >&2; exit 1; }

kind get clusters 2>/dev/null | grep -qx "$CLUSTER" || kind create cluster --config deploy/kind/cluster.yaml
k() { kubectl --context "kind-$CLUSTER" "$@"; }
h() { helm --kube-context "kind-$CLUSTER" "$@"; }

for image in "${IMAGES[@]}"; do
  docker build -q -f "${image#*:}/Dockerfile" -t "${image%%:*}:dev" .
  kind load docker-image --name "$CLUSTER" "${image%%:*}:dev"
done

k get namespace "$NAMESPACE" >/dev/null 2>&1 || k create namespace "$NAMESPACE"
k label --overwrite namespace "$NAMESPACE" pod-security.kubernetes.io/enforce=restricted >/dev/null
k -n "$NAMESPACE" get secret platform-database >/dev/null 2>&1 ||
  openssl rand -hex 16 | tr -d '\n' | k -n "$NAMESPACE" create secret generic platform-database --from-file=password=/dev/stdin

h upgrade --install ingress "$NGINX_CHART" --version "$NGINX_VERSION" -n nginx-ingress --create-namespace --wait \
  --set controller.kind=daemonset,controller.service.create=false,controller.hostPort.enable=true
h upgrade --install strimzi "$STRIMZI_CHART" --version "$STRIMZI_VERSION" -n strimzi --create-namespace --wait \
  -f charts/kafka/values-operator.yaml --set "watchNamespaces={$NAMESPACE}"
h upgrade --install kafka charts/kafka -n "$NAMESPACE" --set kafka.pools.dual.storage.class=standard
k -n "$NAMESPACE" wait kafka/pm --for=condition=Ready --timeout=900s
h upgrade --install platform charts/predictive-maintenance -n "$NAMESPACE" --wait --timeout 10m \
  -f charts/predictive-maintenance/values-single-node.yaml -f charts/predictive-maintenance/values-nginx-f5.yaml \
  -f deploy/kind/values.yaml
# A tag that is built again does not roll pods by itself.
k -n "$NAMESPACE" rollout restart deployment -l app.kubernetes.io/instance=platform
k -n "$NAMESPACE" rollout status deployment -l app.kubernetes.io/instance=platform --timeout=300s
echo "http://pm.localhost:8088/ is up; make down removes the cluster"
