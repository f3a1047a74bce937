# What run.sh and test.sh need of a machine: the .NET SDK, Debian packages, a Docker engine, the sample's base image.
# Sourced by sh; every function says what it changes before it does. Functions return 1 after having said what is missing.

say() { printf '%s\n' "$*"; }

# Runs a command as root, with sudo where needed.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; return; fi
  if command -v sudo >/dev/null 2>&1; then sudo "$@"; return; fi
  say "This step needs root: $*" >&2
  say "Run this script as root, or install sudo." >&2
  return 1
}

# Puts a .NET 10 SDK on the PATH: also one that sudo or a fresh shell does not see.
find_dotnet() {
  owner_home=$HOME
  if [ -n "${SUDO_USER:-}" ]; then owner_home=$(getent passwd "$SUDO_USER" 2>/dev/null | cut -d: -f6); fi
  for dotnet in "$(command -v dotnet 2>/dev/null || true)" "${DOTNET_ROOT:-}/dotnet" "$HOME/.dotnet/dotnet" "$owner_home/.dotnet/dotnet" \
    /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/local/share/dotnet/dotnet /opt/dotnet/dotnet; do
    if [ -x "$dotnet" ] && "$dotnet" --list-sdks 2>/dev/null | grep -q '^10\.'; then
      if [ "$(command -v dotnet 2>/dev/null || true)" != "$dotnet" ]; then
        DOTNET_ROOT=$(dirname "$dotnet")
        PATH=$DOTNET_ROOT:$PATH
        export DOTNET_ROOT PATH
      fi
      export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
      return 0
    fi
  done
  say "The .NET 10 SDK is missing. Get it in one of these ways, then run this script again:" >&2
  say "  Ubuntu         sudo apt-get install dotnet-sdk-10.0" >&2
  say "  Debian         add Microsoft's package source (https://learn.microsoft.com/dotnet/core/install/linux-debian), then: sudo apt-get install dotnet-sdk-10.0" >&2
  say "  any Linux      https://dot.net/v1/dotnet-install.sh, started with: --channel 10.0" >&2
  say "  macOS, Windows https://dotnet.microsoft.com/download/dotnet/10.0" >&2
  return 1
}

has_apt() { command -v apt-get >/dev/null 2>&1; }

# install_packages <package>...: does nothing for those that are installed.
install_packages() {
  missing=
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  say "Installing Debian packages:$missing"
  # shellcheck disable=SC2086 # a list of words
  if apt_quietly install -y --no-install-recommends $missing; then return 0; fi
  say "Reading the package lists first."
  # shellcheck disable=SC2086
  if apt_quietly update && apt_quietly install -y --no-install-recommends $missing; then return 0; fi
  cat "${apt_log:-/dev/null}" >&2
  say "The packages could not be installed:$missing" >&2
  return 1
}

apt_quietly() {
  apt_log=${apt_log:-$(mktemp)}
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@" >"$apt_log" 2>&1
}

docker_answers() { command -v docker >/dev/null 2>&1 && docker version >/dev/null 2>&1; }

# install_docker: the engine and its command. Debian 13 has the command in a package of its own.
install_docker() {
  if command -v docker >/dev/null 2>&1 && command -v dockerd >/dev/null 2>&1; then return 0; fi
  install_packages docker.io || return 1
  if ! command -v docker >/dev/null 2>&1; then install_packages docker-cli || return 1; fi
  # Installed where iptables is only recommended, the engine would not come up.
  if ! command -v iptables >/dev/null 2>&1; then install_packages iptables || return 1; fi
}

# start_docker: when no engine answers. Sets docker_pid when it started one itself, outside of a service manager.
start_docker() {
  docker_pid=
  if docker_answers; then return 0; fi
  if [ -n "${DOCKER_HOST:-}" ]; then
    say "No Docker engine answers at DOCKER_HOST ($DOCKER_HOST). Start it, or unset DOCKER_HOST to use this machine's own." >&2
    return 1
  fi
  if [ "$(id -u)" != 0 ] && [ -S /var/run/docker.sock ] && [ ! -w /var/run/docker.sock ]; then
    say "Docker is there, but $(id -un) may not use it. Either: sudo usermod -aG docker $(id -un) and sign in again, or start this script with sudo." >&2
    return 1
  fi
  if [ -d /run/systemd/system ]; then
    say "Starting Docker (systemctl start docker)"
    as_root systemctl start docker || return 1
    wait_for_docker && return 0
    say "Docker does not answer. See: journalctl -u docker" >&2
    return 1
  fi
  say "Starting Docker (dockerd, log in /var/log/dockerd.log)"
  launch_dockerd && return 0
  if as_root grep -qi iptables /var/log/dockerd.log; then
    say "Starting Docker again without iptables: this machine's kernel does not allow it, so containers have no way out to the network."
    launch_dockerd --iptables=false --ip6tables=false && return 0
  fi
  as_root tail -n 20 /var/log/dockerd.log >&2
  say "Docker could not be started; the lines above say why." >&2
  return 1
}

# A session of its own, so that Ctrl-C in this terminal does not reach it.
launch_dockerd() {
  # BuildKit cuts the log of a step at 200 KiB a second unless told otherwise; every line of a build is wanted. The largest number it reads,
  # because -1 means "no limit" to newer versions only: the BuildKit of Docker 20.10 then drops every line.
  # shellcheck disable=SC2016 # expanded by the inner shell
  docker_pid=$(as_root setsid --wait env BUILDKIT_STEP_LOG_MAX_SIZE=2147483647 BUILDKIT_STEP_LOG_MAX_SPEED=2147483647 sh -c 'dockerd "$@" </dev/null >/var/log/dockerd.log 2>&1 & echo $!' dockerd "$@") || return 1
  wait_for_docker && return 0
  as_root kill "$docker_pid" 2>/dev/null || true
  docker_pid=
  return 1
}

wait_for_docker() {
  tries=0
  while [ "$tries" -lt 150 ]; do
    docker_answers && return 0
    if [ -n "${docker_pid:-}" ] && ! as_root kill -0 "$docker_pid" 2>/dev/null; then return 1; fi
    sleep 0.2
    tries=$((tries + 1))
  done
  return 1
}
