#!/usr/bin/env bash
# Upgrades the host of this module through SSM and waits for the outcome. Reads INSTANCE_ID, RELEASE_URL, RELEASE_SHA256.
set -euo pipefail
die() { echo "upgrade: $*" >&2; exit 2; }
[[ ${INSTANCE_ID:-} =~ ^i-[0-9a-f]{8,17}$ ]] || die "INSTANCE_ID is no instance"
[[ ${RELEASE_URL:-} =~ ^https://[^[:space:]\'\"\;\&\|\$\`]+\.tar\.gz$ ]] || die "RELEASE_URL is no address of a release archive"
[[ ${RELEASE_SHA256:-} =~ ^[0-9a-f]{64}$ ]] || die "RELEASE_SHA256 is no SHA-256"

# The values are safe words by the checks above, and go to the host's own script as an environment.
command="sudo RELEASE_URL='$RELEASE_URL' RELEASE_SHA256=$RELEASE_SHA256 /usr/local/sbin/first-boot.sh /etc/predictive-maintenance/first-boot.env upgrade"
id=$(aws ssm send-command --instance-ids "$INSTANCE_ID" --document-name AWS-RunShellScript --timeout-seconds 600 \
  --comment "upgrade predictive-maintenance" --parameters "$(printf '{"commands": ["%s"], "executionTimeout": ["2400"]}' "$command")" \
  --query Command.CommandId --output text)
echo "command $id on $INSTANCE_ID"
while :; do
  status=$(aws ssm get-command-invocation --command-id "$id" --instance-id "$INSTANCE_ID" --query Status --output text 2>/dev/null || echo Pending)
  case $status in
    Pending|InProgress|Delayed) sleep 10 ;;
    *) break ;;
  esac
done
aws ssm get-command-invocation --command-id "$id" --instance-id "$INSTANCE_ID" --query '[StandardOutputContent, StandardErrorContent]' --output text
[ "$status" = Success ] || die "the host says $status"
