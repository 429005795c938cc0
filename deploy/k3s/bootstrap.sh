#!/usr/bin/env bash
# From an empty Linux host to a running platform on k3s. Every command may run again: what is right is left alone.
set -euo pipefail
HERE=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
# shellcheck source=lib/common.sh
. "$HERE/lib/common.sh"
# shellcheck source=lib/fetch.sh
. "$HERE/lib/fetch.sh"
# shellcheck source=lib/node.sh
. "$HERE/lib/node.sh"
# shellcheck source=lib/platform.sh
. "$HERE/lib/platform.sh"
# shellcheck source=lib/verify.sh
. "$HERE/lib/verify.sh"
# shellcheck source=lib/bundle.sh
. "$HERE/lib/bundle.sh"
# shellcheck source=lib/removal.sh
. "$HERE/lib/removal.sh"

usage() {
  cat <<'TEXT'
usage: bootstrap.sh COMMAND [OPTIONS]

  install            make this host a k3s node and install the platform on it
  platform           install only the platform, on the cluster of KUBECONFIG
  verify             ask for a judgement, send a reading, find its assessment
  upgrade            go to the versions of this checkout or bundle: snapshot, k3s, definitions, charts, verify
  uninstall          remove the platform and k3s; data stays (--purge-data removes it)
  bundle FILE        make the archive with which `install --bundle FILE` needs no network

  --host NAME        name under which browsers reach the platform (default: the host's address, as <address>.sslip.io)
  --profile NAME     single-node: Kafka and PostgreSQL, 8 GiB (default); embedded: one pod, 2 GiB
  --ingress NAME     traefik (default) or nginx, the F5 NGINX controller
  --tls-email EMAIL  certificates of Let's Encrypt for --host, through cert-manager
  --registry PREFIX  where the images pm-* are, such as ghcr.io/example (default: versions.env)
  --tag TAG          their tag (default: versions.env)
  --namespace NAME   namespace of the platform (default: predictive-maintenance)
  --url URL          verify: ask this address instead of the ingress of this node
  --bundle FILE      take every download from this bundle
  --versions FILE    read versions and checksums from this file (default: versions.env beside this script)
  --root DIR         place files under DIR and start nothing, to prepare a machine image
  --purge-data       uninstall: also remove all data
  --dry-run          print what would be done, change nothing
TEXT
}

COMMAND=${1:-}; [ $# -eq 0 ] || shift
STATE=/etc/predictive-maintenance
VERSIONS=$HERE/versions.env
DRY_RUN=no ROOT='' BUNDLE='' PURGE=no URL='' OUT='' TOUCH_NODE=no
declare -A SAID=()
CHANGED=() TEMPORARY=() PROCESSES=()

option() { # NAME VALUE: an option that later runs remember
  case $1 in
    host) [[ $2 =~ ^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]] || die "--host is no host name: $2" ;;
    profile) [[ $2 =~ ^(single-node|embedded)$ ]] || die "--profile is single-node or embedded, not $2" ;;
    ingress) [[ $2 =~ ^(traefik|nginx)$ ]] || die "--ingress is traefik or nginx, not $2" ;;
    tls-email) [[ $2 =~ ^[^[:space:]@]+@[^[:space:]@]+$ ]] || die "--tls-email is no address: $2" ;;
    registry) [[ $2 =~ ^[A-Za-z0-9][A-Za-z0-9./_:-]*$ ]] || die "--registry is no registry: $2" ;;
    tag) [[ $2 =~ ^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$ ]] || die "--tag is no tag: $2" ;;
    namespace) [[ $2 =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]] || die "--namespace is no namespace: $2" ;;
  esac
  SAID[$1]=$2
}

parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      --host|--profile|--ingress|--tls-email|--registry|--tag|--namespace|--url|--bundle|--versions|--root)
        [ -n "${2:-}" ] || die "$1 needs a value"
        case $1 in
          --url) URL=${2%/} ;;
          --bundle) BUNDLE=$(readlink -f "$2") || die "no such bundle: $2" ;;
          --versions) VERSIONS=$(readlink -f "$2") || die "no such file: $2" ;;
          --root) [ -d "$2" ] || die "no such folder: $2"; ROOT=$(readlink -f "$2"); ROOT=${ROOT%/} ;;
          *) option "${1#--}" "$2" ;;
        esac
        shift 2 ;;
      --purge-data) PURGE=yes; shift ;;
      --dry-run) DRY_RUN=yes; shift ;;
      -*) die "unknown option $1; see bootstrap.sh help" ;;
      *) [ "$COMMAND$OUT" = bundle ] || die "unknown argument $1"; OUT=$1; shift ;;
    esac
  done
}

# settle: what was said now, else what an earlier run remembered, else the defaults.
settle() {
  local name value remembered=$ROOT$STATE/options
  # shellcheck source=versions.env
  . "$VERSIONS"
  if [ -f "$remembered" ]; then
    while IFS='=' read -r name value; do
      [ -z "$value" ] || [ -n "${SAID[$name]+said}" ] || option "$name" "$value"
    done <"$remembered"
  fi
  ARCH=$(architecture)
  PROFILE=${SAID[profile]:-single-node} INGRESS=${SAID[ingress]:-traefik} EMAIL=${SAID[tls-email]:-}
  NAMESPACE=${SAID[namespace]:-predictive-maintenance} HOST=${SAID[host]:-$(default_host)}
  PM_REGISTRY=${SAID[registry]:-$PM_REGISTRY} PM_TAG=${SAID[tag]:-$PM_TAG}
  [ -z "$EMAIL" ] || [ -n "${SAID[host]:-}" ] || die "--tls-email needs --host, a name that leads to this host"
  export KUBECONFIG=${KUBECONFIG:-/etc/rancher/k3s/k3s.yaml}
  [ "$TOUCH_NODE" = no ] || export KUBECONFIG=/etc/rancher/k3s/k3s.yaml PATH=/usr/local/bin:$PATH
}

default_host() {
  local address
  address=$(ip -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \([0-9.]*\).*/\1/p' | head -1)
  echo "${address:-127.0.0.1}.sslip.io"
}

remember() {
  local name
  for name in host profile ingress tls-email registry tag namespace; do
    case $name in
      host) echo "host=$HOST" ;; profile) echo "profile=$PROFILE" ;; ingress) echo "ingress=$INGRESS" ;;
      tls-email) echo "tls-email=$EMAIL" ;; namespace) echo "namespace=$NAMESPACE" ;;
      registry) echo "registry=${SAID[registry]:-}" ;; tag) echo "tag=${SAID[tag]:-}" ;;
    esac
  done | write_file "$STATE/options" 0600
}

images_known() {
  [ -n "$PM_REGISTRY" ] || die "where are the images? Name their registry: --registry ghcr.io/example, or PM_REGISTRY in $VERSIONS"
}

node_install() {
  say "== host"; preflight
  say "== k3s $K3S_VERSION, Helm $HELM_VERSION"
  remember; node_configuration; node_programs; node_images; node_start
}

snapshot() {
  if [ "$PROFILE" = embedded ]; then return; fi
  run k3s etcd-snapshot save --name before-upgrade
}

clean_up() {
  local each
  for each in "${PROCESSES[@]}"; do kill "$each" 2>/dev/null || true; done
  for each in "${TEMPORARY[@]}"; do rm -rf "$each"; done
}
trap clean_up EXIT

case $COMMAND in
  install|upgrade|uninstall) TOUCH_NODE=yes ;;
  platform|verify|bundle) ;;
  help|--help|-h) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac
parse "$@"
settle
! dry || say "dry run of $COMMAND: nothing is changed"
open_bundle
case $COMMAND in
  install)
    images_known; node_install
    if live; then say "== platform $PM_TAG ($PROFILE) at $HOST"; platform_install; say "== check"; verify; fi ;;
  platform)
    images_known; have kubectl helm || die "kubectl and helm are needed"
    remember; say "== platform $PM_TAG ($PROFILE) at $HOST"; platform_install; say "== check"; verify ;;
  verify) verify ;;
  upgrade)
    images_known; dry || [ -f "$ROOT$STATE/options" ] || die "nothing is installed here that could be upgraded"
    say "== snapshot"; snapshot; node_install; say "== platform"; platform_install; say "== check"; verify ;;
  uninstall)
    if live && { dry || [ -x /usr/local/bin/k3s ]; }; then say "== platform"; uninstall_platform; fi
    say "== host"; uninstall_node ;;
  bundle)
    [ -n "$OUT" ] || die "bundle needs the name of the file to write"
    images_known; bundle "$OUT" ;;
esac
