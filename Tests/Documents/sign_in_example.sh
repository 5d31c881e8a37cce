#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Examples/sign_in in front of its user: Enter opens the browser again, and Ctrl-C cancels. In a private session:
#
#   private-session.sh sign_in_example.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
python=.build/python/ministack/bin/python
cognito=$COGNITOAUTH_TEST_HOME/cognito
program=$COGNITOAUTH_TEST_HOME/sign_in
visits=$XDG_DATA_HOME/test-browser/visits.jsonl

local_cognito() { "$python" Tests/Support/local_cognito.py "$@" --directory "$cognito"; }
somebody() { "$python" Tests/Support/browser.py install --kind plain --do "$1"; }
await_visits() {
    for _ in $(seq 300); do
        [ "$(wc -l <"$visits")" -lt "$1" ] || return 0
        sleep 0.1
    done
    return 1
}
start() {
    "$program" org.example.Mail "$COGNITO_USER_POOL_ID" "$COGNITO_CLIENT_ID" \
        "$COGNITO_HOSTED_UI_DOMAIN" "$COGNITO_REDIRECT_URI_1" "$COGNITO_LOGOUT_URI_1" <"$keyboard" >"$said" 2>&1 &
}
ends_with() {
    local status=0
    wait $! || status=$?
    cat "$said"
    [ "$status" -eq "$1" ] && grep -q "$2" "$said"
}

trap 'local_cognito stop >/dev/null 2>&1 || true' EXIT
local_cognito start --managed-login
# shellcheck source=/dev/null
. "$cognito/cognito.env"
export COGNITO_ENDPOINT DISPLAY=:0
# shellcheck disable=SC2046 # options are words
cc Examples/sign_in.c -o "$program" $(pkg-config --cflags --libs cognitoauth)
keyboard=$COGNITOAUTH_TEST_HOME/keyboard said=$COGNITOAUTH_TEST_HOME/said
mkfifo "$keyboard"
exec {typed}<>"$keyboard"
mkdir -p "${visits%/*}"
touch "$visits"

somebody nothing
start
await_visits 1
kill -INT $!
ends_with 2 "was cancelled"
start
await_visits 2
somebody sign-in
echo >&"$typed"
ends_with 0 "ada is signed in"
