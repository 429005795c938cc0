# shellcheck shell=bash
# The releases on the cluster: ingress controller, certificates, Strimzi, Kafka, the platform. Each may run again.

# chart NAME: a chart of ours, from the bundle or from the checkout.
chart() {
  local found
  found=$(compgen -G "$BUNDLE/charts/$1-[0-9]*.tgz" | head -1) || true
  if [ -n "$BUNDLE" ] && [ -n "$found" ]; then echo "$found"; else echo "$HERE/../../charts/$1"; fi
}

# chart_values NAME FILE: a values file that ships beside a chart of ours.
chart_values() { if [ -n "$BUNDLE" ]; then echo "$BUNDLE/values/$1/$2"; else echo "$HERE/../../charts/$1/$2"; fi; }

# public_chart OCI VERSION: arguments that name a pinned public chart, from the bundle or its registry.
public_chart() {
  if [ -n "$BUNDLE" ]; then echo "$BUNDLE/charts/$(basename "$1")-$2.tgz"; else echo "$1 --version $2"; fi
}

# release NAME NAMESPACE CHART-ARGUMENTS...: install or upgrade and wait until it works.
release() {
  local name=$1 namespace=$2; shift 2
  run helm upgrade --install "$name" -n "$namespace" --wait --timeout 10m "$@"
}

platform_install() {
  local controller
  namespace "$NAMESPACE"
  if [ "$INGRESS" = nginx ] && [ "$TOUCH_NODE" = yes ]; then
    controller=$(public_chart "$NGINX_CHART" "$NGINX_VERSION")
    # shellcheck disable=SC2086  # a chart and its version are two words
    release nginx-ingress nginx-ingress --create-namespace $controller
  fi
  [ -z "$EMAIL" ] || certificates
  [ "$PROFILE" = embedded ] || { kafka_install; database_secret; }
  platform_values | write_file "$STATE/platform.yaml" 0600
  platform_release
}

# namespace NAME: make it, held to the restricted Pod Security level.
namespace() {
  if dry; then say "  run   kubectl create namespace $1 (when it is missing), pod-security enforce=restricted"; return; fi
  kubectl get namespace "$1" >/dev/null 2>&1 || kubectl create namespace "$1"
  kubectl label --overwrite namespace "$1" pod-security.kubernetes.io/enforce=restricted >/dev/null
}

certificates() {
  # shellcheck disable=SC2046  # a chart and its version are two words
  release cert-manager cert-manager --create-namespace $(public_chart "$CERT_MANAGER_CHART" "$CERT_MANAGER_VERSION") --set crds.enabled=true
  if dry; then say "  apply ClusterIssuer/letsencrypt ($EMAIL)"; return; fi
  kubectl apply --server-side -f - <<YAML
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    email: $EMAIL
    privateKeySecretRef: {name: letsencrypt-account}
    solvers: [{http01: {ingress: {ingressClassName: $INGRESS}}}]
YAML
}

kafka_install() {
  local operator; operator=$(public_chart "$STRIMZI_CHART" "$STRIMZI_VERSION")
  # Helm never upgrades the definitions in crds/, so they are applied first.
  if dry; then
    say "  run   helm show crds $operator | kubectl apply --server-side --force-conflicts -f -"
  else
    # shellcheck disable=SC2086  # a chart and its version are two words
    helm show crds $operator | kubectl apply --server-side --force-conflicts -f - >/dev/null
  fi
  # shellcheck disable=SC2086  # a chart and its version are two words
  release strimzi strimzi --create-namespace $operator \
    -f "$(chart_values kafka values-operator.yaml)" --set "watchNamespaces={$NAMESPACE}"
  release kafka "$NAMESPACE" "$(chart kafka)" -f "$(chart_values kafka values-single-node.yaml)"
  run kubectl -n "$NAMESPACE" wait kafka/pm --for=condition=Ready --timeout=900s
}

# database_secret: a random password, made once and never printed.
database_secret() {
  if dry; then say "  run   kubectl create secret generic platform-database (random password, when it is missing)"; return; fi
  kubectl -n "$NAMESPACE" get secret platform-database >/dev/null 2>&1 && return
  openssl rand -hex 24 | tr -d '\n' \
    | kubectl -n "$NAMESPACE" create secret generic platform-database --from-file=password=/dev/stdin >/dev/null
}

# platform_values: what this host decides, as a values file on standard output.
platform_values() {
  local component
  echo "# Written by bootstrap.sh at each run. Your own values go into $STATE/override.yaml, which is read after this file."
  for component in inference ingest gateway web standalone; do
    echo "$component: {image: {registry: \"$PM_REGISTRY\", tag: \"$PM_TAG\"}}"
  done
  [ "$PROFILE" != embedded ] || echo "kafka: {mode: embedded}"
  echo "ingress:"
  echo "  enabled: true"
  echo "  className: $INGRESS"
  echo "  host: $HOST"
  if [ -n "$EMAIL" ]; then
    echo "  annotations: {cert-manager.io/cluster-issuer: letsencrypt, acme.cert-manager.io/http01-edit-in-place: \"true\"}"
    echo "  tls: [{hosts: [$HOST], secretName: platform-tls}]"
  fi
}

platform_release() {
  local values=(-f "$(chart_values predictive-maintenance "values-$PROFILE.yaml")")
  [ "$INGRESS" != nginx ] || values+=(-f "$(chart_values predictive-maintenance values-nginx-f5.yaml)")
  values+=(-f "$ROOT$STATE/platform.yaml")
  [ ! -f "$ROOT$STATE/override.yaml" ] || values+=(-f "$ROOT$STATE/override.yaml")
  release platform "$NAMESPACE" "$(chart predictive-maintenance)" "${values[@]}"
}
