#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Examples/resume on a machine whose network comes back, and which wakes up: each makes it finish what was signed out
# offline, and end. In a private session:
#
#   private-session.sh resume_example.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
python=.build/python/ministack/bin/python
system_python=$(command -v /usr/bin/python3 || echo python3)
cognito=$COGNITOAUTH_TEST_HOME/cognito
said=$COGNITOAUTH_TEST_HOME/said

local_cognito() { "$python" Tests/Support/local_cognito.py "$@" --directory "$cognito"; }
# await COMMAND...: until it succeeds, for 30 s at most
await() {
    for _ in $(seq 300); do
        ! "$@" >/dev/null 2>&1 || return 0
        sleep 0.1
    done
    printf 'in vain: %s\n' "$*"
    cat "$said"
    return 1
}
# shellcheck disable=SC2046 # options are words
compile() { cc "Examples/$1.c" -o "$COGNITOAUTH_TEST_HOME/$1" $(pkg-config --cflags --libs cognitoauth ${2:-}); }
program() { "$COGNITOAUTH_TEST_HOME/$1" "${@:2}"; }

trap 'local_cognito stop >/dev/null 2>&1 || true' EXIT
local_cognito start
# shellcheck source=/dev/null
. "$cognito/cognito.env"
export COGNITO_ENDPOINT
app=(org.example.Mail "$COGNITO_USER_POOL_ID" "$COGNITO_CLIENT_ID")
compile save_session
compile sign_out
compile resume gio-2.0
coproc machine { exec "$system_python" -B Tests/Support/mock_machine.py; }
exec {to_machine}>&"${machine[1]}" {from_machine}<&"${machine[0]}"
read -r -t 30 <&"$from_machine"
machine() {
    echo "$1" >&"$to_machine"
    read -r -t 30 <&"$from_machine"
}

token() { "$python" -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1" <<<"$session"; }
refresh_is_refused() {
    local status=0
    token refresh | local_cognito refresh-works --refresh-token-file - || status=$?
    [ "$status" -eq 1 ]
}
is_over() { ! kill -0 "$resume" 2>/dev/null; }

# finished_after FIRST SECOND: what resume sees of the machine; at the first it does nothing, at the second it does
finished_after() {
    local status=0
    session=$(local_cognito sign-in)
    for name in access id refresh; do token "$name"; done | program save_session "${app[@]}" ada
    local_cognito pause
    program sign_out --keep "${app[@]}" || status=$?
    [ "$status" -eq 1 ] || return 1
    GTK_USE_PORTAL=1 DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS \
        "$COGNITOAUTH_TEST_HOME/resume" "${app[@]}" >"$said" 2>&1 &
    resume=$!
    await grep -q "^Waiting" "$said"
    sleep 1 # GIO tells the state of the network too, once it knows it
    local_cognito resume
    machine "$1"
    sleep 1
    if is_over || refresh_is_refused; then
        printf 'it did not wait: %s\n' "$1"
        return 1
    fi
    machine "$2"
    await is_over
    status=0
    wait "$resume" || status=$?
    cat "$said"
    [ "$status" -eq 0 ] && grep -q "The last step is done" "$said" && refresh_is_refused
}

finished_after offline online
finished_after sleep wake
program resume "${app[@]}" | grep -q "You were not signed in."
