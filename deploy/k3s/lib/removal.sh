# shellcheck shell=bash
# Taking everything away again. Data stays unless --purge-data is said.

uninstall_platform() {
  run helm uninstall platform -n "$NAMESPACE" --wait --ignore-not-found
  if [ "$PROFILE" != embedded ]; then
    # The topics go while the operator still works, else their finalizers hold the namespace.
    run helm uninstall kafka -n "$NAMESPACE" --wait --ignore-not-found
    run helm uninstall strimzi -n strimzi --wait --ignore-not-found
  fi
  [ -z "$EMAIL" ] || run helm uninstall cert-manager -n cert-manager --wait --ignore-not-found
  [ "$INGRESS" != nginx ] || run helm uninstall nginx-ingress -n nginx-ingress --wait --ignore-not-found
  [ "$PURGE" = no ] || run kubectl delete namespace "$NAMESPACE" --ignore-not-found --timeout=180s
}

uninstall_node() {
  if live; then
    run systemctl disable --quiet --now k3s
    end_containers
  fi
  remove /etc/systemd/system/multi-user.target.wants/k3s.service /etc/systemd/system/k3s.service /etc/sysctl.d/90-kubelet.conf
  [ -n "$ROOT" ] || run systemctl daemon-reload
  if dry || [ "$(readlink "$ROOT/usr/local/bin/kubectl")" = k3s ]; then remove /usr/local/bin/kubectl; fi
  remove /usr/local/bin/helm /usr/local/bin/k3s /etc/rancher /etc/cni /var/lib/kubelet /run/k3s /run/flannel "$STATE"
  if [ "$PURGE" = yes ]; then
    empty_folder /var/lib/rancher
  elif [ -d "$ROOT/var/lib/rancher" ] || dry; then
    say "kept: /var/lib/rancher with all data; --purge-data removes it"
  fi
}

# end_containers: what outlives k3s on purpose (KillMode=process): the shims, their mounts, the interfaces and rules.
end_containers() {
  local pid mount link
  if dry; then
    say "  end   every containerd-shim of k3s with its containers"
    say "  unmount /run/k3s, /var/lib/kubelet/pods, /run/netns/cni-*; delete cni0, flannel.1; drop KUBE-, CNI- and flannel rules"
    return
  fi
  for pid in $(pgrep -f '/var/lib/rancher/k3s/data/.*/bin/containerd-shim' || true); do
    # shellcheck disable=SC2046  # each child is one word
    kill -KILL $(pgrep -P "$pid" || true) "$pid" 2>/dev/null || true
  done
  awk '{print $2}' /proc/self/mounts | grep -E '^(/run/k3s|/var/lib/kubelet/pods|/run/netns/cni-)' | sort -r \
    | while read -r mount; do umount -f "$mount" 2>/dev/null || umount -l "$mount"; done
  for link in cni0 flannel.1 flannel-v6.1; do ip link delete "$link" 2>/dev/null || true; done
  local tables; for tables in iptables ip6tables; do
    have "$tables-save" || continue
    "$tables-save" | grep -vE 'KUBE-|CNI-|flannel' | "$tables-restore"
  done
}

# empty_folder PATH: remove what is inside; the folder itself may be where a volume is mounted.
empty_folder() {
  if dry; then say "  empty $1"; return; fi
  [ -d "$ROOT$1" ] || return 0
  find "$ROOT$1" -mindepth 1 -delete
  rmdir "$ROOT$1" 2>/dev/null || true
  say "  emptied $1"
}
