# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# make deb: built from the source tarball, without git, in a folder of its own.

unpacked=$scratch/packages

deb() { echo "$dist"/libcognitoauth"$1"_"$version"-*.deb; }

# The tests that a package build runs are those of make check-core, which runs anyway.
packages_are_built() {
    DEB_BUILD_OPTIONS=nocheck Sources/Packaging/deb.sh
    dpkg-deb --extract "$(deb 0)" "$unpacked/library"
    dpkg-deb --extract "$(deb -dev)" "$unpacked/development"
    ls "$dist"/libcognitoauth0-dbgsym_"$version"-*deb
    dpkg-deb --extract "$dist"/libcognitoauth0-dbgsym_"$version"-*deb "$unpacked/debug"
}
lintian_is_content() {
    lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$dist"/libcognitoauth_"$version"-*.changes
}
library_package_has() {
    same "usr/lib/$multiarch/libcognitoauth.so.0 -> libcognitoauth.so.$version
usr/lib/$multiarch/libcognitoauth.so.$version" "$(list "$unpacked/library" | grep -v '^usr/share/doc/')"
}
# What is installed from the sources, but for the library, with manual pages as debhelper leaves them.
development_package_has() {
    same "$(expected "usr/lib/$multiarch" | sed 's|^include/|usr/&|; s|^share/man/.*|usr/&.gz|; /^share\/doc/d;
        /libcognitoauth\.so\.0/{/\.so -> /!d}' | LC_ALL=C sort)" \
        "$(list "$unpacked/development" | sed '/usr\/share\/doc\//d; /\/man3\//s/ -> .*//')"
    same "$(cd Examples && ls -- *.c *.cpp *.png)" "$(ls "$unpacked/development/usr/share/doc/libcognitoauth-dev/examples")"
}
library_depends_on() {
    local depends
    depends=$(dpkg-deb --field "$(deb 0)" Depends | sed 's/ ([^)]*)//g; s/t64//g; s/,//g' | tr ' ' '\n' | sort | paste -sd' ')
    same 'libc6 libcurl4 libglib2.0-0 libjansson4 libmicrohttpd12 libsecret-1-0' "$depends"
    same "libcognitoauth0 (= $(dpkg-deb --field "$(deb 0)" Version))" "$(dpkg-deb --field "$(deb -dev)" Depends)"
    same same-same "$(dpkg-deb --field "$(deb 0)" Multi-Arch)-$(dpkg-deb --field "$(deb -dev)" Multi-Arch)"
}
# As it is in the sources, and in the package, where it holds what the library was found to have.
symbols_are_those_of_the_map() {
    local symbols='s/^ \(auth_[a-z_]*\)@COGNITOAUTH_[0-9_]* .*/\1/p'
    same "$(functions | LC_ALL=C sort)" "$(sed -n "$symbols" Sources/Packaging/debian/libcognitoauth0.symbols)"
    same "$(functions | LC_ALL=C sort)" "$(dpkg-deb --ctrl-tarfile "$(deb 0)" |
        tar --extract --to-stdout ./symbols | sed -n "$symbols")"
}
build_id() { readelf --notes "$1" 2>/dev/null | sed -n 's/.*Build ID: //p'; }
# lld makes the build ID of everything it writes, the debug information included.
library_is_reproducible() {
    [ -n "$(build_id .build/lib/libcognitoauth.so)" ]
    same "$(build_id .build/lib/libcognitoauth.so)" \
        "$(build_id "$unpacked/library/usr/lib/$multiarch/libcognitoauth.so.$version")"
}
debug_information() {
    local id
    id=$(build_id .build/lib/libcognitoauth.so)
    objcopy --decompress-debug-sections "$unpacked/debug/usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug" "$scratch/debug"
    strings --all "$scratch/debug"
}
debug_package_fits() { debug_information | grep -F Sources/CognitoAuthABI/; }
names_no_place() {
    local toolchain places
    toolchain=$("${SWIFT:-swift}" -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
    places=("$root/" "${TMPDIR:-/tmp}/tmp." "$(dirname "$toolchain")")
    [ "${HOME:-/}" = / ] || places+=("${HOME%/}/")
    find "$unpacked" -type f -exec zcat --force {} + >"$scratch/content"
    debug_information >>"$scratch/content"
    strings --all "$scratch/content" >"$scratch/strings"
    # A toolchain that is where the debug information says it is gives nothing away.
    [ "$toolchain" != /usr/lib/swift ] || unset 'places[2]'
    same '' "$(printf '%s\n' "${places[@]}" | grep -nF -f - "$scratch/strings")"
}

mkdir "$unpacked"
check "make deb builds the packages from the source tarball" packages_are_built
check "lintian finds no error and no warning" lintian_is_content
check "libcognitoauth0 has the library and its link, and no more" library_package_has
check "libcognitoauth-dev has all else that is installed, and the examples" development_package_has
check "the packages depend on what the library is linked with, and on each other" library_depends_on
check "the symbols file has the functions of cognitoauth.map" symbols_are_those_of_the_map
check "the packaged library is the one that was built here, bit for bit, though in another folder" library_is_reproducible
check "the debug package belongs to the library and knows its sources" debug_package_fits
check "no file in the packages names a place on this machine" names_no_place
