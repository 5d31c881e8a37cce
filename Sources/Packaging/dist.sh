#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Writes the tarballs into .build/dist: cognitoauth-VERSION.tar.gz has all that a build needs, and
# cognitoauth-VERSION-linux-ARCH.tar.gz what `make install` installs, with README, licence and examples on top. The same files make
# the same tarballs, bit for bit.
#
#   dist.sh [source | binary]    both, unless told which
set -euo pipefail
cd "$(dirname "$0")/../.."
export LC_ALL=C
umask 022
# What the caller gave to make is not meant for the make below.
unset MAKEFLAGS MAKELEVEL MFLAGS

die() {
    printf 'dist: %s\n' "$*" >&2
    exit 1
}

defined() { sed -n "s/^#define COGNITOAUTH_VERSION_$1 //p" Include/cognitoauth/version.h | tr -d '"'; }
version=$(defined STRING)
[ "$version" = "$(defined MAJOR).$(defined MINOR).$(defined PATCH)" ] || die "version.h disagrees with itself"
[[ $(grep -m 1 '^## ' CHANGELOG.md) = "## $version "* ]] || die "CHANGELOG.md does not begin with version $version"
[[ $(head -n 1 Sources/Packaging/debian/changelog) = "libcognitoauth ($version-"* ]] ||
    die "Sources/Packaging/debian/changelog does not begin with version $version"

# In an unpacked tarball every file has the time that was decided when it was made.
if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
    epoch=$SOURCE_DATE_EPOCH
elif [ -e .git ]; then
    epoch=$(git log -1 --format=%ct)
else
    epoch=$(stat --format=%Y CHANGELOG.md)
fi

# pack NAME FOLDER: packs FOLDER's files that standard input lists, each ended by a NUL, as NAME/... into NAME.tar.gz
pack() {
    sort --zero-terminated |
        tar --create --directory="$2" --null --files-from=- --transform="flags=r;s,^\(\./\)*,$1/," --format=ustar \
            --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode=u+rw,go+u,go-w |
        gzip -9 --no-name >".build/dist/$1.tar.gz.new"
    mv ".build/dist/$1.tar.gz.new" ".build/dist/$1.tar.gz"
    printf '.build/dist/%s.tar.gz\n' "$1"
}

# What git tracks; what it does not track is said, and left out.
list_sources() {
    if [ -e .git ]; then
        git ls-files --others --exclude-standard | sed 's/^/dist: not in git, left out: /' >&2
        git ls-files -z --cached |
            while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done
    else
        find . -path ./.build -prune -o ! -type d -print0
    fi
}

make_source() { list_sources | pack "cognitoauth-$version" .; }

make_binary() {
    local name
    name=cognitoauth-$version-linux-$(uname -m)
    staged=$(mktemp -d)
    trap 'rm -rf "$staged"' EXIT
    make --silent install DESTDIR="$staged" PREFIX="/$name" LIBDIR="/$name/lib" INCLUDEDIR="/$name/include" \
        MANDIR="/$name/share/man" DOCDIR="/$name/share/doc/cognitoauth"
    cp -R "$staged/$name/share/doc/cognitoauth/." "$staged/$name"
    (cd "$staged/$name" && find . ! -type d -print0) | pack "$name" "$staged/$name"
}

mkdir -p .build/dist
case ${1:-both} in
source) make_source ;;
binary) make_binary ;;
both)
    make_source
    make_binary
    ;;
*) die "no tarball is called $1" ;;
esac
