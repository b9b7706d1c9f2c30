#!/usr/bin/env bash
# Runs `winwire parity` as the action's inputs say (in variables of their names), and adds its text to the job's page.
set -euo pipefail

report=${RUNNER_TEMP:-$(mktemp -d)}/parity
mkdir -p "$report"
echo "report=$report" >>"${GITHUB_OUTPUT:-/dev/null}"

arguments=(--left "$REFERENCE" --right "$SUBJECT")
arguments+=(--html "$report/parity.html" --json "$report/parity.json" --junit "$report/parity.xml")
while IFS= read -r scenario; do
  scenario=${scenario%$'\r'}
  if [ -n "$scenario" ]; then arguments+=("--scenario=$scenario"); fi
done <<<"${SCENARIO:-}"
if [ -n "${COMPONENT:-}" ]; then arguments+=(--component "$COMPONENT"); fi
if [ -n "${KNOWN:-}" ]; then arguments+=(--known "$KNOWN"); fi
if [ -n "${FUZZ:-}" ]; then arguments+=(--fuzz "$FUZZ"); fi
if [ -n "${SEED:-}" ]; then arguments+=(--seed "$SEED"); fi

code=0
NO_COLOR=1 npx --no-install winwire parity "${arguments[@]}" >"$report/parity.txt" 2>&1 || code=$?
cat "$report/parity.txt"
{
  echo "### winwire parity: $SUBJECT and $REFERENCE"
  echo '```'
  cat "$report/parity.txt"
  echo '```'
} >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
exit "$code"
