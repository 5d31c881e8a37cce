#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the Debian packages from the source tarball, in a folder of their own, and puts them into .build/dist.
set -euo pipefail
cd "$(dirname "$0")/../.."
umask 022
# What the caller gave to make is not meant for debian/rules, but for SWIFT, which is in the environment.
unset MAKEFLAGS MAKELEVEL MFLAGS
export SWIFT=${SWIFT:-swift}

rm -f .build/dist/libcognitoauth*
tarball=$(Sources/Packaging/dist.sh source)
name=$(basename "$tarball" .tar.gz)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tar --extract --file="$tarball" --directory="$scratch"
cp "$tarball" "$scratch/lib${name/-/_}.orig.tar.gz"
cp -R "$scratch/$name/Sources/Packaging/debian" "$scratch/$name/debian"

# The profile stands for Swift from elsewhere; every other build dependency is still asked for.
(cd "$scratch/$name" && DEB_BUILD_PROFILES="${DEB_BUILD_PROFILES:-} pkg.libcognitoauth.foreign-swift" \
    dpkg-buildpackage --unsigned-source --unsigned-changes)

mv "$scratch"/libcognitoauth* .build/dist
printf '%s\n' .build/dist/libcognitoauth*
