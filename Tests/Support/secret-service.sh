# SPDX-License-Identifier: Apache-2.0
#
# shellcheck shell=bash
#
# What keyring.sh, kwallet.sh, keepassxc.sh and secret-portal.sh have in common: the provider of the Secret Service, or
# the portal, on the bus of the private session that they run in. The script that reads this has `collection`, the path of the collection that items
# are in, and `log`, where the provider's output is; and `name`, what it is called on the bus, if it is something else.
set -eu
: "${name:=org.freedesktop.secrets}"

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# $1: bus name, $2: object path, the rest: method and arguments.
bus_call() {
  gdbus call --session --timeout 5 --dest "$1" --object-path "$2" --method "${@:3}" 2>&1
}

# Fails when nobody owns the name. Asks the bus only, so that asking never starts a daemon.
pid() {
  local reply
  reply=$(bus_call org.freedesktop.DBus /org/freedesktop/DBus \
    org.freedesktop.DBus.GetConnectionUnixProcessID "$name") || return 1
  reply=${reply#'(uint32 '}
  echo "${reply%',)'}"
}

state() {
  bus_call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus.GetId >/dev/null || { echo no-bus; return; }
  pid >/dev/null || { echo no-provider; return; }
  case $(bus_call org.freedesktop.secrets "$collection" \
    org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Collection Locked || true) in
    *'<false>'*) echo unlocked ;;
    *'<true>'*) echo locked ;;
    *[Tt]imeout*) echo hanging ;;
    *) echo no-collection ;;
  esac
}

is() { [ "$(state)" = "$1" ]; }

# Waits until "$@" succeeds.
await() {
  local end=$((SECONDS + ${KEYRING_LIMIT:-10}))
  while [ "$SECONDS" -lt "$end" ]; do
    ! "$@" || return 0
    sleep 0.02
  done
  [ ! -s "$log" ] || tail -n 20 "$log" >&2
  die "waited in vain for: $* (the keyring is $(state))"
}

# $1: a process id. A process that has left the bus may not have ended, and may keep another one from starting.
ended() { ! pid >/dev/null && [ ! -e "/proc/$1/exe" ]; }

stop() {
  local daemon
  daemon=$(pid) || return 0
  # TERM does not reach a daemon that a test has stopped; CONT wakes it.
  kill -s TERM "$daemon" && kill -s CONT "$daemon" || true
  await ended "$daemon"
}

if [ -z "${COGNITOAUTH_TEST_HOME:-}" ] || [ "$COGNITOAUTH_TEST_HOME" != "${HOME:-}" ]; then
  die "run me inside private-session.sh: this could be a real keyring"
fi
