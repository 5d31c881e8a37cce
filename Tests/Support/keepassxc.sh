#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Acts on the KeePassXC of the private session it runs in (see private-session.sh), and on no other.
#
#   keepassxc.sh lock                      locks the database
#   keepassxc.sh unlock                    unlocks it without a window
#   keepassxc.sh add-locked                opens a second database beside it, which stays locked
#   keepassxc.sh restart-unlocked [true]   ends KeePassXC, if it is there, and starts it with its database unlocked;
#                                          true: now it asks its user before a program reads or deletes an entry
#   keepassxc.sh restart-new               ends KeePassXC, whatever it has not saved, and starts it without a database
#   keepassxc.sh stop                      ends it
#   keepassxc.sh pid                       prints its process id, or fails
#   keepassxc.sh state                     prints unlocked, locked, no-collection, hanging, no-provider or no-bus
#
# Each returns once its effect can be seen on the bus, or fails after ten seconds. Its windows are on the display
# COGNITOAUTH_TEST_DISPLAY.
log=${XDG_RUNTIME_DIR:-}/keepassxc.log
collection=/org/freedesktop/secrets/aliases/default
password="test"
. "$(dirname "$0")/secret-service.sh"

database=$HOME/test.kdbx
configuration=$XDG_CONFIG_HOME/keepassxc/keepassxc.ini

main_window() {
  bus_call org.keepassxc.KeePassXC.MainWindow /keepassxc "org.keepassxc.KeePassXC.MainWindow.$1" "${@:2}" >/dev/null
}

# $1: whether it asks its user. It saves when it is locked: what other programs change while it saves by itself, 150 ms
# after each change, is lost now and then, and sometimes it crashes.
configure() {
  local is_silent=true
  [ "$1" = false ] || is_silent=false
  mkdir -p "$(dirname "$configuration")"
  cat >"$configuration" <<INI
[General]
ConfigVersion=2
UpdateCheckMessageShown=true
OpenPreviousDatabasesOnStartup=false
AutoSaveAfterEveryChange=false

[GUI]
CheckForUpdates=false

[Security]
NoConfirmMoveEntryToRecycleBin=$is_silent

[FdoSecrets]
Enabled=true
ShowNotification=false
ConfirmAccessItem=$1
ConfirmDeleteItem=$1
INI
}

# A database whose root group is what other programs see.
create_database() {
  local group=01234567-89ab-cdef-0123-456789abcdef
  local encoded=ASNFZ4mrze8BI0VniavN7w==
  cat >"$HOME/test.xml" <<XML
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<KeePassFile>
  <Meta>
    <DatabaseName>test</DatabaseName>
    <RecycleBinEnabled>True</RecycleBinEnabled>
    <CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{$group}</Value></Item></CustomData>
  </Meta>
  <Root><Group><UUID>$encoded</UUID><Name>Root</Name></Group></Root>
</KeePassFile>
XML
  printf '%s\n%s\n' "$password" "$password" | keepassxc-cli import -q -p "$HOME/test.xml" "$database" >>"$log" 2>&1 ||
    die "the database could not be made: $(cat "$log")"
}

# Where TMPDIR is it looks whether it is running already. It gets its database afterwards: version 2.7.10 ends with a
# segmentation fault in Qt where it shows its window for the first time with a database that --pw-stdin unlocks.
start() {
  TMPDIR=$XDG_RUNTIME_DIR DISPLAY=$COGNITOAUTH_TEST_DISPLAY keepassxc </dev/null >>"$log" 2>&1 &
  await is no-collection
}

# It answers once the database is open, for which a busy machine may need longer than a call waits.
unlock() {
  main_window openDatabase "$database" "$password" || true
  await is unlocked
}

lock() {
  main_window lockAllDatabases || die "it refused to lock"
  await is locked
}

# A database that is being saved keeps it from ending.
lock_and_stop() {
  ! is unlocked || lock
  stop
}

case ${1:-} in
  lock) lock ;;
  unlock) unlock ;;
  add-locked)
    cp "$database" "$HOME/second.kdbx"
    main_window openDatabase "$HOME/second.kdbx" || die "it refused to open a second database"
    # Items are stored in the database that its window shows.
    main_window openDatabase "$database" "$password" || die "it refused to show the first one again"
    await is unlocked
    ;;
  restart-unlocked)
    lock_and_stop
    # Before the database: whatever makes it makes a configuration too.
    if [ -n "${2:-}" ] || [ ! -e "$configuration" ]; then configure "${2:-false}"; fi
    [ -e "$database" ] || create_database
    start
    unlock
    ;;
  restart-new)
    # It would ask its user where to save a database that is new.
    if daemon=$(pid); then
      kill -s KILL "$daemon"
      await ended "$daemon"
    fi
    rm -f "$database"
    start
    ;;
  stop) lock_and_stop ;;
  pid) pid || die "nothing provides org.freedesktop.secrets" ;;
  state) state ;;
  *) die "usage: keepassxc.sh lock|unlock|add-locked|restart-unlocked|restart-new|stop|pid|state" ;;
esac
