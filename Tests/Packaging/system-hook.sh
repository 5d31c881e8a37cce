#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What system.sh does in the new system; mmdebstrap runs it outside, with the system's folder, which it has prepared for
# chroot. Apt and dpkg run inside only: outside they would act on this machine.
#
#   system-hook.sh SYSTEM INPUT RESULTS
set -euo pipefail
system=$1 input=$2 results=$3

# step FUNCTION: its output goes to RESULTS/FUNCTION, its status beside it; the next step runs in any case.
step() {
    local status=0
    set +e
    (set -ex && "$1") >"$results/$1" 2>&1
    status=$?
    set -e
    echo "$status" >"$results/$1.status"
}

inside() { chroot "$system" env PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
as_user() { chroot --userspec=65534:65534 "$system" env -i PATH=/usr/bin:/bin HOME=/nonexistent sh -c "cd /program && $1"; }
traces() { find "$system" -xdev -name '*cognitoauth*' ! -path "$system/program/*"; }

nothing_is_there() {
    [ -z "$(traces)" ]
    [ -z "$(find "$system" -xdev -iname '*swift*' ! -path "$system/usr/share/*")" ]
}
packages_are_installed() {
    inside sh -c 'apt-get install --yes --no-install-recommends /program/*.deb'
    inside dpkg-query --list libcognitoauth0 libcognitoauth-dev | grep -c '^ii' | grep -x 2
}
linker_knows() {
    inside ldconfig -p | grep -F 'libcognitoauth.so.0 '
    inside test -e "/usr/lib/$(inside gcc -print-multiarch)/libcognitoauth.so"
}
program_compiles() { as_user "$(cat "$input/command")"; }
program_runs() {
    local status=0
    as_user ./mail >"$results/said" 2>&1 || status=$?
    cat "$results/said"
    [ "$status" -eq 2 ]
    grep keyring "$results/said"
}
packages_are_purged() { inside apt-get purge --yes libcognitoauth0 libcognitoauth-dev; }
nothing_is_there_again() {
    traces
    [ -z "$(traces)" ]
    inside ldconfig -p >"$results/linker"
    ! grep cognitoauth "$results/linker" || return 1
    # Purged, not only removed: dpkg does not know them any more.
    ! inside dpkg-query --show libcognitoauth0 libcognitoauth-dev || return 1
}

step nothing_is_there
# Where package sources are fetched over https, apt in there has to trust whom apt out here trusts.
for certificates in /etc/ssl/certs/ca-certificates.crt "$(apt-config dump --format '%v%n' Acquire::https::CAInfo)"; do
    [ ! -f "$certificates" ] || install -D -m 644 "$certificates" "$system$certificates"
done
cp -R "$input" "$system/program"
chown -R 65534:65534 "$system/program"
started=$(date +%s%N)
step packages_are_installed
step linker_knows
step program_compiles
step program_runs
printf '%d.%03d\n' $((($(date +%s%N) - started) / 1000000000)) $((($(date +%s%N) - started) / 1000000 % 1000)) \
    >"$results/seconds"
step packages_are_purged
step nothing_is_there_again
