#!/bin/sh
# Sets everything up, builds, and starts the dashboard at http://localhost:5080. Asks nothing. Ctrl-C stops it.
# ASPNETCORE_URLS and Release__… (see appsettings.sample.json) are respected.
set -eu
cd "$(dirname "$0")"
. scripts/machine.sh

find_dotnet
if has_apt; then
  install_packages git
  install_docker
elif ! command -v git >/dev/null 2>&1 || ! command -v docker >/dev/null 2>&1; then
  command -v git >/dev/null 2>&1 || say "git is missing. Install it from https://git-scm.com/downloads." >&2
  command -v docker >/dev/null 2>&1 || say "Docker is missing. Install Docker Desktop (macOS, Windows) or your distribution's Docker package, and start it." >&2
  exit 1
fi

if [ -n "${Release__Docker__Endpoint:-}" ]; then
  DOCKER_HOST=$Release__Docker__Endpoint
  export DOCKER_HOST
fi
if has_apt; then
  start_docker
elif ! docker_answers; then
  say "No Docker engine answers. Start Docker Desktop, or the Docker service of your system, and run this script again." >&2
  exit 1
fi
if [ -n "${docker_pid:-}" ]; then say "Docker (process $docker_pid) keeps running when the dashboard stops: environments live on in it."; fi

if [ "${Release__SeedSample:-true}" != false ]; then
  samples/base/make-base.sh || say "The sample application cannot be built until its base image is there; the dashboard starts all the same." >&2
fi

# Builds when the sources are not exactly those of the last build that succeeded: every file's name, size and checksum. They are taken before the
# build, so that what changes while it runs is built the next time.
sources() {
  for part in ReleaseDashboard ReleaseDashboard.Core wwwroot-assets samples/visits Directory.Build.props Directory.Packages.props .editorconfig BannedSymbols.txt global.json; do
    [ ! -e "$part" ] || find "$part" \( -name bin -o -name obj -o -path ReleaseDashboard/wwwroot -o -name __pycache__ \) -prune -o -type f -exec cksum {} +
  done
}
output=ReleaseDashboard/bin/Release/net10.0
stamp=$output/.built
present=$(sources | LC_ALL=C sort)
if [ ! -f "$stamp" ] || [ "$present" != "$(cat "$stamp")" ]; then
  say "Building"
  rm -f "$stamp"
  dotnet build ReleaseDashboard -c Release -v q --nologo
  printf '%s\n' "$present" >"$stamp"
fi

say "Starting the dashboard. Ctrl-C stops it; environments keep running."
exec dotnet "$output/ReleaseDashboard.dll" "$@"
