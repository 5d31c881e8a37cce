# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# make install and make uninstall, by a user who may not write into the sources.

tree=$scratch/tree
prefix=$scratch/user/prefix
lib=lib/$multiarch

make_as_user() { as_user make --silent -C "$tree" "$@"; }

refuses_to_build() {
    refused make_as_user install PREFIX="$prefix" 2>"$scratch/said"
    grep 'run make first' "$scratch/said"
    [ ! -e "$prefix" ]
}
installs() {
    as_user sh -c 'umask 077 && exec "$@"' - make --silent -C "$tree" install PREFIX="$prefix"
    same "$(expected "$lib" | LC_ALL=C sort)" "$(list "$prefix")"
}
is_readable() { # The umask was 077.
    [ -e "$prefix/include/cognitoauth/auth.h" ]
    same '' "$(find "$prefix" -type f ! -perm 644 -o -type d ! -perm 755)"
}
folders_keep_their_mode() {
    chmod 2775 "$prefix/share/man/man3"
    make_as_user install PREFIX="$prefix"
    same 2775 "$(stat --format=%a "$prefix/share/man/man3")"
}
odd_folders_are_refused() {
    local value
    for value in PREFIX= "LIBDIR=$scratch/user/a&b" "INCLUDEDIR=$scratch/user/a|b" "PREFIX=$scratch/user/a\"b"; do
        refused make_as_user install PREFIX="$scratch/user/odd" "$value" 2>"$scratch/said"
        grep 'make install:' "$scratch/said"
    done
    [ ! -e "$scratch/user/odd" ]
}
finds_every_page() {
    local function
    for function in $(functions); do
        MANPATH=$prefix/share/man MANPAGER='' man --pager=cat 3 "$function" >"$scratch/page"
        grep -q "$function" "$scratch/page"
    done
}
links_lead_to_files() { # in the README and SECURITY that are installed
    local folder=$prefix/share/doc/cognitoauth link
    while read -r link; do
        [ -e "$folder/$link" ] || { printf 'there is no %s\n' "$link"; return 1; }
    done < <(cat "$folder/README.md" "$folder/SECURITY.md" | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\((.*)\)$/\1/; /^https?:/d')
    [ -e "$folder/examples/sign_out.c" ] && [ "$(grep -c '](examples' "$folder/README.md")" -ge 3 ]
}
stages_the_same() {
    make_as_user install DESTDIR="$scratch/user/staged" PREFIX=/opt/elsewhere
    same "$(list "$prefix")" "$(list "$scratch/user/staged/opt/elsewhere")"
    diff -r "$prefix" "$scratch/user/staged/opt/elsewhere"
    same opt "$(ls "$scratch/user/staged")"
}
uninstalls() {
    echo kept >"$prefix/$lib/libother.so.1"
    echo kept >"$prefix/share/man/man3/other.3"
    make_as_user uninstall PREFIX="$prefix"
    same "$lib/libother.so.1"$'\n'share/man/man3/other.3 "$(list "$prefix")"
    same '' "$(find "$prefix" -name '*cognitoauth*')"
    make_as_user uninstall DESTDIR="$scratch/user/staged" PREFIX=/opt/elsewhere
    same '' "$(list "$scratch/user/staged")"
    make_as_user uninstall PREFIX="$prefix"
}
obeys_variables() {
    local at=$scratch/user/places
    local places=(PREFIX="$at/p" LIBDIR="$at/l i b" INCLUDEDIR="$at/h" MANDIR="$at/m" DOCDIR="$at/d")
    make_as_user install "${places[@]}"
    same "$(expected lib | sed 's|^lib/|l i b/|; s|^include/|h/|; s|^share/man/|m/|; s|^share/doc/cognitoauth/|d/|' |
        LC_ALL=C sort)" "$(list "$at")"
    make_as_user uninstall "${places[@]}"
    same '' "$(list "$at")"
}
# A stand-in tells whether it was run. The private prefix spares the real /usr/local.
runs_ldconfig_only_when_it_should() {
    local ran=$scratch/user/ran
    mkdir "$scratch/bin"
    printf '#!/bin/sh\necho ran >>"%s"\n' "$ran" >"$scratch/bin/ldconfig"
    chmod 755 "$scratch/bin/ldconfig"
    as_user env PATH="$scratch/bin:/usr/bin:/bin" make --silent -C "$tree" install PREFIX="$scratch/user/l"
    [ ! -e "$ran" ]
    [ "$(id -u)" -eq 0 ] || return 0
    PATH=$scratch/bin:$PATH make --silent -C "$tree" install PREFIX=/l DESTDIR="$scratch/user"
    [ ! -e "$ran" ]
    PATH=$scratch/bin:$PATH make --silent -C "$tree" install PREFIX="$scratch/l"
    PATH=$scratch/bin:$PATH make --silent -C "$tree" uninstall PREFIX="$scratch/l"
    same ran$'\n'ran "$(cat "$ran")"
}

Sources/Packaging/dist.sh source >/dev/null || exit 2
mkdir "$tree"
tar --extract --file="$dist/cognitoauth-$version.tar.gz" --directory="$tree" --strip-components=1
make_folder "$scratch/user"

check "make install builds nothing: without a library it says what to do" refuses_to_build
mkdir -p "$tree/.build"
cp -R .build/lib "$tree/.build"
chmod -R go+rX "$tree/.build"
check "make install puts exactly the listed files into a private prefix, without root" installs
check "what is installed can be read by all, whatever the umask" is_readable
check "make install over an installation changes nothing" installs
check "folders that were there keep their mode" folders_keep_their_mode
check "a folder that pkg-config, CMake or sed would misread is refused, and nothing is installed" odd_folders_are_refused
check "every function has a manual page that man finds" finds_every_page
check "the README that is installed leads to examples and files that are installed too" links_lead_to_files
check "with DESTDIR, the same files are staged" stages_the_same
check "make uninstall leaves nothing of the library, and all else" uninstalls
check "LIBDIR, INCLUDEDIR, MANDIR and DOCDIR are obeyed, spaces included" obeys_variables
check "ldconfig runs for root, and not for DESTDIR" runs_ldconfig_only_when_it_should
