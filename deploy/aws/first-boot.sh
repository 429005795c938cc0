#!/usr/bin/env bash
# first-boot.sh SETTINGS [upgrade]: mount the data volume, fetch the release, check it, hand over to its bootstrap.
# May run again. RELEASE_URL and RELEASE_SHA256 of the environment replace those of the settings, for an upgrade.
set -euo pipefail
wanted_url=${RELEASE_URL:-} wanted_sha256=${RELEASE_SHA256:-}
# shellcheck source=/dev/null
. "$1"
RELEASE_URL=${wanted_url:-$RELEASE_URL} RELEASE_SHA256=${wanted_sha256:-$RELEASE_SHA256}
FOLDER=${FOLDER:-/opt/predictive-maintenance}

# The volume is attached while the host boots, and formatted only when nothing is on it.
mount_data() {
  local deadline=$((SECONDS + 300))
  until [ -b "$DATA_DEVICE" ]; do
    [ "$SECONDS" -lt "$deadline" ] || { echo "first-boot: no volume $DATA_DEVICE within 300 s" >&2; exit 1; }
    sleep 1
  done
  blkid "$DATA_DEVICE" >/dev/null || mkfs.ext4 -q -L pm-data "$DATA_DEVICE"
  mkdir -p /var/lib/rancher
  grep -q ' /var/lib/rancher ' /etc/fstab \
    || echo "UUID=$(blkid -s UUID -o value "$DATA_DEVICE") /var/lib/rancher ext4 defaults,nofail,noatime 0 2" >>/etc/fstab
  mountpoint -q /var/lib/rancher || mount /var/lib/rancher
}

fetch_release() {
  local archive; archive=$(mktemp)
  curl --fail --silent --show-error --location --retry 10 --retry-delay 3 --retry-all-errors -o "$archive" "$RELEASE_URL"
  echo "$RELEASE_SHA256  $archive" | sha256sum --status --check \
    || { rm -f "$archive"; echo "first-boot: the release has another checksum than $RELEASE_SHA256; nothing of it was used" >&2; exit 1; }
  mkdir -p "$FOLDER"
  tar -xzf "$archive" -C "$FOLDER" --strip-components=1
  rm -f "$archive"
}

[ -z "${DATA_DEVICE:-}" ] || mount_data
fetch_release
# shellcheck disable=SC2086  # options are separate words
"$FOLDER/deploy/k3s/bootstrap.sh" "${2:-install}" $OPTIONS
