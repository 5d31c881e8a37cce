#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Acts on the KWallet of the private session it runs in (see private-session.sh), and on no other.
#
#   kwallet.sh lock               closes the wallet
#   kwallet.sh unlock             opens it without a prompt, the way a login does
#   kwallet.sh restart-unlocked   ends the daemon, if there is one, and starts it with its wallet open
#   kwallet.sh restart-new        ends the daemon, and starts it without any wallet, as for a new user
#   kwallet.sh stop               ends the daemon
#   kwallet.sh pid                prints the daemon's process id, or fails
#   kwallet.sh state              prints unlocked, locked, hanging, no-provider or no-bus
#
# Each returns once its effect can be seen on the bus, or fails after ten seconds. Its windows are on the display
# COGNITOAUTH_TEST_DISPLAY.
log=${XDG_RUNTIME_DIR:-}/kwallet.log
collection=/org/freedesktop/secrets/collection/kdewallet
wallet=kdewallet
. "$(dirname "$0")/secret-service.sh"

if command -v ksecretd >/dev/null; then
  . "$(dirname "$0")/ksecretd.sh"
else
  . "$(dirname "$0")/kwalletd.sh"
fi

# A wallet is written to its file some time after a change, and when it is closed.
close_and_stop() {
  ! pid >/dev/null || close || true
  stop
}

configure() {
  cat >"$XDG_CONFIG_HOME/kwalletrc" <<INI
[Wallet]
Enabled=true
First Use=false
Default Wallet=$wallet
Launch Manager=false
Prompt on Open=false
Leave Open=true
Close When Idle=false

[org.freedesktop.secrets]
apiEnabled=true
INI
}

case ${1:-} in
  lock)
    close || die "the daemon refused to lock"
    await is locked
    ;;
  unlock)
    unlock
    await is unlocked
    ;;
  restart-unlocked)
    close_and_stop
    configure
    if [ ! -e "$XDG_DATA_HOME/kwalletd/$wallet.kwl" ]; then
      # The daemon shows a new wallet to the Secret Service only when it starts again.
      start_unlocked
      close_and_stop
    fi
    start_unlocked
    ;;
  restart-new)
    close_and_stop
    rm -rf "$XDG_DATA_HOME/kwalletd"
    configure
    start
    ;;
  stop) close_and_stop ;;
  pid) pid || die "nothing provides org.freedesktop.secrets" ;;
  state) state ;;
  *) die "usage: kwallet.sh lock|unlock|restart-unlocked|restart-new|stop|pid|state" ;;
esac
