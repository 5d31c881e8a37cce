#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds, installs and tests the library in other systems than this one, whose roots are made from this machine's own
# package sources and kept in .build/systems. The last line is the total, "N passed, N failed".
#
#   run.sh [SYSTEM...]    none means all of these:
#
#   debian-13-package     Debian 13, with the packages that `make deb` builds on this machine
#   debian-13             Debian 13, built there with this machine's Swift
#   sid                   Debian's unstable, built there with Debian's own Swift
#   arm64                 the same for arm64, built in the same root for another machine; only what is of the library or
#                         uses it is emulated, by qemu-user, which is installed here: the keyring and the servers are not
#
# PROGRAMS in the environment are those of Tests/ABI that run; none means all of its plan. Needs root, and a network for packages. What was
# said is in .build/systems/SYSTEM.log.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit
systems=$PWD/.build/systems tests=Tests/Systems
unset MAKEFLAGS MAKELEVEL MFLAGS
export LC_ALL=C.UTF-8
passed=0 failed=0 enter=()
trap 'exit 130' INT
trap 'exit 143' TERM

# check MINUTES NAME COMMAND...: what it says goes to the system's log. Where it ends with a total, that is added.
check() {
    local minutes=$1 name=$2 status=0 started=$SECONDS total
    shift 2
    printf '\n== %s\n' "$name" >>"$log"
    local bound=(timeout --kill-after=10 "${minutes}m")
    # A function of these scripts only copies.
    [ "$(type -t "$1")" != function ] || bound=()
    "${bound[@]}" "$@" >"$systems/$system.output" 2>&1 </dev/null || status=$?
    cat "$systems/$system.output" >>"$log"
    total=$(tail -n 1 "$systems/$system.output")
    # A total that a command has not lived to print is not its own.
    if [[ $total =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] && [ "$status" -le 1 ]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
        printf '%s: %s: %s (%d s)\n' "$system" "$name" "$total" $((SECONDS - started))
        [ "$status" -eq 0 ] || grep -E '^(FAIL|not ok|.* ended early)' "$systems/$system.output" | awk '{ print "    " $0 }'
    elif [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        printf '%s: %s (%d s)\n' "$system" "$name" $((SECONDS - started))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s: %s (status %d)\n' "$system" "$name" "$status"
        tail -n 30 "$systems/$system.output" | awk '{ print "    " $0 }'
    fi
    return "$status"
}

# copy_project ROOT [FOLDER]: the project as it is here, but for what was built in there before
copy_project() {
    local folder=$systems/$1${2:-/project}
    mkdir -p "$folder"
    find "$folder" -mindepth 1 -maxdepth 1 ! -name .build -exec rm -rf {} +
    if [ -e .git ]; then git ls-files -z --cached --others --exclude-standard; else find . -path ./.build -prune -o ! -type d -print0; fi |
        while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
        tar --create --null --files-from=- | tar --extract --directory="$folder"
}

# The toolchain of this machine, by the name that it has here.
swift_of_here() {
    local resources
    resources=$("${SWIFT:-swift}" -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
    dirname "$(dirname "$resources")"
}

test_programs() { # test_programs ROOT [NAME=VALUE...]
    # shellcheck disable=SC2086 # programs are words
    check 90 "programs of Tests/ABI" "${enter[@]}" "$1" env JOBS=1 LIMIT=400 "${@:2}" Tests/ABI/run.sh ${PROGRAMS:-}
}

# What the library is linked with there, for the records.
versions() {
    "${enter[@]}" "$1" sh -c '. /etc/os-release; printf "%s %s:" "$PRETTY_NAME" "$(cat /etc/debian_version)"
        gcc -dumpfullversion | sed "s/^/ gcc /"; for package in libcurl-4 libsecret-1 glib-2.0 jansson libmicrohttpd libc; do
        case $package in libc) dpkg-query -W -f "\${Version}" libc6 | sed "s/^/ libc6 /" ;; *) pkg-config --modversion "${package%-4}" 2>/dev/null | sed "s/^/ ${package%-4} /" ;; esac
        done' | tr '\n' ' '
    echo
}

[ $# -gt 0 ] || set -- debian-13-package debian-13 sid arm64
mkdir -p "$systems"
for system in "$@"; do
    [ -e "$tests/$system.sh" ] || { printf 'run.sh: there is no system %s\n' "$system" >&2; exit 2; }
    log=$systems/$system.log
    : >"$log"
    # shellcheck source=/dev/null
    . "$tests/$system.sh"
done
rm -f "$systems/$system.output"
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
