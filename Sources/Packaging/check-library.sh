#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks that a built library is what the project ships: exactly the exports that are listed and
# declared, exactly the dependencies that are allowed, no RUNPATH, and small.
#
#   check-library.sh LIBRARY    SIZE_LIMIT takes the place of the bytes that it may have
set -euo pipefail

# Bytes, stripped, on x86_64, as Swift 6.3 makes it.
last_release='292832 in 0.1.0'
limit=${SIZE_LIMIT:-483328}

library=$1
here=$(dirname "$0")
headers=$here/../../Include/cognitoauth
failures=0

fail() {
    printf 'check-library: %s\n' "$*" >&2
    failures=$((failures + 1))
}

# same TITLE EXPECTED ACTUAL: both are lists of lines
same() {
    local difference
    if ! difference=$(diff <(sort -u <<<"$2") <(sort -u <<<"$3")); then
        fail "$1 (< expected, > found):"
        printf '%s\n' "$difference" >&2
    fi
}

exported=$(nm --dynamic --defined-only --extern-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }')
listed=$(sed -n 's/^ *\([a-z_]*\);$/\1/p' "$here/cognitoauth.map")
# A declaration starts at the beginning of its line; the callback types start with "typedef". The list is made of the
# headers too, but by another reader of them: what one does not see, the other does.
declared=$(sed -n 's/^\(auth_\|const \|void \|int \)[a-z_ ]*\**\(auth_[a-z_]*\)(.*/\2/p' "$headers"/*.h)
same "the library's exports are not those of cognitoauth.map" "$listed" "$exported"
same "cognitoauth.map is not what follows from the headers, run make generated" "$listed" "$declared"

allowed='libcurl.so.4 libsecret-1.so.0 libglib-2.0.so.0 libgio-2.0.so.0 libgobject-2.0.so.0 libjansson.so.4 libmicrohttpd.so.12 libc.so.6 libm.so.6'
dynamic=$(readelf --dynamic --wide "$library")
for needed in $(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$dynamic"); do
    case " $allowed " in
    *" $needed "*) ;;
    *) case $needed in ld-linux*) ;; *) fail "it needs $needed, which is not allowed" ;; esac ;;
    esac
done
grep -q 'SONAME.*\[libcognitoauth.so.0\]' <<<"$dynamic" || fail "its SONAME is not libcognitoauth.so.0"
if grep -qE 'RUNPATH|RPATH' <<<"$dynamic"; then fail "it has a RUNPATH"; fi
grep -q 'Flags:.*NOW' <<<"$dynamic" || fail "it is not linked with -z now"
grep -q 'Flags:.*NODELETE' <<<"$dynamic" || fail "it is not linked with -z nodelete"
grep -q 'GNU_RELRO' <<<"$(readelf --segments --wide "$library")" || fail "it is not linked with -z relro"

# A package build keeps the debug information until it strips the library itself.
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
strip --strip-unneeded -o "$stripped" "$library"
size=$(stat --format=%s "$stripped")
[ "$size" -le "$limit" ] || fail "its size is $size bytes, more than the $limit that it may have"

[ "$failures" -eq 0 ]
printf 'libcognitoauth: %s bytes (%s, at most %s), %s exports\n' "$size" "$last_release" "$limit" "$(wc -l <<<"$exported")"
