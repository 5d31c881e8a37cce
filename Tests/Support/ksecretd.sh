# SPDX-License-Identifier: Apache-2.0
#
# shellcheck shell=bash
#
# What kwallet.sh does where KWallet is ksecretd, as in newer versions of KDE's frameworks: it provides nothing but the
# Secret Service, and opens a wallet with a password or, when it starts, for a login. The script that reads this has
# `wallet` and `collection`.
password="test" password_keys="t e s t"
folder=$XDG_DATA_HOME/kwalletd

daemon_python() {
  local python=python3
  [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
  "$python" -I - "$@"
}

# What pam_kwallet does: ksecretd reads the hash of the password from one descriptor, and the variables of the session
# from whoever connects to the other.
start_unlocked() {
  mkdir -p "$folder"
  DISPLAY=$COGNITOAUTH_TEST_DISPLAY daemon_python "$folder/$wallet.salt" "$password" >>"$log" 2>&1 <<'PYTHON'
import hashlib, os, socket, subprocess, sys

path, password = sys.argv[1], sys.argv[2].encode()
if not os.path.exists(path):
    with open(path, "wb") as file:
        file.write(os.urandom(56))
with open(path, "rb") as file:
    salt = file.read()
reader, writer = os.pipe()
os.write(writer, hashlib.pbkdf2_hmac("sha512", password, salt, 50_000, 56))
os.close(writer)
address = os.path.join(os.environ["XDG_RUNTIME_DIR"], "ksecretd.socket")
with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX) as session:
    listener.bind(address)
    listener.listen()
    descriptors = (reader, listener.fileno())
    subprocess.Popen(["ksecretd", "--pam-login", *map(str, descriptors)], env=os.environ | {"PAM_KWALLET5_LOGIN": "1"},
                     stdin=subprocess.DEVNULL, pass_fds=descriptors)
    session.connect(address)
os.unlink(address)
PYTHON
  await pid >/dev/null
}

start() {
  DISPLAY=$COGNITOAUTH_TEST_DISPLAY ksecretd </dev/null >>"$log" 2>&1 &
  await pid >/dev/null
}

# Unlocks it as a program does.
ask_to_unlock() {
  daemon_python "$collection" <<'PYTHON'
import sys

from gi.repository import Gio, GLib

NAME, ROOT, PREFIX = "org.freedesktop.secrets", "/org/freedesktop/secrets", "org.freedesktop.Secret."
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
loop = GLib.MainLoop()
dismissed = []

def call(path, method, arguments):
    interface, _, member = method.rpartition(".")
    return bus.call_sync(NAME, path, PREFIX + interface, member, arguments, None, 0, 10_000)

def completed(connection, sender, path, interface, signal, arguments):
    dismissed.append(arguments[0])
    loop.quit()

bus.signal_subscribe(NAME, PREFIX + "Prompt", "Completed", None, None, 0, completed)
prompt = call(ROOT, "Service.Unlock", GLib.Variant("(ao)", (sys.argv[1:],)))[1]
if prompt != "/":
    call(prompt, "Prompt.Prompt", GLib.Variant("(s)", ("",)))
    GLib.timeout_add_seconds(60, loop.quit)
    loop.run()
    sys.exit(dismissed != [False])
PYTHON
}

window_is_shown() { DISPLAY=$COGNITOAUTH_TEST_DISPLAY xdotool search --onlyvisible --class ksecretd >/dev/null 2>&1; }

# Its user types the password where it asks for that.
unlock() {
  ask_to_unlock &
  while [ -e "/proc/$!" ] && ! window_is_shown; do sleep 0.05; done
  ! window_is_shown || "$(dirname "$0")/press.sh" ksecretd "$password_keys Return"
  wait $! || die "the daemon refused to unlock"
  await is unlocked
}

# What is locked already cannot be locked.
close() {
  ! is unlocked || bus_call org.freedesktop.secrets /org/freedesktop/secrets \
    org.freedesktop.Secret.Service.Lock "[objectpath '$collection']" >/dev/null
}
