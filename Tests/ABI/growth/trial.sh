#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds a library for trial, in which every struct has got a field more, int64_t trial, as a later version may have it:
# in a struct that comes out and is as large as the library's it is 7, and in one that goes in it must be 0 or 7.
#
#   trial.sh FOLDER    makes FOLDER/Include and FOLDER/.build/lib
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
folder=$1
# What was given to the make that runs this is not meant for the one that it runs.
unset MAKEFLAGS MAKELEVEL MFLAGS

sources=(Include Sources Package.swift Makefile Tests/ABI/growth/trial.sh)
cd "$root"
stamp=$(find "${sources[@]}" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
[ "$stamp" != "$(cat "$folder/stamp" 2>/dev/null)" ] || exit 0

rm -rf "$folder"
mkdir -p "$folder"
cp -a Include Sources Package.swift Makefile "$folder"
ln -s "$root/Tests" "$folder/Tests"
cd "$folder"

# change SCRIPT COUNT FILE...: edits the files, so that COUNT lines more speak of the trial
change() {
    local before after
    before=$(cat "${@:3}" | grep -c trial || true)
    sed -i "$1" "${@:3}"
    after=$(cat "${@:3}" | grep -c trial || true)
    [ $((after - before)) -eq "$2" ] || { printf 'trial.sh: nothing to change: %s\n' "$1" >&2; exit 1; }
}
headers=(Include/cognitoauth/*.h)
change 's/^} auth_[a-z_]*;$/    int64_t trial;\n&/' 5 "${headers[@]}"
change '/^#define AUTH_[A-Z_]*_INIT/,/}$/ s/}$/, 0 \/* trial *\/}/' 5 "${headers[@]}"
boundary=Sources/CognitoAuthABI/Boundary
change 's/^protocol GrowingStruct {$/&\n    var trial: Int64 { get set }/' 1 $boundary/GrowingStruct.swift
change 's/^        return copy(pointer, size)$/        let known = copy(pointer, size)\n        guard known.trial == 0 || known.trial == 7 else { throw .invalid(name, "has a trial") }\n        return known/' 1 \
    $boundary/CStruct.swift
change 's/^        withUnsafeBytes(of: value) {/        var value = value\n        if size == MemoryLayout<Struct>.size { value.trial = 7 }\n&/' 1 \
    $boundary/CStruct.swift

make --silent library >&2
echo "$stamp" >stamp
