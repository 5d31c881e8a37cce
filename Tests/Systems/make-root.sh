#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the root of a Debian system in .build/systems/NAME, from this machine's own package sources, with another suite in
# the place of this machine's. What was made before from the same is left as it is.
#
#   make-root.sh NAME SUITE ARCHITECTURE [PACKAGE...]
set -euo pipefail
cd "$(dirname "$0")/../.."
name=$1 suite=$2 architecture=$3
packages=("${@:4}")
root=$PWD/.build/systems/$name

die() {
    printf 'make-root: %s\n' "$*" >&2
    exit 1
}
[ "$(id -u)" -eq 0 ] || die "only root can make other systems, and enter them"

made_of=$(sha256sum <<<"$suite $architecture ${packages[*]}")
[ "$made_of" != "$(cat "$root.stamp" 2>/dev/null)" ] || exit 0
rm -rf "$root" "$root.stamp"
mkdir -p "$(dirname "$root")"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Only releases have the suites -updates and -security beside them.
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
mapfile -t files < <(grep --no-messages -lE "(^|[[:space:]])$codename([[:space:]-]|$)" \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
[ ${#files[@]} -gt 0 ] || die "no package source of this machine has the suite $codename"
sources=()
for file in "${files[@]}"; do
    copy=$scratch/$(basename "$file")
    if [ "$suite" = sid ]; then
        sed -E "s/(^|[[:space:]])$codename-[a-z-]+//g" "$file" | sed '/^Suites:[[:space:]]*$/d' |
            awk 'BEGIN { RS = ""; ORS = "\n\n" } !/(^|\n)Types:/ || /\nSuites:/'
    else
        cat "$file"
    fi | sed -E "s/(^|[[:space:]])$codename([[:space:]-]|$)/\1$suite\2/g" >"$copy"
    # A line of the old form that has lost its suite is no source any more.
    [ "${file##*.}" = sources ] || sed -i -E '/^deb/{/[[:space:]]'"$suite"'([[:space:]-]|$)/!d}' "$copy"
    [ ! -s "$copy" ] || sources+=("$copy")
done
apt-config dump | grep -E '^Acquire::(https?|Check-[A-Za-z-]+)(::| )' >"$scratch/apt.conf" || true

mmdebstrap --mode=root --variant=apt --architectures="$architecture" --aptopt="$scratch/apt.conf" \
    --aptopt='Acquire::Retries "3"' \
    --include="ca-certificates,iproute2$(printf ',%s' "${packages[@]}")" "$suite" "$root" "${sources[@]}"
# Where packages are fetched over https, those in there have to trust whom this machine trusts.
[ ! -f /etc/ssl/certs/ca-certificates.crt ] || cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
printf '%s\n' "$made_of" >"$root.stamp"
