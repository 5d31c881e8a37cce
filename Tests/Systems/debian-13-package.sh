# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0

version=$(sed -n 's/^#define COGNITOAUTH_VERSION_STRING "\(.*\)"/\1/p' Include/cognitoauth/version.h)

packages_are_copied() {
    mkdir -p "$systems/trixie/packages"
    rm -f "$systems/trixie/packages"/*
    cp .build/dist/libcognitoauth0_"$version"-*.deb .build/dist/libcognitoauth-dev_"$version"-*.deb "$systems/trixie/packages"
}

# shellcheck source=root-of-debian-13.sh
if . "$tests/root-of-debian-13.sh" &&
    check 30 "make deb builds the packages here" env DEB_BUILD_OPTIONS=nocheck Sources/Packaging/deb.sh &&
    check 1 "they can be copied there" packages_are_copied &&
    check 5 "they can be installed there" "$tests/enter.sh" --network trixie \
        sh -c 'apt-get install --yes --no-install-recommends /packages/*.deb' &&
    check 1 "their headers are those of the sources" "$tests/enter.sh" trixie \
        diff --exclude=module.modulemap -r Include/cognitoauth /usr/include/cognitoauth; then
    check 5 "the README's programs sign in and out" "${enter[@]}" trixie "$tests/readme.sh"
    test_programs trixie LIBRARY=/usr/lib/x86_64-linux-gnu
    check 5 "they can be purged" "$tests/enter.sh" trixie apt-get purge --yes libcognitoauth0 libcognitoauth-dev
fi
