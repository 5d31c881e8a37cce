# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# install-dependencies.sh, where no package is installed, and apt-get notes what it is asked for and fails.

fakes=$scratch/fakes
mkdir "$fakes"

fake() { # fake COMMAND SCRIPT
    printf '#!/bin/sh\n%s\n' "$2" >"$fakes/$1"
    chmod 755 "$fakes/$1"
}
# The distribution's swiftlang and the swift on PATH: what their commands print.
fake_swift() {
    fake apt-cache "echo '  Candidate: $1'"
    fake swift "$2"
    rm -f "$fakes/asked"
}
install_dependencies() {
    env PATH="$fakes:$PATH" SWIFT="${swift:-swift}" Sources/Packaging/install-dependencies.sh "$@" 2>"$scratch/said"
}
nothing_is_installed() { # nothing_is_installed WORDS...: and all of these are said
    local words
    refused install_dependencies --tests
    for words in "$@"; do grep -F "$words" "$scratch/said"; done
    [ ! -e "$fakes/asked" ]
}

no_swift() {
    fake_swift '(none)' ''
    swift=no-swift-here nothing_is_installed 'no no-swift-here on PATH' https://www.swift.org/install/linux/
}
old_swift() {
    fake_swift 6.0.3-2 "echo 'Swift version 6.0.3 (swift-6.0.3-RELEASE)'"
    nothing_is_installed 'swift is version 6.0.3' https://www.swift.org/install/linux/
}
packaged_swift() {
    fake_swift 6.10.1-1 "echo 'Swift version 6.0.3 (swift-6.0.3-RELEASE)'"
    nothing_is_installed 'swift is version 6.0.3' 'apt-get install swiftlang'
}
other_swift() {
    fake_swift '(none)' "echo 'python-swiftclient 4.7.0'"
    nothing_is_installed 'swift is another program: python-swiftclient 4.7.0'
}
broken_swift() {
    fake_swift '(none)' "echo 'cannot open shared object file'; exit 127"
    nothing_is_installed 'swift does not run: cannot open shared object file'
}
new_swift() {
    fake_swift '(none)' "echo 'Swift version 6.10 (swift-6.10-RELEASE)'"
    refused install_dependencies --build
    grep -w libsecret-1-dev "$fakes/asked"
    grep -w libmicrohttpd-dev "$fakes/asked"
    refused grep -w -e gnome-keyring -e chromium "$fakes/asked"
}
# The older KWallet is for the older Qt.
old_kwallet() {
    fake_swift '(none)' "echo 'Swift version 6.10 (swift-6.10-RELEASE)'"
    refused install_dependencies --tests
    grep -w libkf5wallet-bin "$fakes/asked" | grep -w libqca-qt5-2-plugins
    refused grep -e kwallet6 -e libqca-qt6-plugins "$fakes/asked"
}
new_kwallet() {
    fake_swift 6.30.0-1 "echo 'Swift version 6.10 (swift-6.10-RELEASE)'"
    refused install_dependencies --tests
    grep -w kwallet6 "$fakes/asked" | grep -w libqca-qt6-plugins
    refused grep -e libkf5wallet-bin -e libqca-qt5-2-plugins "$fakes/asked"
}

fake dpkg-query 'exit 1'
fake sudo 'exec "$@"'
fake apt-get "echo \"\$*\" >>'$fakes/asked'; [ \"\$1\" = update ]"
check "without Swift nothing is installed, and it is said where Swift is" no_swift
check "with a Swift that is too old nothing is installed" old_swift
check "where the distribution has a Swift that is new enough, that is named" packaged_swift
check "another program of the name swift is not taken for Swift" other_swift
check "a Swift that does not run is said to be one" broken_swift
check "with Swift, --build installs what building needs, and no more" new_swift
check "where there is no other KWallet, --tests installs the older one" old_kwallet
check "where both are there, --tests installs the newer one, and nothing of the older" new_kwallet
