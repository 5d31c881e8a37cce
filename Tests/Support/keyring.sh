#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Acts on the gnome-keyring of the private session it runs in (see private-session.sh), and on no other.
#
#   keyring.sh lock               locks the login collection
#   keyring.sh unlock             unlocks it without a prompt, the way a login does: no program is told
#   keyring.sh unlock-told        unlocks it without a prompt, and programs are told as after one
#   keyring.sh restart-unlocked   ends the daemon, if there is one, and starts it unlocked
#   keyring.sh restart-cold       ends the daemon and starts it never unlocked: nobody has typed a password yet
#   keyring.sh restart-new        ends the daemon, and starts it without any keyring, as for a new user
#   keyring.sh stop               ends the daemon
#   keyring.sh pid                prints the daemon's process id, or fails
#   keyring.sh state              prints unlocked, locked, no-collection, hanging, no-provider or no-bus
#
# Each returns once its effect can be seen on the bus, or fails after ten seconds, or KEYRING_LIMIT seconds.
log=${XDG_RUNTIME_DIR:-}/keyring.log
collection=/org/freedesktop/secrets/collection/login
password="test"
. "$(dirname "$0")/secret-service.sh"

start() {
  # In the foreground, so that its log is ours; "<&0" since a shell takes the input from a background command.
  gnome-keyring-daemon --foreground --components=secrets "$@" <&0 >>"$log" 2>&1 &
  await pid >/dev/null
}

# pam_gnome_keyring's own request (operation 1 is UNLOCK, result 0 is OK) on the daemon's control socket.
unlock() {
  local python=python3
  [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
  "$python" -IS - "$XDG_RUNTIME_DIR/keyring/control" "$password" <<'PYTHON' || die "the daemon refused to unlock"
import socket, struct, sys

path, password = sys.argv[1], sys.argv[2].encode()
with socket.socket(socket.AF_UNIX) as control:
    control.settimeout(10)
    control.connect(path)
    control.sendall(b"\0")  # carries our credentials
    control.sendall(struct.pack(">III", 12 + len(password), 1, len(password)) + password)
    reply = control.recv(8, socket.MSG_WAITALL)
sys.exit(reply != struct.pack(">II", 8, 0))
PYTHON
}

# What gnome-keyring has for its own prompts and tests.
unlock_told() {
  local python=python3
  [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
  "$python" -I - "$collection" "$password" <<'PYTHON' || die "the daemon refused to unlock"
import sys

from gi.repository import Gio, GLib

ROOT = "/org/freedesktop/secrets"
bus = Gio.bus_get_sync(Gio.BusType.SESSION)

def call(interface, method, arguments):
    return bus.call_sync(ROOT[1:].replace("/", "."), ROOT, interface, method, arguments, None, 0, 10_000)

session = call("org.freedesktop.Secret.Service", "OpenSession", GLib.Variant("(sv)", ("plain", GLib.Variant("s", ""))))[1]
call("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface", "UnlockWithMasterPassword",
     GLib.Variant("(o(oayays))", (sys.argv[1], (session, b"", sys.argv[2].encode(), "text/plain"))))
PYTHON
}

case ${1:-} in
  lock)
    bus_call org.freedesktop.secrets /org/freedesktop/secrets \
      org.freedesktop.Secret.Service.Lock "[objectpath '$collection']" >/dev/null || die "the daemon refused to lock"
    await is locked
    ;;
  unlock)
    unlock
    await is unlocked
    ;;
  unlock-told)
    unlock_told
    await is unlocked
    ;;
  restart-unlocked)
    stop
    start --unlock < <(printf %s "$password")
    await is unlocked
    ;;
  restart-cold)
    stop
    start </dev/null
    [ ! -e "$XDG_DATA_HOME/keyrings/login.keyring" ] || await is locked
    ;;
  restart-new)
    stop
    rm -f "$XDG_DATA_HOME"/keyrings/*
    start </dev/null
    ;;
  stop) stop ;;
  pid) pid || die "nothing provides org.freedesktop.secrets" ;;
  state) state ;;
  *) die "usage: keyring.sh lock|unlock|unlock-told|restart-unlocked|restart-cold|restart-new|stop|pid|state" ;;
esac
