# Sourced by ./demo, ./check and ./bench: what they all need on a Debian machine
# is found or installed here. Says what is missing where it cannot.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s %s\n' "$(date +%H:%M:%S)" "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 2
}

# Hosts of the test pool are network namespaces with roots of their own.
require_root() {
  [ "$(id -u)" = 0 ] || die "the test pool makes network namespaces and mounts: run as root (sudo $0 $*)"
}

# install COMMAND=PACKAGE… installs the packages whose command is missing.
install_missing() {
  local pair missing=()
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  [ ${#missing[@]} = 0 ] && return
  command -v apt-get >/dev/null || die "missing: ${missing[*]}; install them (this is no Debian machine, so it is left to you)"
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    die "could not install ${missing[*]}"
  fi
  rm -f "$log"
}

jdk_major() { "$1/bin/javac" -version 2>/dev/null | sed -n 's/^javac \([0-9]*\).*/\1/p'; }

# Sets JAVA_HOME to a JDK 25 or newer.
find_jdk() {
  local home major
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    [ -x "$home/bin/javac" ] || continue
    major=$(jdk_major "$home")
    if [ "${major:-0}" -ge 25 ]; then
      export JAVA_HOME=$home
      return
    fi
  done
  if apt-cache show openjdk-25-jdk-headless >/dev/null 2>&1; then
    install_missing no-such-command=openjdk-25-jdk-headless
    export JAVA_HOME=/usr/lib/jvm/java-25-openjdk-amd64
    [ -x "$JAVA_HOME/bin/javac" ] && return
  fi
  die "no JDK 25 under /usr/lib/jvm and no package openjdk-25-jdk-headless here: install a JDK 25 (Debian 13 has it; Temurin's will do) and set JAVA_HOME"
}

# Everything that building the programs and packages takes.
setup_build() {
  install_missing mvn=maven dh=debhelper dpkg-buildpackage=dpkg-dev fakeroot=fakeroot \
    qemu-img=qemu-utils qemu-system-x86_64=qemu-system-x86
  find_jdk
}
