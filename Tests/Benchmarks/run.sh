#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Compares a global sign-out with the library to one by a C program written by hand, and prints a table: times, D-Bus
# calls, requests, memory, sizes. It asserts nothing about time, and fails only if something did not work, above all if
# a program that was measured did not sign out.
#
#   run.sh    PAIRS=30 and ITEMS=0 in the environment are explained in compare.py
#
# What it builds, and a list of the D-Bus calls, is left in .build/bench.
set -euo pipefail
cd "$(dirname "$0")/../.."
read -r load_1 load_5 load_15 _ </proc/loadavg

die() {
  printf 'bench: %s\n' "$*" >&2
  exit 1
}

here=Tests/Benchmarks built=$PWD/.build/bench library=$PWD/.build/lib/libcognitoauth.so system=/etc/ssl/certs
[ -e "$library" ] || die "there is no library; run make first"
[ -s $system/ca-certificates.crt ] && compgen -G "$system/????????.[0-9]" >/dev/null ||
  die "$system does not have what Debian's package ca-certificates puts there"
mkdir -p "$built"

compile() { cc -std=c11 -D_GNU_SOURCE -O2 -s -Wall -Wextra -Werror "$@"; }
# $1: packages
# shellcheck disable=SC2046,SC2086 # flags are words
compile_with() { compile "${@:2}" $(pkg-config --cflags --libs $1); }

compile $here/stopwatch.c -o "$built/stopwatch"
compile_with "libcurl libsecret-1 jansson" $here/loading.c -o "$built/loading" -Wl,--no-as-needed
compile_with libcurl -shared -fPIC $here/system_certificates.c -o "$built/system_certificates.so"
compile_with "libcurl libsecret-1 jansson" $here/program.c $here/by_hand.c -o "$built/by_hand"
compile -IInclude $here/program.c $here/with_library.c -o "$built/with_library" \
  -L.build/lib -lcognitoauth -Wl,-rpath,"$PWD/.build/lib"

# What a system trusts, and the tests' authority too: as a folder of files named by hash, and as one file.
Tests/Support/certificates.sh "$built/certificates"
authority=$built/certificates/ca.pem
rm -rf "$built/authorities"
mkdir "$built/authorities"
ln -s $system/????????.[0-9] "$built/authorities"
ln -s "$authority" "$built/authorities/$(openssl x509 -subject_hash -noout -in "$authority").0"
cat $system/ca-certificates.crt "$authority" >"$built/authorities.pem"

unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
python=python3
[ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
export PYTHONPATH=$PWD/Tests/Support PYTHONDONTWRITEBYTECODE=1
exec Tests/Support/private-session.sh "$python" $here/compare.py "$built" "$library" "$load_1 $load_5 $load_15"
