#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs COMMAND in a desktop session of its own: a fresh home, a private D-Bus, its own keyring.
# The user's real session and keyring are out of reach. Exits with COMMAND's status and leaves nothing behind.
#
#   private-session.sh [--keyring=KIND | --no-bus] [--home DIR] COMMAND [ARGUMENT...]
#
#   --keyring=unlocked   a gnome-keyring as after a login (the default)
#   --keyring=cold       a gnome-keyring that nobody has unlocked since it started; with the --home of an earlier
#                        session it shows that session's keyring, locked
#   --keyring=new        a gnome-keyring that has no keyring yet, as for a new user, and can ask for one
#   --keyring=kwallet    a KWallet whose wallet is open
#   --keyring=keepassxc  a KeePassXC whose database is unlocked, and which asks its user nothing
#   --keyring=keepassxc-confirming
#                        ... which asks its user before a program reads or deletes an entry
#   --keyring=encrypted-file
#                        no provider, but a Secret portal, which has the key of libsecret's encrypted file
#   --keyring=none       a bus on which nothing provides the Secret Service
#   --keyring=broken     ... on which its provider exits at once
#   --keyring=hanging    ... on which its provider never answers
#   --no-bus             no session bus at all
#   --home DIR           use DIR as the home and keep it
#
# COMMAND finds the home in COGNITOAUTH_TEST_HOME, KIND in COGNITOAUTH_TEST_KIND, and gnome-keyring's process id in
# GNOME_KEYRING_PID. The script that acts on the keyring is COGNITOAUTH_TEST_KEYRING: keyring.sh, kwallet.sh,
# keepassxc.sh or secret-portal.sh. The windows of KWallet and KeePassXC, and those of new, are on a display without a screen,
# COGNITOAUTH_TEST_DISPLAY.
set -eu
support=$(cd "$(dirname "$0")" && pwd)

die() {
  printf 'private-session.sh: %s\n' "$*" >&2
  exit 125
}

# As a "child subreaper" this shell becomes the parent of every orphan below it, so that at the end it can find
# daemons too. Only a system call sets that; it outlives exec, and the process id shows that it has been done.
if [ "${COGNITOAUTH_TEST_REAPER:-}" != $$ ]; then
  python=python3
  [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
  COGNITOAUTH_TEST_REAPER=$$ exec "$python" -IS -c '
import ctypes, os, signal, sys
PR_SET_CHILD_SUBREAPER = 36
if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
    sys.exit("private-session.sh: PR_SET_CHILD_SUBREAPER failed")
signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it
os.execvp("bash", ["bash", *sys.argv[1:]])' "$0" "$@"
fi
unset COGNITOAUTH_TEST_REAPER

keyring=unlocked home=
while [ $# -gt 0 ]; do
  case $1 in
    --keyring=unlocked | --keyring=cold | --keyring=new | --keyring=none | --keyring=broken | --keyring=hanging) keyring=${1#*=} ;;
    --keyring=kwallet | --keyring=keepassxc | --keyring=keepassxc-confirming) keyring=${1#*=} ;;
    --keyring=encrypted-file) keyring=${1#*=} ;;
    --no-bus) keyring=no-bus ;;
    --home=*) home=${1#*=} ;;
    --home) home=${2:?"--home needs a directory"} && shift ;;
    --) shift && break ;;
    -*) die "unknown option $1" ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || die "no command given"

# The process ids of this shell's living children.
list_children() {
  local file line
  children=()
  for file in /proc/[0-9]*/stat; do
    { read -r line <"$file"; } 2>/dev/null || continue
    # After the name in parentheses: state, parent.
    read -r state parent _ <<<"${line##*) }"
    [ "$parent" != $$ ] || [ "$state" = Z ] || children+=("${file//[!0-9]/}")
  done
}

# Ends every process of the session: children first, then the orphans that they leave to us; by force after two seconds.
clean_up() {
  trap '' HUP INT TERM
  exec 2>/dev/null
  set +e
  local attempt signal=TERM
  for attempt in {1..250}; do
    list_children
    [ ${#children[@]} -gt 0 ] || break
    [ "$attempt" -lt 100 ] || signal=KILL
    kill -s $signal "${children[@]}"
    kill -s CONT "${children[@]}"
    sleep 0.02
  done
  rm -rf "$temporary"
}

umask 077
temporary=$(mktemp -d "${TMPDIR:-/tmp}/cognitoauth-test.XXXXXX")
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

unset DBUS_SESSION_BUS_ADDRESS DBUS_STARTER_ADDRESS DBUS_STARTER_BUS_TYPE DISPLAY WAYLAND_DISPLAY XAUTHORITY \
  GNOME_KEYRING_CONTROL GNOME_KEYRING_PID SSH_AUTH_SOCK \
  SECRET_BACKEND SECRET_FILE_TEST_PATH SECRET_FILE_TEST_PASSWORD SECRET_SERVICE_BUS_NAME
mkdir -p "${home:=$temporary/home}" "$temporary/runtime"
HOME=$(cd "$home" && pwd)
export HOME COGNITOAUTH_TEST_HOME=$HOME XDG_RUNTIME_DIR=$temporary/runtime
export XDG_DATA_HOME=$HOME/.local/share XDG_CONFIG_HOME=$HOME/.config XDG_CACHE_HOME=$HOME/.cache
mkdir -p "$XDG_DATA_HOME" "$XDG_CONFIG_HOME" "$XDG_CACHE_HOME"

# Prints a session bus configuration that knows no service but, if given, a provider of the Secret Service.
bus_configuration() {
  mkdir "$temporary/services"
  [ $# -eq 0 ] || printf '[D-BUS Service]\nName=org.freedesktop.secrets\nExec=%s\n' "$1" \
    >"$temporary/services/org.freedesktop.secrets.service"
  cat <<XML
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=$XDG_RUNTIME_DIR/bus</listen>
  <servicedir>$temporary/services</servicedir>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
  <limit name="service_start_timeout">120000</limit>
</busconfig>
XML
}

# $@: options that choose the configuration. dbus-run-session would do it, but leaves its bus behind when it is killed.
start_bus() {
  local bus
  exec {bus}< <(exec dbus-daemon "$@" --nofork --address="unix:path=$XDG_RUNTIME_DIR/bus" --print-address \
    </dev/null 2>"$temporary/bus.log")
  read -r -t 10 DBUS_SESSION_BUS_ADDRESS <&"$bus" || { cat "$temporary/bus.log" >&2; die "the bus did not start"; }
  exec {bus}<&-
  export DBUS_SESSION_BUS_ADDRESS
}

start_display() {
  local display
  exec {display}< <(exec Xvfb -displayfd 1 -screen 0 1024x768x24 -nolisten tcp -noreset \
    </dev/null 2>"$temporary/display.log")
  read -r -t 10 COGNITOAUTH_TEST_DISPLAY <&"$display" || { cat "$temporary/display.log" >&2; die "Xvfb did not start"; }
  exec {display}<&-
  export COGNITOAUTH_TEST_DISPLAY=:$COGNITOAUTH_TEST_DISPLAY
}

export COGNITOAUTH_TEST_KIND=$keyring COGNITOAUTH_TEST_KEYRING=$support/keyring.sh
case $keyring in
  no-bus) ;;
  unlocked | cold)
    start_bus --session
    "$support/keyring.sh" "restart-$keyring" || die "gnome-keyring did not start"
    GNOME_KEYRING_PID=$("$support/keyring.sh" pid)
    export GNOME_KEYRING_PID
    ;;
  new)
    start_display
    # The bus starts the program that shows the daemon's windows.
    DISPLAY=$COGNITOAUTH_TEST_DISPLAY start_bus --session
    "$support/keyring.sh" restart-new || die "gnome-keyring did not start"
    ;;
  kwallet | keepassxc*)
    COGNITOAUTH_TEST_KEYRING=$support/${keyring%-confirming}.sh confirming=
    [ "$keyring" != keepassxc-confirming ] || confirming=true
    bus_configuration >"$temporary/bus.conf"
    start_bus --config-file="$temporary/bus.conf"
    start_display
    "$COGNITOAUTH_TEST_KEYRING" restart-unlocked $confirming || die "$keyring did not start"
    ;;
  encrypted-file)
    COGNITOAUTH_TEST_KEYRING=$support/secret-portal.sh
    bus_configuration >"$temporary/bus.conf"
    start_bus --config-file="$temporary/bus.conf"
    "$COGNITOAUTH_TEST_KEYRING" restart-unlocked || die "the Secret portal did not start"
    ;;
  *)
    case $keyring in
      none) bus_configuration ;;
      broken) bus_configuration /bin/false ;;
      hanging) bus_configuration '/bin/sleep 3600' ;;
    esac >"$temporary/bus.conf"
    start_bus --config-file="$temporary/bus.conf"
    ;;
esac

# In the background, since a trap runs only once a foreground command has ended. A shell closes such a command's
# input and lets it ignore signals from the keyboard: undone here.
env --default-signal=INT,QUIT "$@" <&0 &
status=0
wait $! || status=$?
exit "$status"
