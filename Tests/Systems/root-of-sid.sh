# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Debian's unstable with Debian's Swift, and all that the tests need.

unset INSIDE_PATH
enter=("$tests/enter.sh")

check 30 "a system with Debian's Swift can be made" "$tests/make-root.sh" sid sid amd64 swiftlang &&
    check 2 "the sources can be unpacked there" copy_project sid &&
    check 45 "what the tests need can be installed" "$tests/enter.sh" --network sid \
        Sources/Packaging/install-dependencies.sh --tests
