# shellcheck shell=bash
# Downloads that are trusted only after their checksum agreed; a bundle stands in for the network.

# check_sum NAME FILE SHA256: refuse a file that is not the pinned one.
check_sum() {
  local found; found=$(sha256sum "$2"); found=${found%% *}
  [ "$found" = "$3" ] || die "wrong checksum of $1: expected $3, found $found; nothing of it was used"
}

# fetch URL SHA256 FILE: the file, from the bundle when there is one, else over the network.
fetch() {
  local url=$1 sum=$2 file=$3 name; name=$(basename "$url")
  if dry; then printf '  fetch %s\n        sha256 %s\n' "${BUNDLE:+$BUNDLE/files/$name from }$url" "$sum"; return; fi
  if [ -n "$BUNDLE" ]; then
    [ -f "$BUNDLE/files/$name" ] || die "the bundle has no files/$name"
    cp "$BUNDLE/files/$name" "$file"
  else
    curl --fail --silent --show-error --location --retry 5 --retry-connrefused --output "$file" "$url" \
      || die "cannot download $url"
  fi
  check_sum "$name" "$file" "$sum"
}

# install_binary NAME VERSION URL SHA256 [MEMBER]: put a program into /usr/local/bin, once for each checksum.
# With MEMBER it is that file of a .tar.gz archive. The stamp beside it names the checksum that was installed.
install_binary() {
  local name=$1 version=$2 url=$3 sum=$4 member=${5:-} work
  local target=$ROOT/usr/local/bin/$name stamp=$ROOT$STATE/$name.sha256
  if [ -x "$target" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$sum $(binary_sum "$target")" ]; then
    say "  same  /usr/local/bin/$name ($version)"; return
  fi
  if dry; then fetch "$url" "$sum" ""; say "  write /usr/local/bin/$name ($version)"; return; fi
  work=$(mktemp -d); TEMPORARY+=("$work")
  fetch "$url" "$sum" "$work/download"
  if [ -n "$member" ]; then tar -xzf "$work/download" -C "$work" "$member"; else member=download; fi
  mkdir -p "$(dirname "$target")" "$(dirname "$stamp")"
  install -m 0755 "$work/$member" "$target.new"
  mv -f "$target.new" "$target"
  echo "$sum $(binary_sum "$target")" >"$stamp"
  CHANGED+=("/usr/local/bin/$name"); say "  wrote /usr/local/bin/$name ($version)"
}

binary_sum() { sha256sum "$1" | cut -d' ' -f1; }

# open_bundle: unpack a bundle archive and check every file in it.
open_bundle() {
  [ -n "$BUNDLE" ] || return 0
  if [ -f "$BUNDLE" ]; then
    local work; work=$(mktemp -d); TEMPORARY+=("$work")
    tar -xf "$BUNDLE" -C "$work"; BUNDLE=$work
  fi
  [ -f "$BUNDLE/SHA256SUMS" ] || die "$BUNDLE is no bundle: it has no SHA256SUMS"
  (cd "$BUNDLE" && sha256sum --quiet --strict --check SHA256SUMS) || die "the bundle is damaged; nothing of it was used"
  say "bundle: every checksum agrees"
}
