# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# As a distribution would build it: with the Swift that is in it.

# shellcheck source=root-of-sid.sh
if . "$tests/root-of-sid.sh" &&
    check 30 "it can be built there" "${enter[@]}" sid make SIZE_LIMIT=524288 library examples; then
    check 5 "the README's programs sign in and out" "${enter[@]}" sid env PKG_CONFIG_PATH=/project/.build/lib/pkgconfig \
        LD_LIBRARY_PATH=/project/.build/lib "$tests/readme.sh"
    test_programs sid
fi
