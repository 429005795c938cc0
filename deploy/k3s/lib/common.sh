# shellcheck shell=bash
# Words, dry runs, and files that are written only when they differ. Sourced by bootstrap.sh.

say() { printf '%s\n' "$*"; }
die() { printf 'bootstrap: %s\n' "$*" >&2; exit 1; }
dry() { [ "$DRY_RUN" = yes ]; }
# Under --root an image is prepared: files are placed, nothing is started.
live() { [ -z "$ROOT" ]; }

# run COMMAND...: run it, or print it in a dry run.
run() {
  if dry; then printf '  run   %s\n' "$(printf '%q ' "$@")"; else "$@"; fi
}

# have COMMAND...: whether all of these programs are there.
have() { local c; for c in "$@"; do command -v "$c" >/dev/null 2>&1 || return 1; done; }

# write_file PATH MODE < CONTENT: replace the file at once, and only when its content or mode differs.
write_file() {
  local path=$ROOT$1 mode=$2 new
  if dry; then cat >/dev/null; printf '  write %s (mode %s)\n' "$1" "$mode"; return; fi
  mkdir -p "$(dirname "$path")"
  new=$(mktemp "$path.XXXXXX")
  cat >"$new"; chmod "$mode" "$new"
  if cmp -s "$new" "$path" && [ "$(stat -c %a "$path")" = "$(stat -c %a "$new")" ]; then
    rm -f "$new"; say "  same  $1"
  else
    mv -f "$new" "$path"; CHANGED+=("$1"); say "  wrote $1"
  fi
}

# changed PATH...: whether this run wrote one of these files.
changed() {
  local wanted written
  for wanted in "$@"; do for written in "${CHANGED[@]}"; do [ "$wanted" != "$written" ] || return 0; done; done
  return 1
}

# remove PATH...: remove files and folders, printing each that was there.
remove() {
  local path
  for path in "$@"; do
    if dry; then printf '  remove %s\n' "$path"; continue; fi
    [ -e "$ROOT$path" ] || [ -L "$ROOT$path" ] || continue
    rm -rf -- "$ROOT$path"
    say "  removed $path"
  done
}

# until_true SECONDS WHAT COMMAND...: ask again each second until it succeeds.
until_true() {
  local deadline=$((SECONDS + $1)) what=$2; shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || die "not in time: $what"
    sleep 1
  done
}

architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) die "no pinned release for this processor: $(uname -m)" ;;
  esac
}

# pinned NAME: the value of NAME_<architecture> in the versions file.
pinned() { local name=$1_$ARCH; [ -n "${!name:-}" ] || die "$VERSIONS names no $name"; echo "${!name}"; }
