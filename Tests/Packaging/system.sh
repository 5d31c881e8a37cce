# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# The packages in a new system of the same release as this one, in which nothing but they and a C compiler is installed.
# mmdebstrap makes it from this machine's own package sources and settings, and removes it at the end whatever happens.

results=$scratch/results

make_system() {
    local codename sources=()
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    mapfile -t sources < <(grep --no-messages -lE "(^|[[:space:]])$codename([[:space:]-]|$)" \
        /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources)
    [ ${#sources[@]} -gt 0 ]
    apt-config dump | grep -E '^Acquire::https?(::| )' >"$scratch/apt.conf" || true
    # In a user namespace, root is somebody who may not enter the project's folder.
    mkdir -m 777 "$results"
    mkdir "$scratch/input"
    cp "$dist"/libcognitoauth0_"$version"-*.deb "$dist"/libcognitoauth-dev_"$version"-*.deb "$scratch/input"
    awk '/^```c$/ { inside = 1; next } /^```$/ && inside { exit } inside' README.md >"$scratch/input/mail.c"
    grep -m 1 '^cc mail.c' README.md >"$scratch/input/command"
    cp "$tests/system-hook.sh" "$scratch/input/hook.sh"
    chmod -R go+rX "$scratch/input"
    mmdebstrap --variant=apt --include=gcc,libc6-dev,pkg-config --aptopt="$scratch/apt.conf" \
        --customize-hook="'$scratch/input/hook.sh' \"\$1\" '$scratch/input' '$results'" \
        "$codename" /dev/null "${sources[@]}"
}
# result STEP: what the hook saw
result() {
    cat "$results/$1"
    same 0 "$(cat "$results/$1.status")"
}

check "a new system can be made from this machine's package sources" make_system
check "it has no Swift, and no part of the library" result nothing_is_there
check "both packages can be installed in it" result packages_are_installed
check "then the dynamic linker knows the library" result linker_knows
check "the README's program compiles with the README's command, by a user without rights" result program_compiles
check "it runs, and says why it cannot sign in where there is no keyring" result program_runs
check "both packages can be purged" result packages_are_purged
check "then neither a file of theirs nor the dynamic linker remembers them" result nothing_is_there_again
[ ! -e "$results/seconds" ] || printf 'from apt-get install to the running program: %s s\n' "$(cat "$results/seconds")"
