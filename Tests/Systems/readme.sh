#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The README's programs, in C and in C++, compiled with the library that pkg-config finds: each says why it cannot sign in
# where there is no keyring, and signs in and out through a browser where there is one. CC and CXX are the compilers.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
session=Tests/Support/private-session.sh

# program LANGUAGE: the README's block of that language which is a whole program
program() { awk -v language="$1" '
    $0 == "```" && inside { if (text ~ /int main/) { printf "%s", text; exit } inside = 0; text = ""; next }
    inside { text = text $0 "\n" }
    $0 == "```" language { inside = 1 }' README.md; }

# run LANGUAGE COMPILER [OPTION...]
run() {
    local status=0
    program "$1" >"$scratch/mail.$1"
    # shellcheck disable=SC2046 # options are words
    "${@:2}" "$scratch/mail.$1" -o "$scratch/mail" $(pkg-config --cflags --libs cognitoauth)
    $session --keyring=none "$scratch/mail" >"$scratch/said" 2>&1 || status=$?
    cat "$scratch/said"
    [ "$status" -eq 2 ]
    grep --quiet keyring "$scratch/said"
    $session Tests/Documents/in_and_out.sh "$scratch/mail.$1" "${@:2}"
}

run c "${CC:-cc}" -Wall -Wextra -Werror
run cpp "${CXX:-c++}" -std=c++17 -Wall -Wextra -Werror
