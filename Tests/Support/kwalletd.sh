# SPDX-License-Identifier: Apache-2.0
#
# shellcheck shell=bash
#
# What kwallet.sh does where KWallet is kwalletd5, or the kwalletd6 of KDE's frameworks before 6.14: a daemon with two
# interfaces, of which KWallet's own says whether a wallet is open. The script that reads this has `wallet`.
service=kwalletd5
! command -v kwalletd6 >/dev/null || service=kwalletd6

kwallet() {
  bus_call "org.kde.$service" "/modules/$service" "org.kde.KWallet.$1" "${@:2}"
}

is_open() { [ "$(kwallet isOpen "$wallet")" = '(true,)' ]; }

# An open wallet says that it is locked, to whoever has not asked it to unlock: what is open is asked of KWallet itself.
state() {
  bus_call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus.GetId >/dev/null || { echo no-bus; return; }
  pid >/dev/null || { echo no-provider; return; }
  case $(kwallet isOpen "$wallet" || true) in
    '(true,)') echo unlocked ;;
    '(false,)') echo locked ;;
    *) echo hanging ;;
  esac
}

start() {
  DISPLAY=$COGNITOAUTH_TEST_DISPLAY "$service" </dev/null >>"$log" 2>&1 &
  await pid >/dev/null
}

# pam_kwallet's own request; the hash of a password has 56 bytes.
unlock() {
  local hash
  hash=$(printf 'byte 0x%02x, ' {1..56})
  kwallet pamOpen "$wallet" "[${hash%, }]" 0 >/dev/null || die "the daemon refused to unlock"
  await is_open
}

start_unlocked() {
  start
  unlock
}

close() { kwallet close "$wallet" true >/dev/null; }
