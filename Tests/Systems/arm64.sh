# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Swift from swift.org has Embedded Swift's standard library for the machine that it runs on, and for no other Linux.
# Debian's has it too, so that the one of its package for arm64 can be put beside it.

emulator=cognitoauth-aarch64 binfmt=/proc/sys/fs/binfmt_misc

# Nothing of another machine's can be started without it; it is of no use to anybody afterwards.
emulator_is_there() {
    if ! command -v qemu-aarch64-static >/dev/null; then
        apt-get update -qq && apt-get install -y -qq --no-install-recommends qemu-user-static || return
    fi
    [ -e $binfmt/register ] || mount -t binfmt_misc binfmt_misc $binfmt || return
    [ -e $binfmt/$emulator ] || printf ':%s:M::%s:%s:%s:F' $emulator \
        '\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00' \
        '\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff' \
        "$(command -v qemu-aarch64-static)" >$binfmt/register
}
forget_emulator() { [ ! -e $binfmt/$emulator ] || echo -1 >$binfmt/$emulator; }
trap forget_emulator EXIT

# shellcheck disable=SC2016 # expanded in there
install='set -e
dpkg --add-architecture arm64
apt-get update -qq
apt-get install -y -qq --no-install-recommends crossbuild-essential-arm64 binutils-multiarch libcurl4-openssl-dev:arm64 \
    libsecret-1-dev:arm64 libjansson-dev:arm64 libmicrohttpd-dev:arm64
swift=/usr/libexec/swift/lib/swift/embedded
if ! [ -e $swift/Swift.swiftmodule/aarch64-unknown-linux-gnu.swiftmodule ]; then
    cd /tmp
    apt-get download "swiftlang:arm64=$(dpkg-query -W -f "\${Version}" swiftlang)"
    dpkg-deb --fsys-tarfile swiftlang_*_arm64.deb | tar --extract --directory=/ --skip-old-files --wildcards ".$swift/*"
fi'
settings=(PKG_CONFIG_PATH=/arm64/.build/lib/pkgconfig:/usr/lib/aarch64-linux-gnu/pkgconfig)
# Not for the library: Swift takes CC for a clang.
compilers=(CC=aarch64-linux-gnu-gcc CXX=aarch64-linux-gnu-g++)

# shellcheck source=root-of-sid.sh
if . "$tests/root-of-sid.sh" &&
    check 30 "what building for arm64 needs can be installed" "$tests/enter.sh" --network sid sh -c "$install" &&
    check 2 "the sources can be unpacked there" copy_project sid /arm64 &&
    check 1 "the emulators of Cognito can be used there" "${enter[@]}" sid \
        sh -c 'mkdir -p /arm64/.build && ln -sfn /project/.build/python /arm64/.build/python' &&
    check 5 "programs for arm64 can be run here" emulator_is_there; then
    export FOLDER=/arm64
    if check 30 "it can be built" "${enter[@]}" sid env "${settings[@]}" make SIZE_LIMIT=524288 library \
        TRIPLE='--triple aarch64-unknown-linux-gnu' STRIP='aarch64-linux-gnu-strip --strip-unneeded --remove-section=.ARM.attributes'; then
        check 10 "the README's programs sign in and out" "${enter[@]}" sid env "${settings[@]}" "${compilers[@]}" \
            LD_LIBRARY_PATH=/arm64/.build/lib "$tests/readme.sh"
        test_programs sid "${settings[@]}" "${compilers[@]}" LIBRARY=/arm64/.build/lib
    fi
    unset FOLDER
fi
forget_emulator
