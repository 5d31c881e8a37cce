# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0

# shellcheck source=root-of-debian-13.sh
if . "$tests/root-of-debian-13.sh" &&
    check 30 "it can be built there" "${enter[@]}" trixie make library examples; then
    check 5 "the README's programs sign in and out" "${enter[@]}" trixie env PKG_CONFIG_PATH=/project/.build/lib/pkgconfig \
        LD_LIBRARY_PATH=/project/.build/lib "$tests/readme.sh"
    test_programs trixie
fi
