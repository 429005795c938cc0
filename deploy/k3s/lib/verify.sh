# shellcheck shell=bash
# Proof that it works: a judgement through the ingress, and a reading that is found again as a stored assessment.

verify() {
  local base code id work forward
  work=$(mktemp -d); TEMPORARY+=("$work")
  base=$(base_url)
  if dry; then
    say "  ask   POST $base/api/predict and expect an answer whose prediction is 0 or 1"
    say "  send  one reading of a machine of its own to the Service of ingest, and wait for its assessment in $base/gateway"
    return
  fi
  until_true 120 "an answer of $base/api/predict" ask_predict "$base" "$work/answer.json"
  grep -q '"prediction":' "$work/answer.json" || die "no judgement in the answer: $(head -c 300 "$work/answer.json")"
  say "predict: $(head -c 120 "$work/answer.json")…"

  id="verify-$(openssl rand -hex 4)"
  kubectl -n "$NAMESPACE" port-forward "service/$(ingest_service)" :80 >"$work/forward" 2>&1 &
  forward=$!; PROCESSES+=("$forward")
  until_true 20 "a way to the Service of ingest" grep -q '^Forwarding from 127' "$work/forward"
  code=$(reading "$id" | curl -sS -o "$work/receipt.json" -w '%{http_code}' -H 'content-type: application/json' \
    --data-binary @- "http://127.0.0.1:$(sed -n 's/^Forwarding from 127.0.0.1:\([0-9]*\).*/\1/p' "$work/forward" | head -1)/ingest/readings")
  kill "$forward" 2>/dev/null || true
  [ "$code" = 202 ] || die "ingest answered $code: $(head -c 300 "$work/receipt.json")"
  until_true 60 "the assessment of the reading that ingest accepted" stored "$base" "$id"
  say "stored: reading of $id became an assessment"
  say "It works: $base/"
}

base_url() { if [ -n "$URL" ]; then echo "$URL"; elif [ -n "$EMAIL" ]; then echo "https://$HOST"; else echo "http://$HOST"; fi; }

# ask ADDRESS...: curl that finds the host name on this node when DNS does not know it yet.
ask() {
  local resolve=()
  [ -n "$URL" ] || resolve=(--resolve "$HOST:80:$(node_address)" --resolve "$HOST:443:$(node_address)")
  curl --silent --show-error --fail --max-time 10 "${resolve[@]}" "$@"
}

node_address() { kubectl get nodes -o 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}'; }

ask_predict() { reading M14860 | ask -o "$2" -H 'content-type: application/json' --data-binary @- "$1/api/predict" 2>/dev/null; }

stored() { ask "$1/gateway/machines/$2" 2>/dev/null | grep -q '"failure_probability":'; }

ingest_service() {
  local component=ingest
  [ "$PROFILE" != embedded ] || component=standalone
  kubectl -n "$NAMESPACE" get service -o name -l "app.kubernetes.io/instance=platform,app.kubernetes.io/component=$component" \
    | head -1 | cut -d/ -f2
}

# reading MACHINE: a healthy reading of the default equipment.
reading() {
  printf '{"machine_id": "%s", "product_type": "M", "air_temperature": 298.1, "process_temperature": 308.6, "rotational_speed": 1551, "torque": 42.8, "tool_wear": 0}' "$1"
}
