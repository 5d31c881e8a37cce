#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the certificates of the TLS tests in the folder DIR, valid for two days.
#
#   certificates.sh DIR
#
#   ca.pem           the authority that a test tells the library to trust
#   good.pem         for localhost, 127.0.0.1 and ::1, signed by it
#   wrong-host.pem   signed by it, for another host
#   self-signed.pem  for localhost, signed by nobody else
#
# Each has its key beside it in NAME.key.
set -eu
directory=${1:?"usage: certificates.sh DIR"}
mkdir -p "$directory"
cd "$directory"
umask 077

own=subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1

# $1: file name, $2: extension, the rest: who signs (nobody: itself).
certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" \
    -keyout "$1.key" -out "$1.pem" -addext "$2" "${@:3}" 2>openssl.log || { cat openssl.log >&2; exit 1; }
}

certificate ca keyUsage=critical,keyCertSign,cRLSign
certificate self-signed "$own"
for leaf in "good $own" "wrong-host subjectAltName=DNS:wrong.example"; do
  # shellcheck disable=SC2086 # two words
  certificate $leaf -CA ca.pem -CAkey ca.key -addext basicConstraints=critical,CA:FALSE
done
rm -f openssl.log
