#!/bin/sh
# The benchmarks: a table of measured figure, reference measured in the same run, ratio, target.
# Arguments go to the test runner: ./bench.sh -class "*ComposeBenchmarks". Wants a quiet machine.
set -eu
cd "$(dirname "$0")"
. scripts/machine.sh

docker_pid=
RELEASE_BENCH_OUTPUT=$(mktemp)
export RELEASE_BENCH_OUTPUT

finish() {
  code=$?
  trap - EXIT INT TERM
  rm -f "$RELEASE_BENCH_OUTPUT"
  if [ -n "$docker_pid" ]; then
    say "Stopping Docker (process $docker_pid), which was started for the benchmarks"
    as_root kill "$docker_pid" 2>/dev/null || true
  fi
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

find_dotnet
if has_apt; then
  install_packages git chromium busybox-static docker-compose
  install_docker
fi
start_docker

dotnet build ReleaseDashboard.sln -c Release -v q --nologo
status=0
./ReleaseDashboard.Tests/bin/Release/net10.0/ReleaseDashboard.Tests -noLogo -noColor -reporter quiet -explicit only -parallel none \
  -namespace "ReleaseDashboard.Tests.Benchmarks" "$@" || status=$?
echo
echo "| what | measured | reference in the same run | ratio | target |"
echo "|---|---|---|---|---|"
cat "$RELEASE_BENCH_OUTPUT"
exit "$status"
