#!/bin/sh
# Makes the image release-sample-base:1 (Python, Redis, a shell) that the sample and its tests start from.
# Where there is apt, nothing is pulled from a registry: the packages are downloaded, unpacked, and imported as an image.
# Needs no root, only access to Docker. Does nothing when the image is there; --force makes it anew.
set -eu

image=release-sample-base:1
packages="python3 redis-server busybox-static ca-certificates"
# Come along as dependencies, but only serve the installation of packages, which never happens here.
unneeded='^(adduser|debconf|dpkg|init-system-helpers|libaudit.*|libcap-ng0|libdb5.*|libfile-find-rule-perl|libgdbm.*|libnumber-compare-perl|libpam.*|libperl5.*|libsemanage.*|libsepol.*|libtext-glob-perl|lsb-base|passwd|perl.*|sysvinit-utils|tar|usrmerge|gcc-.*-base|libdebconfclient0|login.*|mawk|base-files|base-passwd|bash|coreutils|sed|grep|util-linux.*)_'

if [ "${1:-}" != "--force" ] && docker image inspect "$image" >/dev/null 2>&1; then
  exit 0
fi

here=$(cd "$(dirname "$0")" && pwd)
if ! command -v apt-get >/dev/null 2>&1 || ! command -v dpkg-deb >/dev/null 2>&1; then
  echo "Building $image from debian:bookworm-slim (this system has no apt)."
  exec docker build -t "$image" "$here"
fi

echo "Making $image from this system's packages (about 20 seconds, nothing is installed)."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$work/cache/archives/partial" "$work/state/lists/partial" "$work/root"
: > "$work/status"

# An empty list of installed packages: every dependency is downloaded, whatever this machine has.
apt() {
  apt-get -q -q -o Dir::State::status="$work/status" -o Dir::Cache="$work/cache" -o Debug::NoLocking=1 \
    -o APT::Sandbox::User= -o Dpkg::Use-Pty=0 "$@" >"$work/apt.log" 2>&1
}

download() {
  # shellcheck disable=SC2086 # a list of words
  apt "$@" install --download-only --no-install-recommends -y $packages
}

if ! download; then
  # The machine's package lists are missing or out of date: own ones, in the temporary folder.
  if ! apt -o Dir::State="$work/state" update || ! download -o Dir::State="$work/state"; then
    cat "$work/apt.log" >&2
    echo "The packages for $image could not be downloaded. Check the network and the package sources, then run $0 again." >&2
    exit 1
  fi
fi

cd "$work/root"
mkdir -p usr/bin usr/sbin usr/lib usr/lib64 etc tmp root var/run proc sys dev
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$folder"; done
chmod 1777 tmp
for package in "$work"/cache/archives/*.deb; do
  name=${package##*/}
  if printf '%s\n' "$name" | grep -Eq "$unneeded"; then continue; fi
  # Not "dpkg-deb -x": it would replace the links /bin and /lib by folders.
  dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink --no-same-owner --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*'
done

# Every word that busybox knows and no package brought becomes a command.
busybox=$(find usr/bin bin -name busybox | head -n 1)
for word in $("$busybox" --list); do
  if [ ! -e "usr/bin/$word" ] && [ ! -e "usr/sbin/$word" ]; then ln -s busybox "usr/bin/$word"; fi
done
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' > etc/passwd
printf 'root:x:0:\nnogroup:x:65534:\n' > etc/group
if [ -d usr/share/ca-certificates ]; then
  mkdir -p etc/ssl/certs
  find usr/share/ca-certificates -name '*.crt' -exec cat {} + > etc/ssl/certs/ca-certificates.crt
fi

tar -c --numeric-owner --owner=0 --group=0 . | docker import \
  --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  --change 'ENV PYTHONUNBUFFERED=1' \
  --change 'CMD ["/bin/sh"]' \
  - "$image" >/dev/null
echo "Made $image."
