#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks what leaves this project, and that programs can be built with it: `make install`, the tarballs, and the Debian
# packages, in a system of their own. The last line is the total, "N passed, N failed".
#
#   run.sh [PART...]    none means all: dependencies install tarballs projects packages system
#
# Needs the built library (`make`). A part can be run alone, but system, which takes the packages of the last `make deb`.
set -uo pipefail
cd "$(dirname "$0")/../.."
root=$PWD tests=$PWD/Tests/Packaging
# What was given to the make that runs this is not meant for those that it runs.
unset MAKEFLAGS MAKELEVEL MFLAGS DESTDIR PREFIX LIBDIR INCLUDEDIR MANDIR DOCDIR SOURCE_DATE_EPOCH
export LC_ALL=C.UTF-8

passed=0 failed=0
umask 022
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$scratch"

version=$(sed -n 's/^#define COGNITOAUTH_VERSION_STRING "\(.*\)"/\1/p' Include/cognitoauth/version.h)
# shellcheck disable=SC2034 # the parts use them
multiarch=$(cc -print-multiarch)
# shellcheck disable=SC2034
dist=$root/.build/dist

# check NAME COMMAND...: the first command in a function that fails ends it, as -e is on.
check() {
    local name=$1 status=0
    shift
    (set -e && "$@") >"$scratch/output" 2>&1
    status=$?
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$name"
        tail -n 40 "$scratch/output" | awk '{ print "    " $0 }'
    fi
}

# same EXPECTED ACTUAL: what differs is printed, < expected, > actual
same() { diff <(printf '%s\n' "$1") <(printf '%s\n' "$2"); }

# refused COMMAND...
refused() { ! "$@" || { printf 'It succeeded: %s\n' "$*"; return 1; }; }

# The files and links below a folder, but not its folders.
list() { (cd "$1" && find . -type l -printf '%P -> %l\n' -o ! -type d -printf '%P\n' | LC_ALL=C sort); }

# expected LIBDIR: what an installation consists of. A file that is added to it is added here, too.
expected() {
    local function
    cat <<LIST
include/cognitoauth/auth.h
include/cognitoauth/auth.hpp
include/cognitoauth/client.h
include/cognitoauth/client.hpp
include/cognitoauth/detail.hpp
include/cognitoauth/error.h
include/cognitoauth/error.hpp
include/cognitoauth/operation.h
include/cognitoauth/operation.hpp
include/cognitoauth/options.hpp
include/cognitoauth/session.h
include/cognitoauth/session.hpp
include/cognitoauth/sign_in.h
include/cognitoauth/sign_in.hpp
include/cognitoauth/sign_out.h
include/cognitoauth/sign_out.hpp
include/cognitoauth/status.h
include/cognitoauth/text.hpp
include/cognitoauth/version.h
$1/cmake/cognitoauth/cognitoauth-config-version.cmake
$1/cmake/cognitoauth/cognitoauth-config.cmake
$1/libcognitoauth.so -> libcognitoauth.so.0
$1/libcognitoauth.so.0 -> libcognitoauth.so.$version
$1/libcognitoauth.so.$version
$1/pkgconfig/cognitoauth.pc
share/doc/cognitoauth/CHANGELOG.md
share/doc/cognitoauth/LAYOUT.md
share/doc/cognitoauth/LICENSE
share/doc/cognitoauth/README.md
share/doc/cognitoauth/SECURITY.md
share/man/man3/cognitoauth.3
LIST
    # shellcheck disable=SC2046 # names are words
    printf 'share/doc/cognitoauth/examples/%s\n' $(cd Examples && ls -- *.c *.cpp *.png)
    for function in $(functions); do printf 'share/man/man3/%s.3\n' "$function"; done
}
functions() { sed -n 's/^ *\(auth_[a-z_]*\);$/\1/p' Sources/Packaging/cognitoauth.map; }

# Without rights, a home, or Swift; as nobody where this is root.
as_user() {
    local user=(env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 HOME=/nonexistent)
    [ "$(id -u)" -ne 0 ] || user=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "${user[@]}")
    "${user[@]}" "$@"
}

# Makes a folder in which as_user may write.
make_folder() {
    mkdir "$1"
    [ "$(id -u)" -ne 0 ] || chown 65534:65534 "$1"
}

if [ $# -eq 0 ]; then
    set -- dependencies install tarballs projects packages system
fi
for part in "$@"; do
    [ -e "$tests/$part.sh" ] || { printf 'run.sh: there is no part %s\n' "$part" >&2; exit 2; }
    started=$SECONDS
    # Not as a condition, in which -e would have no effect.
    # shellcheck source=/dev/null
    . "$tests/$part.sh"
    printf '%s: %d s\n' "$part" $((SECONDS - started))
done

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
