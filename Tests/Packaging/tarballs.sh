# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# make dist. That the source tarball builds is proved by the packages, which are built from it.

source_tarball=cognitoauth-$version.tar.gz
binary_tarball=cognitoauth-$version-linux-$(uname -m).tar.gz
again=$scratch/again/cognitoauth-$version

both_are_made() {
    rm -f "$dist/$source_tarball" "$dist/$binary_tarball"
    Sources/Packaging/dist.sh
    [ -s "$dist/$source_tarball" ] && [ -s "$dist/$binary_tarball" ]
}
# One that fails in the middle of its work.
failure_leaves_no_tarball() {
    rm -f "$dist/$source_tarball"
    mkdir "$scratch/failing"
    printf '#!/bin/sh\n/bin/tar "$@" | head -c 20000\nexit 2\n' >"$scratch/failing/tar"
    chmod 755 "$scratch/failing/tar"
    refused env PATH="$scratch/failing:$PATH" Sources/Packaging/dist.sh
    [ ! -e "$dist/$source_tarball" ]
}
has_all_sources() {
    same "$(git ls-files --cached | sed "s|^|cognitoauth-$version/|" | LC_ALL=C sort)" \
        "$(tar --list --file="$dist/$source_tarball" | LC_ALL=C sort)"
}
# Made again from the unpacked tarball, without git, with other settings: then it does not depend on any of that.
source_is_reproducible() {
    mkdir "$scratch/again"
    (umask 077 && tar --extract --no-same-permissions --file="$dist/$source_tarball" --directory="$scratch/again")
    (umask 077 && TZ=Asia/Kathmandu "$again/Sources/Packaging/dist.sh" source)
    cmp "$dist/$source_tarball" "$again/.build/dist/$source_tarball"
}
binary_is_reproducible() {
    cp -R .build/lib "$again/.build"
    touch "$again/Include/cognitoauth/auth.h" "$again/.build/lib/"*
    (umask 077 && TZ=Asia/Kathmandu "$again/Sources/Packaging/dist.sh" binary)
    cmp "$dist/$binary_tarball" "$again/.build/dist/$binary_tarball"
}
names_nobody() {
    local tarball
    for tarball in "$dist/$source_tarball" "$dist/$binary_tarball"; do
        same 0/0 "$(tar --list --verbose --numeric-owner --file="$tarball" | awk '{ print $2 }' | sort -u)"
        same '' "$(tar --list --verbose --file="$tarball" | grep -vE '^(-rw-r--r--|-rwxr-xr-x|l.{9}) ')"
    done
}
binary_has() {
    expected lib | sed 's/ -> .*//'
    expected lib | sed -n 's|^share/doc/cognitoauth/||p'
}
binary_has_what_is_installed() {
    same "$(binary_has | sed "s|^|${binary_tarball%.tar.gz}/|" | LC_ALL=C sort)" \
        "$(tar --list --file="$dist/$binary_tarball" | LC_ALL=C sort)"
}
# A tree whose version is changed in one place only.
differing_versions_are_refused() {
    local file
    for file in Include/cognitoauth/version.h CHANGELOG.md Sources/Packaging/debian/changelog; do
        is_refused_after "s/\b${version//./\\.}\b/9.8.7/" "$file"
    done
    is_refused_after 's/\(VERSION_MINOR\) .*/\1 77/' Include/cognitoauth/version.h
    "$again/Sources/Packaging/dist.sh" source
}
is_refused_after() { # is_refused_after EXPRESSION FILE
    cp "$again/$2" "$scratch/kept"
    sed -i "$1" "$again/$2"
    refused cmp "$scratch/kept" "$again/$2"
    refused "$again/Sources/Packaging/dist.sh" source
    cp "$scratch/kept" "$again/$2"
}
binary_works_anywhere() {
    local at="$scratch/any where"
    mkdir "$at"
    tar --extract --file="$dist/$binary_tarball" --directory="$at" --strip-components=1
    (cd "$at/examples" && eval "cc sign_out.c -o ../sign_out $(PKG_CONFIG_PATH="$at/lib/pkgconfig" \
        pkg-config --cflags --libs cognitoauth)")
    LD_LIBRARY_PATH=$at/lib Tests/Support/private-session.sh "$at/sign_out" org.example.Mail eu-west-1_Example client |
        grep -x 'You were not signed in.'
}

check "where packing fails, dist.sh fails too and leaves no tarball" failure_leaves_no_tarball
check "make dist makes a source and a binary tarball" both_are_made
[ ! -e .git ] || check "the source tarball has every file that git has or would add" has_all_sources
check "the source tarball made from its own content is the same, bit for bit" source_is_reproducible
check "the binary tarball made elsewhere, later, under another umask is the same, bit for bit" binary_is_reproducible
check "files in the tarballs belong to nobody in particular and can be read by all" names_nobody
check "the binary tarball has what is installed, and README, licence and examples" binary_has_what_is_installed
check "a version that is not the same everywhere is refused" differing_versions_are_refused
check "the binary tarball works where it is unpacked: an example compiles and runs" binary_works_anywhere
