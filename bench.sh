#!/usr/bin/env bash
# The benchmarks: a table of measured figure, reference measured in the same run, ratio, target.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

need() { # command, Debian package
  command -v "$1" >/dev/null 2>&1 && return
  echo "Installing $2 (for $1)"
  apt-get install -y -q "$2" >/dev/null || { apt-get update -q >/dev/null && apt-get install -y -q "$2" >/dev/null; }
}
need dockerd docker.io
need docker-compose docker-compose
need chromium chromium
need busybox busybox-static

if ! docker version >/dev/null 2>&1; then
  echo "Starting Docker"
  dockerd >/dev/null 2>&1 &
  daemon=$!
  trap 'kill $daemon 2>/dev/null || true' EXIT
  for _ in $(seq 100); do docker version >/dev/null 2>&1 && break; sleep 0.2; done
fi

dotnet build -c Release -v q --nologo
RELEASE_BENCH_OUTPUT="$(mktemp)"
export RELEASE_BENCH_OUTPUT
status=0
./ReleaseDashboard.Tests/bin/Release/net10.0/ReleaseDashboard.Tests -explicit only -namespace "ReleaseDashboard.Tests.Benchmarks" -parallel none || status=$?
echo
echo "| what | measured | reference in the same run | ratio | target |"
echo "|---|---|---|---|---|"
cat "$RELEASE_BENCH_OUTPUT"
rm -f "$RELEASE_BENCH_OUTPUT"
exit $status
