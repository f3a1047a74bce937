#!/bin/sh
# Installs what the tests need, builds, and runs every test. Exit code 0 only if none failed; a skipped one says why.
# The last line is "N passed, N failed, N skipped". Arguments go to the test runner: ./test.sh -namespace "ReleaseDashboard.Tests.Git*"
set -eu
cd "$(dirname "$0")"
. scripts/machine.sh

passed=0 failed=1 skipped=0 docker_pid=
results=artifacts/test-results/results.xml
runner=

finish() {
  code=$?
  trap - EXIT INT TERM
  if [ -n "$runner" ]; then kill "$runner" 2>/dev/null || true; fi
  if [ -n "$docker_pid" ]; then
    say "Stopping Docker (process $docker_pid), which was started for the tests"
    as_root kill "$docker_pid" 2>/dev/null || true
  fi
  if [ "$code" = 0 ] && { [ "$failed" != 0 ] || [ "$passed" = 0 ]; }; then code=1; fi
  printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

find_dotnet
if has_apt; then
  install_packages git chromium busybox-static ca-certificates iproute2 curl
  install_docker
else
  for command in git docker chromium busybox; do
    command -v "$command" >/dev/null 2>&1 || say "$command is missing; the tests that need it will fail."
  done
fi
start_docker
samples/base/make-base.sh

say "Building"
dotnet build ReleaseDashboard.sln -v q --nologo

say "Testing"
mkdir -p "$(dirname "$results")"
rm -f "$results"
status=0
# In the background, so that a signal to this script is acted on at once.
./ReleaseDashboard.Tests/bin/Debug/net10.0/ReleaseDashboard.Tests -noLogo -noColor -reporter quiet -result-xml "$results" "$@" &
runner=$!
wait "$runner" || status=$?
runner=

# The counts come from the runner's own report; without one it has crashed.
if [ -f "$results" ]; then
  count() { sed -n 's/.*<assembly [^>]*[ "]'"$1"'="\([0-9]*\)".*/\1/p' "$results" | head -n 1; }
  passed=$(count passed) failed=$(count failed) skipped=$(count skipped)
  errors=$(count errors)
  failed=$((${failed:-1} + ${errors:-0}))
  passed=${passed:-0} skipped=${skipped:-0}
fi
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
  say "The test runner ended with exit code $status although no test failed."
  failed=1
fi
exit "$status"
