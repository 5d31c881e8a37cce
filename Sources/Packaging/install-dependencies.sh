#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs what this machine lacks: Debian or Ubuntu packages, and Python virtual environments with the Cognito emulators.
# Says nothing and touches nothing when all of it is there. Swift has to be there: without it nothing is installed.
#
#   install-dependencies.sh [--build | --core | --tests]
#
#   --build    what `make` needs
#   --core     that, and what the tests of the core need: botocore, which comes with an emulator
#   (nothing)  what `make demo` needs: a keyring, and the emulator that it shows
#   --tests    all of it: also a desktop without a screen, browsers, two more keyrings and something to mock one with, what
#              compares binary interfaces, what reads code, and what builds programs and packages with the library
set -eu
cd "$(dirname "$0")/../.."

# Of NAME|NAME the first that the system has.
packages=(libcurl4-openssl-dev libsecret-1-dev libjansson-dev libmicrohttpd-dev pkg-config gcc libc6-dev make binutils)
core=(g++ python3 python3-venv)
demo=(clang git dbus gnome-keyring libsecret-tools libglib2.0-bin openssl)
tests=(libgtk-4-dev xvfb xdotool imagemagick fonts-dejavu-core python3-gi python3-h2 valgrind abigail-tools
  keepassxc 'kwallet6|libkf5wallet-bin' 'libqca-qt6-plugins|libqca-qt5-2-plugins'
  shellcheck cppcheck codespell
  cmake meson ninja-build man-db mandoc doxygen debhelper dpkg-dev lintian mmdebstrap)
# Chromium is driven by its driver, Firefox by its own Marionette. Ubuntu has both as snaps only, which cannot have a
# profile in a private HOME.
grep -qx ID=ubuntu /etc/os-release 2>/dev/null || tests+=(chromium chromium-driver firefox-esr)
# Who is not root makes a system to install packages in as root of a user namespace.
[ "$(id -u)" -eq 0 ] || tests+=(uidmap)

die() {
  printf 'install-dependencies: %s\n' "$*" >&2
  exit 1
}

case ${1:-} in
--build) emulators=() ;;
--core) packages+=("${core[@]}") emulators=(moto) ;;
'') packages+=("${core[@]}" "${demo[@]}") emulators=(ministack) ;;
--tests) packages+=("${core[@]}" "${demo[@]}" "${tests[@]}") emulators=(ministack moto) ;;
*) die "there is no option $1" ;;
esac

# Of the version that Package.swift asks for, or a newer one.
require_swift() {
  local swift=${SWIFT:-swift} wanted output version
  wanted=$(sed -n '1s/.*swift-tools-version: *//p' Package.swift)
  command -v "$swift" >/dev/null || ask_for_swift "$wanted" "there is no $swift on PATH"
  output=$("$swift" --version 2>&1) || ask_for_swift "$wanted" "$swift does not run: ${output%%$'\n'*}"
  version=$(sed -n 's/.*Swift version \([0-9.]*[0-9]\).*/\1/p' <<<"$output")
  [ -n "$version" ] || ask_for_swift "$wanted" "$swift is another program: ${output%%$'\n'*}"
  [ "$(printf '%s\n' "$wanted" "$version" | sort --version-sort | head -n 1)" = "$wanted" ] ||
    ask_for_swift "$wanted" "$swift is version $version"
}

# $1: the version, $2: why what is here will not do.
ask_for_swift() {
  local packaged way="Get it from https://www.swift.org/install/linux/ and put its usr/bin on PATH,
or install the package swiftlang of a distribution that has version $1 or newer."
  packaged=$(LC_ALL=C apt-cache policy swiftlang 2>/dev/null | sed -n 's/^ *Candidate: *\([0-9]\)/\1/p')
  if [ -n "$packaged" ] && dpkg --compare-versions "$packaged" ge "$1"; then
    way="Get it with: apt-get install swiftlang"
  fi
  die "Swift $1 or newer has to be there first, but $2
$way
Nothing was installed."
}

is_installed() {
  local name
  for name in ${1//|/ }; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" != installed ] || return 0
  done
  return 1
}

# The first of $1 that can be installed, or else the last.
first_candidate() {
  local name
  for name in ${1//|/ }; do
    ! LC_ALL=C apt-cache policy "$name" 2>/dev/null | grep -q '^ *Candidate: *[^( ]' || break
  done
  echo "$name"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "installing packages needs root, and there is no sudo. As root, run: apt-get install ${missing[*]}"
  fi
}

install_packages() {
  command -v dpkg-query >/dev/null || die "this is not Debian or Ubuntu. Install what these packages hold: ${packages[*]}"
  local package
  missing=()
  for package in "${packages[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  echo "Installing packages that are needed and missing: ${missing[*]}"
  as_root apt-get update -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 || die "apt-get update failed; is there a network?"
  mapfile -t missing < <(for package in "${missing[@]}"; do first_candidate "$package"; done)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 --no-install-recommends "${missing[@]}" >/dev/null ||
    die "apt-get could not install: ${missing[*]}"
}

# $1: the environment's name. It is made anew only when its requirements have changed, and stamped only when complete.
install_emulator() {
  local requirements=Tests/Support/requirements-$1.txt environment=.build/python/$1 python=python3 wanted
  [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
  wanted=$(sha256sum <"$requirements")
  if [ "$wanted" = "$(cat "$environment/requirements.sha256" 2>/dev/null)" ] && "$environment/bin/python" -c '' 2>/dev/null; then
    return 0
  fi

  echo "Installing the Cognito emulator $1, which tests run against, into $environment"
  rm -rf "$environment"
  "$python" -m venv "$environment" || die "$python could not make the virtual environment $environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" ||
    die "pip could not install $requirements"
  printf '%s\n' "$wanted" >"$environment/requirements.sha256"
}

require_swift
install_packages
for emulator in "${emulators[@]}"; do install_emulator "$emulator"; done
