#!/usr/bin/env bash
# One file with everything the gateway stores: machines, history, alarms, verdicts, every version of every policy.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: backup.sh backup FILE WHERE      write a backup; FILE is whole or not there
       backup.sh restore FILE WHERE     put it back into an empty database; --replace empties it first
       backup.sh policies FILE WHERE    write the policies in force as JSON, to read and to keep in a repository

WHERE  --url URL                 postgresql://user@host/database; PGPASSWORD or ~/.pgpass has the password
       --compose                 the database of compose.yaml in this folder
       --kubernetes NAMESPACE    the trial database of the release `platform` (--release NAME for another)

Restoring needs the gateway stopped, or what it writes meanwhile is lost. What readings came after the backup lies on
Kafka: docs/operations.md says how to have the gateway read it again.
TEXT
}
die() { echo "backup: $*" >&2; exit 1; }

COMMAND=${1:-} FILE=${2:-} KIND='' TARGET='' RELEASE=platform REPLACE=no
case $COMMAND in
  backup|restore|policies) case $FILE in ''|-*) die "$COMMAND needs a file" ;; esac; shift 2 ;;
  help|-h|--help) usage; exit 0 ;;
  *) usage >&2; exit 2 ;;
esac
while [ $# -gt 0 ]; do
  case $1 in
    --url) KIND=url TARGET=${2:-}; [ -n "$TARGET" ] || die "--url needs an address"; shift 2 ;;
    --kubernetes) KIND=kubernetes TARGET=${2:-}; [ -n "$TARGET" ] || die "--kubernetes needs a namespace"; shift 2 ;;
    --release) RELEASE=${2:-}; [ -n "$RELEASE" ] || die "--release needs a name"; shift 2 ;;
    --compose) KIND=compose; shift ;;
    --replace) REPLACE=yes; shift ;;
    *) die "unknown word $1" ;;
  esac
done
[ -n "$KIND" ] || die "where? --url, --compose or --kubernetes"

# pg PROGRAM ARGUMENTS...: a PostgreSQL program beside the database, so that its version is the server's.
pg() {
  local program=$1; shift
  case $KIND in
    url) "$program" --dbname="$TARGET" "$@" ;;
    compose) docker compose exec -T database "$program" -U platform --dbname=platform "$@" ;;
    kubernetes) # the trial database trusts its own socket; user and name are the chart's
      kubectl -n "$TARGET" exec -i "statefulset/$(statefulset)" -- "$program" -U gateway --dbname=gateway "$@" ;;
  esac
}

statefulset() {
  kubectl -n "$TARGET" get statefulset -l "app.kubernetes.io/instance=$RELEASE,app.kubernetes.io/component=database" \
    -o 'jsonpath={.items[0].metadata.name}' || die "release $RELEASE has no database of its own in namespace $TARGET"
}

ask() { pg psql --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@"; }

# write COMMAND...: its output becomes FILE when it succeeds.
write() {
  local part; part=$(mktemp "$FILE.XXXXXX")
  # shellcheck disable=SC2064  # the name of now
  trap "rm -f '$part'" EXIT
  "$@" >"$part" || die "nothing was written to $FILE"
  [ -s "$part" ] || die "the database gave nothing"
  mv "$part" "$FILE"
}

dump() { pg pg_dump --format=custom --no-owner --no-privileges --schema=public; }

# restore_script: SQL that empties the schema and fills it again, for one transaction.
restore_script() {
  echo 'DROP SCHEMA public CASCADE; CREATE SCHEMA public;'
  pg_restore --no-owner --no-privileges --file=- "$FILE" | grep -v '^CREATE SCHEMA public;$'
}

case $COMMAND in
  backup)
    write dump
    [ "$(head -c 5 "$FILE")" = PGDMP ] || die "$FILE is no backup"
    echo "wrote $FILE: $(ask -c 'SELECT count(*) FROM machines') machines, $(ask -c 'SELECT count(*) FROM assessments') assessments, $(ask -c 'SELECT count(*) FROM alarms') alarms, $(du -h "$FILE" | cut -f1)" ;;
  policies)
    write ask -c "SELECT coalesce(jsonb_pretty(jsonb_agg(jsonb_build_object('equipment', equipment, 'version', version,
      'digest', digest, 'author', author, 'reason', reason, 'policy', convert_from(document, 'UTF8')::jsonb)
      ORDER BY equipment)), '[]') FROM policies AS p
      WHERE version = (SELECT max(version) FROM policies WHERE equipment = p.equipment)"
    echo "wrote $FILE" ;;
  restore)
    [ "$(head -c 5 "$FILE" 2>/dev/null)" = PGDMP ] || die "$FILE is no backup"
    command -v pg_restore >/dev/null || die "pg_restore is needed on this host (Debian: postgresql-client)"
    pg_restore --list "$FILE" >/dev/null || die "$FILE is damaged"
    tables=$(ask -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    [ "$tables" -eq 0 ] || [ "$REPLACE" = yes ] || die "the database has $tables tables; --replace empties it first"
    # All or nothing: a damaged file leaves the database as it was.
    restore_script | ask --single-transaction -f - >/dev/null
    ask -c ANALYZE
    echo "restored $(ask -c 'SELECT count(*) FROM machines') machines, $(ask -c 'SELECT count(*) FROM assessments') assessments, $(ask -c 'SELECT count(*) FROM alarms') alarms" ;;
esac
