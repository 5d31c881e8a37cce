#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Holds the C of modules, examples and tests to clang-tidy, and prints what there is to mend. The last line is the number of
# files, "N passed, N failed".
#
#   tidy.sh [FILE...]    all of them, or these
#
# CLANG_TIDY is another clang-tidy than the one of that name, which is installed where there is none.
set -eu
cd "$(dirname "$0")/../.."
tidy=${CLANG_TIDY:-clang-tidy}
command -v "$tidy" >/dev/null || {
  echo "Installing clang-tidy"
  root=()
  [ "$(id -u)" -eq 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq -o DPkg::Lock::Timeout=300
  "${root[@]}" apt-get install -y -qq -o DPkg::Lock::Timeout=300 --no-install-recommends clang-tidy >/dev/null
}

# A header of a module is read by itself; trial.c is for a library that is made for it.
files=("$@")
[ $# -gt 0 ] || for file in Examples/*.c Tests/*/*.c Tests/ABI/growth/*.c Sources/C*/*.[ch] Sources/C*/include/*.h; do
  [ "$file" = Tests/ABI/trial.c ] || files+=("$file")
done
packages=(gio-unix-2.0 libcurl jansson libsecret-1 libmicrohttpd)
if pkg-config --exists gtk4; then
  packages+=(gtk4)
fi
read -ra flags <<<"-x c -std=c11 -D_GNU_SOURCE -IInclude -ITests/ABI -ISources/CBridgeObject/include \
  $(pkg-config --cflags "${packages[@]}")"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# $1: a file. It says how many warnings it has left out, too.
check() {
  local report=$scratch/${1//\//-}
  if ! "$tidy" --quiet "$1" -- "${flags[@]}" >"$report" 2>&1; then
    grep -v 'warnings\? \(generated\|treated\)' "$report"
    mv "$report" "$report.failed"
  fi
}

jobs=0 number=$(nproc)
for file in "${files[@]}"; do
  [ "$jobs" -lt "$number" ] || { wait -n || true; jobs=$((jobs - 1)); }
  check "$file" &
  jobs=$((jobs + 1))
done
wait
failed=$(find "$scratch" -name '*.failed' | wc -l)
printf '%d passed, %d failed\n' "$((${#files[@]} - failed))" "$failed"
[ "$failed" -eq 0 ]
