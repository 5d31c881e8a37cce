# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Debian 13 with all that the tests need. Its own Swift is too old: this machine's is there, and what that needs.

swift=$(swift_of_here)
export INSIDE_PATH=$swift/bin:/usr/sbin:/usr/bin:/sbin:/bin
enter=("$tests/enter.sh" --bind "$swift")

check 15 "a system can be made" "$tests/make-root.sh" trixie trixie amd64 libxml2 libncurses6 libsqlite3-0 libcurl4t64 libstdc++-14-dev &&
    check 2 "the sources can be unpacked there" copy_project trixie &&
    check 45 "what the tests need can be installed" "$tests/enter.sh" --network --bind "$swift" trixie \
        Sources/Packaging/install-dependencies.sh --tests
