# shellcheck shell=bash
# One Linux host becomes one k3s node: what it must have, the hardened configuration, the pinned binary, the service.

# preflight: say everything this host lacks, in one go.
preflight() {
  local missing=() memory disk need=1700 where=/var/lib
  [ "$PROFILE" = embedded ] || need=7200
  have curl tar sha256sum openssl || missing+=("one of the programs curl, tar, sha256sum, openssl")
  if live && ! dry; then
    [ "$(id -u)" -eq 0 ] || missing+=("root (run it with sudo)")
    [ -d /run/systemd/system ] || missing+=("systemd as the init system")
    [ ! -d /var/lib/rancher ] || where=/var/lib/rancher
    memory=$(awk '/^MemTotal:/ {print int($2 / 1024)}' /proc/meminfo)
    [ "$memory" -ge "$need" ] || missing+=("$need MiB of memory for --profile $PROFILE (there are $memory)")
    disk=$(df -Pm "$where" | awk 'NR == 2 {print $4}')
    [ "$disk" -ge 10240 ] || [ -f "$ROOT$STATE/k3s.sha256" ] || missing+=("10 GiB of free disk in $where (there are $disk MiB)")
    port_free 80 || port_is_ours || missing+=("port 80, which another program holds")
    port_free 443 || port_is_ours || missing+=("port 443, which another program holds")
  fi
  [ "${#missing[@]}" -eq 0 ] || die "this host lacks: $(printf '%s; ' "${missing[@]}" | sed 's/; $//')"
}

port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
port_is_ours() { [ -f "$ROOT$STATE/k3s.sha256" ]; }

node_configuration() {
  write_file /etc/sysctl.d/90-kubelet.conf 0644 <"$HERE/config/sysctl.conf"
  write_file /etc/rancher/k3s/admission.yaml 0600 <"$HERE/config/admission.yaml"
  write_file /etc/rancher/k3s/audit.yaml 0600 <"$HERE/config/audit.yaml"
  write_file /etc/systemd/system/k3s.service 0644 <"$HERE/config/k3s.service"
  k3s_configuration | write_file /etc/rancher/k3s/config.yaml 0600
}

# k3s_configuration: the hardening of k3s's own guide (docs.k3s.io/security/hardening-guide) on standard output.
k3s_configuration() {
  cat <<YAML
# Written by bootstrap.sh; what it says here is said again at each run. Add files of your own to config.yaml.d/.
write-kubeconfig-mode: "0600"
secrets-encryption: true
protect-kernel-defaults: true
cluster-init: $(if [ "$PROFILE" = embedded ]; then echo false; else echo true; fi)
tls-san: ["$HOST"]
disable: $(if [ "$INGRESS" = nginx ]; then echo '[traefik]'; else echo '[]'; fi)
kube-apiserver-arg:
  - admission-control-config-file=/etc/rancher/k3s/admission.yaml
  - audit-policy-file=/etc/rancher/k3s/audit.yaml
  - audit-log-path=/var/lib/rancher/k3s/server/logs/audit.log
  - audit-log-maxage=30
  - audit-log-maxbackup=10
  - audit-log-maxsize=100
kube-controller-manager-arg:
  - terminated-pod-gc-threshold=10
kubelet-arg:
  - streaming-connection-idle-timeout=5m
  - image-gc-high-threshold=80
  - image-gc-low-threshold=70
YAML
}

node_programs() {
  install_binary k3s "$K3S_VERSION" "$(k3s_url "$(k3s_file)")" "$(pinned K3S_SHA256)"
  install_binary helm "$HELM_VERSION" "$HELM_URL/helm-$HELM_VERSION-linux-$ARCH.tar.gz" "$(pinned HELM_SHA256)" "linux-$ARCH/helm"
  if dry; then say "  link  /usr/local/bin/kubectl -> k3s"; return; fi
  [ -e "$ROOT/usr/local/bin/kubectl" ] || ln -s k3s "$ROOT/usr/local/bin/kubectl"
}

k3s_file() { if [ "$ARCH" = amd64 ]; then echo k3s; else echo "k3s-$ARCH"; fi; }
k3s_url() { echo "$K3S_URL/${K3S_VERSION/+/%2B}/$1"; }

# node_images: images of the bundle, which k3s loads when it starts.
node_images() {
  local archive target=/var/lib/rancher/k3s/agent/images
  [ -n "$BUNDLE" ] || return 0
  for archive in "$BUNDLE"/images/*; do
    [ -f "$archive" ] || continue
    if dry; then say "  copy  $(basename "$archive") to $target"; continue; fi
    mkdir -p "$ROOT$target"
    cmp -s "$archive" "$ROOT$target/$(basename "$archive")" && continue
    cp "$archive" "$ROOT$target/"; CHANGED+=("$target"); say "  wrote $target/$(basename "$archive")"
  done
}

# node_start: start or restart only when something that k3s reads changed.
node_start() {
  live || { say "  --root: nothing is started; k3s starts when this image boots"; node_enable; return; }
  if dry || changed /etc/sysctl.d/90-kubelet.conf; then run sysctl --quiet --load /etc/sysctl.d/90-kubelet.conf; fi
  if dry || changed /etc/systemd/system/k3s.service; then run systemctl daemon-reload; fi
  run systemctl enable --quiet k3s
  if dry || ! systemctl is-active --quiet k3s; then
    run systemctl start k3s
  elif changed /usr/local/bin/k3s /etc/rancher/k3s/config.yaml /etc/rancher/k3s/admission.yaml /etc/rancher/k3s/audit.yaml \
      /etc/systemd/system/k3s.service /var/lib/rancher/k3s/agent/images; then
    run systemctl restart k3s
  fi
  if dry; then say "  wait  until the node is Ready"; else until_true 180 "the node is Ready" node_ready; fi
}

node_enable() {
  local wants=/etc/systemd/system/multi-user.target.wants
  if dry; then say "  link  $wants/k3s.service"; return; fi
  mkdir -p "$ROOT$wants"
  [ -L "$ROOT$wants/k3s.service" ] || ln -s ../k3s.service "$ROOT$wants/k3s.service"
}

node_ready() { kubectl wait node --all --for=condition=Ready --timeout=10s >/dev/null 2>&1; }
