# shellcheck shell=bash
# One file for a host without a network: k3s with its images, Helm, all charts, all images, and the checksum of each.

# images_of CHART VALUES...: every image that a release would run, one a line.
images_of() {
  local chart=$1; shift
  helm template platform "$chart" "$@" | sed -n 's/^ *-\{0,1\} *image: *"\{0,1\}\([^" ]*\)"\{0,1\} *$/\1/p' | sort -u
}

bundle() {
  local out=$1 work; work=$(mktemp -d); TEMPORARY+=("$work")
  have docker helm curl || die "making a bundle needs docker, helm and curl"
  mkdir -p "$work"/{files,charts,values,images}
  bundle_files "$work"
  bundle_charts "$work"
  bundle_images "$work"
  if dry; then say "  write $out"; return; fi
  cp "$VERSIONS" "$work/versions.env"
  (cd "$work" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$work.sums"
  mv "$work.sums" "$work/SHA256SUMS"
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$work" -cf "$out" .
  say "wrote $out ($(du -h "$out" | cut -f1)); use it with: bootstrap.sh install --bundle $(basename "$out")"
}

bundle_files() {
  local work=$1 list archive sum
  fetch "$(k3s_url "$(k3s_file)")" "$(pinned K3S_SHA256)" "$work/files/$(k3s_file)"
  fetch "$HELM_URL/helm-$HELM_VERSION-linux-$ARCH.tar.gz" "$(pinned HELM_SHA256)" "$work/files/helm-$HELM_VERSION-linux-$ARCH.tar.gz"
  archive=k3s-airgap-images-$ARCH.tar.zst
  if dry; then say "  fetch $(k3s_url "$archive") (checksum from the release's list, which must also name the pinned k3s)"; return; fi
  list=$(curl -fsSL "$(k3s_url "sha256sum-$ARCH.txt")") || die "cannot download the checksums of k3s $K3S_VERSION"
  grep -q "^$(pinned K3S_SHA256) " <<<"$list" || die "the release's list of checksums does not name the pinned k3s"
  sum=$(awk -v name="$archive" '$2 == name {print $1}' <<<"$list")
  [ -n "$sum" ] || die "the release's list of checksums does not name $archive"
  fetch "$(k3s_url "$archive")" "$sum" "$work/images/$archive"
}

bundle_charts() {
  local work=$1 name
  for name in kafka predictive-maintenance; do
    run helm package "$HERE/../../charts/$name" -d "$work/charts"
    mkdir -p "$work/values/$name"; cp "$HERE/../../charts/$name"/values-*.yaml "$work/values/$name/"
  done
  [ "$PROFILE" = embedded ] || run helm pull "$STRIMZI_CHART" --version "$STRIMZI_VERSION" -d "$work/charts"
  [ -z "$EMAIL" ] || run helm pull "$CERT_MANAGER_CHART" --version "$CERT_MANAGER_VERSION" -d "$work/charts"
  [ "$INGRESS" != nginx ] || run helm pull "$NGINX_CHART" --version "$NGINX_VERSION" -d "$work/charts"
}

bundle_images() {
  local work=$1 image images
  images=$(platform_values | images_of "$HERE/../../charts/predictive-maintenance" \
    -f "$HERE/../../charts/predictive-maintenance/values-$PROFILE.yaml" -f -)
  images+=$(printf '\n'; public_images "$work")
  while read -r image; do
    [ -n "$image" ] || continue
    if dry; then say "  image $image"; continue; fi
    docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet --platform "linux/$ARCH" "$image" >/dev/null \
      || die "cannot pull $image"
    docker save "$image" -o "$work/images/$(tr '/:@' '---' <<<"$image").tar"
    say "  image $image"
  done <<<"$images"
}

# public_images FOLDER: images that the pulled charts name; Strimzi's operator also names the Kafka images it starts.
public_images() {
  local archive
  if dry; then return; fi
  for archive in "$1"/charts/*.tgz; do
    case $(basename "$archive") in kafka-[0-9]*|predictive-maintenance-*) continue ;; esac
    helm template public "$archive" --include-crds=false | grep -oE '[a-z0-9.-]+\.[a-z]+/[a-zA-Z0-9./_-]+:[a-zA-Z0-9._-]+' || true
  done | grep -E "^[^/]+/[^:]+:" | grep -E "operator|kafka:.*-kafka-$(kafka_version)\$|cert-manager|nginx" | sort -u || true
}

kafka_version() { sed -n 's/^  version: *//p' "$HERE/../../charts/kafka/values.yaml" | head -1; }
