#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Acts on the Secret portal of the private session it runs in (see private-session.sh), which has the key of libsecret's
# encrypted file.
#
#   secret-portal.sh lock               from now on its user refuses to hand out the key
#   secret-portal.sh silence            from now on its user does not answer
#   secret-portal.sh unlock             from now on it hands out the key; those who wait have it too
#   secret-portal.sh restart-unlocked   ends it, if it is there, and starts it
#   secret-portal.sh stop               ends it
#   secret-portal.sh pid                prints its process id, or fails
#
# Each returns once its effect can be seen on the bus, or fails after ten seconds.
log=${XDG_RUNTIME_DIR:-}/portal.log
name=org.freedesktop.portal.Desktop
. "$(dirname "$0")/secret-service.sh"

portal() {
  bus_call "$name" /mock "org.cognitoauth.Mock.$1" "${@:2}" >/dev/null || die "the portal did not do it"
}

start() {
  local python=python3
  [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
  "$python" -I "$(dirname "$0")/mock_secret_portal.py" --stay </dev/null >>"$log" 2>&1 &
  await pid >/dev/null
}

state() { pid >/dev/null && echo there || echo away; }

case ${1:-} in
  lock) portal Behave dismiss ;;
  silence) portal Behave silent ;;
  unlock) portal Release ;;
  restart-unlocked)
    # Nobody is told that a request went with its portal.
    ! pid >/dev/null || portal Release
    stop
    start
    ;;
  stop) stop ;;
  pid) pid || die "nothing is $name" ;;
  *) die "usage: secret-portal.sh lock|silence|unlock|restart-unlocked|stop|pid" ;;
esac
