#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Examples/gtk_account in a real window: clicks its buttons and asks the keyring, Cognito and the browser what came
# of it. A picture of each outcome is left in .build/screenshots. Ends with "N passed, N failed", or "0 passed,
# 0 failed, 1 skipped" where GTK, Xvfb or xdotool is missing.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit

for tool in Xvfb xdotool import; do
    command -v "$tool" >/dev/null || { echo "0 passed, 0 failed, 1 skipped"; exit 0; }
done
[ -x .build/examples/gtk_account ] || { echo "0 passed, 0 failed, 1 skipped"; exit 0; }
if [ -z "${COGNITOAUTH_DESKTOP_SESSION:-}" ]; then
    COGNITOAUTH_DESKTOP_SESSION=1 exec Tests/Support/private-session.sh "$0" "$@"
fi

python=.build/python/ministack/bin/python
cognito=$COGNITOAUTH_TEST_HOME/cognito
pictures=$PWD/.build/screenshots
export LD_LIBRARY_PATH=$PWD/.build/lib GSK_RENDERER=cairo GTK_A11Y=none GDK_BACKEND=x11
app_id=org.example.Desktop
passed=0 failed=0
mkdir -p "$cognito" "$pictures"

local_cognito() { "$python" Tests/Support/local_cognito.py "$@" --directory "$cognito"; }
check() {
    local name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); printf 'FAILED  %s\n' "$name"; fi
}
# wait_for COMMAND...: until it succeeds, for 10 s at most
wait_for() {
    for _ in $(seq 100); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.1
    done
    return 1
}

export DISPLAY
exec {display_pipe}<> <(:)
Xvfb -displayfd "$display_pipe" -screen 0 800x600x24 -nolisten tcp -noreset >/dev/null 2>&1 &
xvfb=$!
trap 'kill ${window:+"$window"} "$xvfb" 2>/dev/null; local_cognito stop >/dev/null 2>&1' EXIT
read -r -t 10 -u "$display_pipe" DISPLAY || { echo "0 passed, 1 failed"; exit 1; }
DISPLAY=:$DISPLAY

local_cognito start --managed-login >/dev/null
# shellcheck source=/dev/null
. "$cognito/cognito.env"
export COGNITO_ENDPOINT
arguments=("$app_id" "$COGNITO_USER_POOL_ID" "$COGNITO_CLIENT_ID")
pages=("$COGNITO_HOSTED_UI_DOMAIN" "$COGNITO_REDIRECT_URI_1" "$COGNITO_LOGOUT_URI_1")

# somebody DEED: who sits in front of the browser that the window opens
somebody() { "$python" Tests/Support/browser.py install --kind plain --do "$1"; }
visits=$XDG_DATA_HOME/test-browser/visits.jsonl
browser_noted() { [ "$(wc -l <"$visits")" -eq "$1" ] && tail -n 1 "$visits" | grep -qF -- "$2"; }

# Without the browser, as in a program that signs in by other means.
sign_in() {
    session=$(local_cognito sign-in)
    for name in access id refresh; do
        "$python" -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$name" <<<"$session"
    done | .build/examples/save_session "${arguments[@]}" ada >/dev/null
}
# refresh_is_refused [SESSION]: that of the latest sign-in, or an earlier one
refresh_is_refused() {
    local status=0
    "$python" -c 'import json, sys; print(json.load(sys.stdin)["refresh"])' <<<"${1:-$session}" |
        local_cognito refresh-works --refresh-token-file - >/dev/null || status=$?
    [ "$status" -eq 1 ]
}
keyring_is_empty() {
    [ "$(gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
        --method org.freedesktop.Secret.Service.SearchItems "{'app-id': '$app_id', 'kind': 'session'}")" = "(@ao [], @ao [])" ]
}

keyring_holds_session() { ! keyring_is_empty; }

open_window() {
    .build/examples/gtk_account "${arguments[@]}" "${pages[@]}" &
    window=$!
    wait_for xdotool search --onlyvisible --name '^Account$' || return 1
    id=$(xdotool search --onlyvisible --name '^Account$' | head -n 1)
    sleep 0.5 # the first frame
}
# click N: the N-th button from the bottom of the window
click() {
    # shellcheck disable=SC2034 # what xdotool says
    local WINDOW X Y WIDTH HEIGHT SCREEN
    eval "$(xdotool getwindowgeometry --shell "$id")"
    xdotool mousemove "$((X + WIDTH / 2))" "$((Y + HEIGHT - 24 - 17 - ($1 - 1) * 46))" click 1
}
picture() { sleep 0.5; import -window "$id" "$pictures/$1.png"; }
close_window() { kill "$window"; wait "$window" 2>/dev/null; window=; }

somebody sign-in
open_window
picture signed-out
click 1
check "a click on Sign in, and a password in the browser, stores a session" wait_for keyring_holds_session
check "the browser says that its user is signed in" wait_for browser_noted 1 "You are signed in to Example."
picture signed-in-by-browser
click 2
check "a click on Sign out empties the keyring again" wait_for keyring_is_empty
check "and the browser says that it is signed out" wait_for browser_noted 2 "Your browser is signed out."

somebody nothing
sleep 0.5 # the button
click 1
check "the next sign-in is asked for the password" wait_for browser_noted 3 '"asked_password": true'
picture browser-open
somebody sign-in
click 2
check "a click on Open the browser again, and a password there, stores a session" wait_for keyring_holds_session
sleep 0.5 # the buttons
click 2
check "which a click on Sign out ends" wait_for keyring_is_empty

somebody cancel
wait_for browser_noted 5 "Your browser is signed out."
sleep 0.5 # the button
click 1
wait_for browser_noted 6 "Sign-in failed."
picture declined
somebody nothing
click 1
wait_for browser_noted 7 '"asked_password": true'
click 1
sleep 1
picture cancelled
check "who declines in the browser, or cancels in the window, is not signed in" keyring_is_empty
close_window

sign_in
open_window
picture signed-in
click 2
check "a click on Sign out empties the keyring" wait_for keyring_is_empty
check "and Cognito refuses the refresh token" wait_for refresh_is_refused
picture complete
close_window

sign_in
local_cognito pause >/dev/null
open_window
click 1
check "a click on Sign out everywhere empties the keyring, with Cognito down" wait_for keyring_is_empty
picture partial
local_cognito resume >/dev/null
check "and Cognito still accepts the refresh token" eval '! refresh_is_refused'
close_window
open_window
check "until the window is opened again, which finishes it" wait_for refresh_is_refused
picture resumed
close_window

# Nobody answers the keyring's prompt here, so the sign-out fails.
sign_in
open_window
Tests/Support/keyring.sh lock
click 2
sleep 2
picture failed
close_window
Tests/Support/keyring.sh unlock
check "with a locked keyring, a click on Sign out keeps the session" eval '! keyring_is_empty'
check "and Cognito still accepts the refresh token" eval '! refresh_is_refused'

# Somebody signs in again before a sign-out is finished, which leaves that session alone.
local_cognito pause >/dev/null
open_window
click 2
check "with Cognito down, a click on Sign out empties the keyring" wait_for keyring_is_empty
close_window
local_cognito resume >/dev/null
earlier=$session
sign_in
open_window
check "what is left of it is finished after a newer sign-in" wait_for refresh_is_refused "$earlier"
picture newer-session
check "which stays where it is" keyring_holds_session
check "and Cognito accepts its refresh token" eval '! refresh_is_refused'

another_program_signs_out() { .build/examples/sign_out "${arguments[@]}" >/dev/null; }
another_program_signs_out
sleep 1 # the window looks
picture signed-out-elsewhere
somebody sign-in
click 1
check "a window that saw another program sign out has a button Sign in" wait_for keyring_holds_session
sleep 1
another_program_signs_out
check "and the other program can sign out again" keyring_is_empty
sign_in
sleep 1
picture signed-in-elsewhere
click 2
check "a window that saw another program sign in has a button Sign out" wait_for keyring_is_empty
close_window

without_a_pool() { .build/examples/gtk_account "$app_id" nonsense client "${pages[@]}" 2>&1; }
says_why() { local said; said=$(without_a_pool); [ $? -eq 2 ] && grep -q user_pool_id <<<"$said"; }
check "a window that cannot be opened says why" says_why

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
