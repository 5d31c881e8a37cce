#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# demo: the library at work on a real keyring, a real Cognito API and a browser, step by step.
#
# Run it with `make demo`. Everything happens in a private D-Bus session with a home of its own, against
# a Cognito on this machine; both are gone when it ends. Each proof is asked of the keyring, of Cognito and
# of the browser, not of the library. Exit status: 0 if all of them hold.
#
# The browser is Chromium or Firefox, without a window, where one is installed that can be driven; else a small
# one in Python takes the same steps. BROWSER=chromium|firefox|plain chooses.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${COGNITOAUTH_DEMO_SESSION:-}" ]; then
    COGNITOAUTH_DEMO_SESSION=1 exec Tests/Support/private-session.sh "$0" "$@"
fi

python=.build/python/ministack/bin/python
cognito=$COGNITOAUTH_TEST_HOME/cognito
export LD_LIBRARY_PATH=$PWD/.build/lib
app_id=org.example.Demo
failures=0 visits=0 visit=

local_cognito() { "$python" Tests/Support/local_cognito.py "$@" --directory "$cognito"; }

bold='' green='' red='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; fi

step() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# prove CLAIM COMMAND...: whether COMMAND succeeds, in words
prove() {
    local claim=$1
    shift
    if "$@"; then
        printf '  %sproved%s  %s\n' "$green" "$plain" "$claim"
    else
        printf '  %sNOT SO%s  %s\n' "$red" "$plain" "$claim"
        failures=$((failures + 1))
    fi
}

# shown EXAMPLE [ARGUMENT...]: the command that is run, all of it. EXAMPLE may have an option, as in "sign_out --keep".
shown() {
    local command=("$1" "${client[@]}" "${@:2}")
    printf '  $ COGNITO_ENDPOINT=%s .build/examples/%s\n' "$COGNITO_ENDPOINT" "${command[*]}"
}

# run EXPECTED_STATUS EXAMPLE [ARGUMENT...]: an example program, and whether it ended as it should
run() {
    local expected=$1 status=0
    shift
    shown "$@"
    # shellcheck disable=SC2086 # options are words
    .build/examples/$1 "${client[@]}" "${@:2}" 2>&1 </dev/null | sed 's/^/    /' ||
        status=$?
    prove "${1%% *} ended with exit status $expected" [ "$status" -eq "$expected" ]
}

# heard LINE: what the program at $from_program says, up to this line; whether the line came
heard() {
    local line
    while IFS= read -r -t 60 line <&"$from_program"; do
        printf '    %s\n' "$line"
        [[ $line != "$1" ]] || return 0
    done
    return 1
}

# What the keyring itself says, asked over D-Bus.
keyring() {
    gdbus call --session --dest org.freedesktop.secrets "$@"
}
items() {
    keyring --object-path /org/freedesktop/secrets --method org.freedesktop.Secret.Service.SearchItems \
        "{'app-id': '$app_id', 'kind': '${1:-session}'}"
}
keyring_is_empty() { [ "$(items)" = "(@ao [], @ao [])" ]; }
keyring_keeps() { # keyring_keeps COUNT: so many unfinished sign-outs
    [ "$(items unfinished | grep -o "/org/freedesktop/secrets/collection/[^']*" | wc -l)" -eq "$1" ]
}
keyring_holds_session() { [ "$(items | grep -o "/org/freedesktop/secrets/collection/[^']*" | wc -l)" -eq 1 ]; }
show_item() {
    local item property
    item=$(items | grep -o "/org/freedesktop/secrets/collection/[^']*")
    for property in Label Attributes Locked; do
        printf '    %-10s %s\n' "$property" "$(keyring --object-path "$item" \
            --method org.freedesktop.DBus.Properties.Get org.freedesktop.Secret.Item "$property" |
            sed 's/^(<\(.*\)>,)$/\1/')"
    done
}

# The session in the keyring, as local_cognito.py prints one.
stored() {
    secret-tool lookup app-id "$app_id" kind session | "$python" -c 'import json, sys
session = json.load(sys.stdin)
print(json.dumps({name: session[name + "_token"] for name in ("access", "id", "refresh")}))'
}

# What the browser itself says: once a visit is over, it has noted a line more.
choose_browser() {
    if command -v chromium && command -v chromedriver; then browser=chromium
    elif command -v firefox-esr; then browser=firefox
    else browser=plain; fi
} >/dev/null
await_visit() {
    local notes=$XDG_DATA_HOME/test-browser/visits.jsonl
    visits=$((visits + 1))
    for _ in $(seq 900); do
        visit=$(sed -n "${visits}p" "$notes" 2>/dev/null || true)
        [ -z "$visit" ] || break
        sleep 0.1
    done
    "$python" -c 'import json, sys
visit = json.loads(sys.argv[1] or "{}")
for page in visit.get("pages", []):
    print("    browser    {host}{path}: {title}".format(**page))
print("    browser   ", visit.get("error") or visit.get("text", "did not open"))' "$visit"
}
browser_asked() { grep -q '"asked_password": true' <<<"$visit"; }
browser_did_not_ask() { grep -q '"asked_password": false' <<<"$visit"; }
browser_says() { grep -qF "$1" <<<"$visit"; }

# What Cognito itself says. Tokens go through pipes: they are never in a file or on a command line.
sign_in() { local_cognito sign-in; }
token() { "$python" -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$2" <<<"$1"; }
save() {
    local name
    printf '%s <tokens\n' "$(shown save_session ada)"
    for name in access id refresh; do token "$1" "$name"; done |
        .build/examples/save_session "${client[@]}" ada | sed 's/^/    /'
}
refresh_is() { # refresh_is accepted|refused SESSION
    local status=0
    token "$2" refresh | local_cognito refresh-works --refresh-token-file - >/dev/null || status=$?
    case $1 in accepted) [ "$status" -eq 0 ] ;; refused) [ "$status" -eq 1 ] ;; esac
}
access_is() { # access_is accepted|refused SESSION
    local status=0
    token "$2" access | local_cognito access-works --access-token-file - >/dev/null || status=$?
    case $1 in accepted) [ "$status" -eq 0 ] ;; refused) [ "$status" -eq 1 ] ;; esac
}

check_says() {
    local said
    said=$(.build/examples/watch --check "${client[@]}" 2>&1 </dev/null)
    sed 's/^/    /' <<<"$said"
    grep -qF "$1" <<<"$said"
}

step "A private keyring, a local Cognito and a browser"
mkdir -p "$cognito"
trap 'local_cognito stop >/dev/null 2>&1 || true' EXIT
local_cognito start --managed-login >/dev/null
# shellcheck source=/dev/null
. "$cognito/cognito.env"
export COGNITO_ENDPOINT
client=("$app_id" "$COGNITO_USER_POOL_ID" "$COGNITO_CLIENT_ID")
browser=${BROWSER:-}
[ -n "$browser" ] || choose_browser
"$python" Tests/Support/browser.py install --kind "$browser"
# The library starts a browser on a desktop only. This one has no window, and needs none.
export DISPLAY=:0
printf '  Cognito (MiniStack) listens on %s, the keyring is %s, the browser is %s.\n' \
    "$COGNITO_ENDPOINT" "$(Tests/Support/keyring.sh state)" "$browser"
pages=("$COGNITO_HOSTED_UI_DOMAIN" "$COGNITO_REDIRECT_URI_1" "$COGNITO_LOGOUT_URI_1")

step "1. Ada signs in through the browser, and out"
run 0 sign_in "${pages[@]}"
await_visit
prove "the browser asked for the password" browser_asked
prove "and says that she is signed in" browser_says "You are signed in to $app_id."
prove "the keyring holds one item of ours" keyring_holds_session
show_item
here=$(stored)
prove "Cognito accepts its refresh token" refresh_is accepted "$here"
printf '  Another program of hers, in the same browser:\n'
client[0]=org.example.Other
run 0 sign_in "${pages[@]}"
await_visit
prove "the browser knows her, and does not ask" browser_did_not_ask
client[0]=$app_id
run 0 sign_out "${pages[0]}" "${pages[2]}"
await_visit
prove "the browser says that it is signed out" browser_says "Your browser is signed out."
prove "the keyring holds nothing of ours" keyring_is_empty
prove "Cognito refuses its refresh token" refresh_is refused "$here"

step "2. She signs in again, and out without the browser, which then is not trusted"
run 0 sign_in "${pages[@]}"
await_visit
prove "the browser asked for the password again" browser_asked
here=$(stored)
run 0 sign_out
prove "the keyring holds nothing of ours" keyring_is_empty
prove "Cognito refuses its refresh token" refresh_is refused "$here"
run 0 sign_in "${pages[@]}"
await_visit
prove "the browser, which still knew her, asked for the password all the same" browser_asked
run 0 sign_out "${pages[0]}" "${pages[2]}"
await_visit

step "3. She signs in on two devices by other means; this one saves its session"
here=$(sign_in)
other=$(sign_in)
save "$here"
run 0 show_session
prove "the keyring holds one item of ours" keyring_holds_session
prove "Cognito accepts this device's refresh token" refresh_is accepted "$here"

step "4. Signing out here"
run 0 sign_out
prove "the keyring holds nothing of ours" keyring_is_empty
prove "Cognito refuses this device's refresh token" refresh_is refused "$here"
prove "Cognito still accepts the other device's refresh token" refresh_is accepted "$other"

step "5. Signing in again, and signing out everywhere"
here=$(sign_in)
save "$here"
run 0 sign_out_global
prove "the keyring holds nothing of ours" keyring_is_empty
prove "Cognito refuses this device's refresh token" refresh_is refused "$here"
prove "Cognito refuses the other device's refresh token" refresh_is refused "$other"
prove "Cognito refuses the other device's access token" access_is refused "$other"

step "6. Signing out everywhere while Cognito is down: partial, and retried when it is back"
here=$(sign_in)
other=$(sign_in)
save "$here"
local_cognito pause >/dev/null
coproc retry { exec .build/examples/sign_out_global "${client[@]}" 2>&1; }
# shellcheck disable=SC2154 # bash sets it
retry_pid=$retry_PID
# The program's input and output; bash takes the coproc's own names back when it ends.
exec {to_retry}>&"${retry[1]}" {from_program}<&"${retry[0]}"
shown sign_out_global
prove "the program is signed out in part and holds a partial-failure token" heard "Press Enter to try again."
prove "the keyring holds nothing of ours" keyring_is_empty
prove "Cognito still accepts the other device's refresh token" refresh_is accepted "$other"
local_cognito resume >/dev/null
printf '  Cognito is back. (Enter)\n'
echo >&"$to_retry"
while IFS= read -r -t 60 line <&"$from_program"; do printf '    %s\n' "$line"; done
status=0
wait "$retry_pid" || status=$?
prove "sign_out_global ended with exit status 0" [ "$status" -eq 0 ]
prove "Cognito refuses this device's refresh token" refresh_is refused "$here"
prove "Cognito refuses the other device's refresh token" refresh_is refused "$other"

step "7. Signing out while Cognito is down, and the program ends: the keyring keeps what is open"
here=$(sign_in)
save "$here"
local_cognito pause >/dev/null
run 1 "sign_out --keep"
prove "the keyring holds no session of ours" keyring_is_empty
prove "but one unfinished sign-out" keyring_keeps 1
prove "Cognito still accepts the refresh token" refresh_is accepted "$here"
local_cognito resume >/dev/null
printf '  Cognito is back, and a program starts that resumes.\n'
run 0 resume
prove "Cognito refuses the refresh token" refresh_is refused "$here"
prove "and the keyring holds nothing of it any more" keyring_keeps 0

step "8. Another program notices"
here=$(sign_in)
save "$here"
coproc watch { exec .build/examples/watch "${client[@]}" 2>&1; }
# shellcheck disable=SC2154
watch_pid=$watch_PID
exec {to_watch}>&"${watch[1]}" {from_program}<&"${watch[0]}"
shown watch
prove "the program that watches knows her" heard "ada is signed in."
Tests/Support/keyring.sh lock
prove "it hears that the keyring is locked" heard "The keyring is locked."
Tests/Support/keyring.sh unlock-told
prove "and takes that for no sign-out" heard "The keyring is unlocked."
run 0 sign_out
prove "it hears that another program signed out" heard "Another program signed out."
prove "and says so" heard "Nobody is signed in."
printf '  (Enter)\n'
echo >&"$to_watch"
status=0
wait "$watch_pid" || status=$?
prove "watch ended with exit status 0" [ "$status" -eq 0 ]

step "9. She signs out everywhere on another device: nothing here shows it, so the program asks Cognito"
here=$(sign_in)
other=$(sign_in)
save "$here"
client[0]=org.example.Phone
save "$other"
run 0 sign_out_global
client[0]=$app_id
prove "the keyring still holds the session" keyring_holds_session
shown "watch --check"
prove "but Cognito says that it has ended" check_says "The session has ended on another device, or has expired: sign in again."
run 0 sign_out
prove "the keyring holds nothing of ours" keyring_is_empty

step "10. Signing out while the keyring is locked: failed, and nothing was done"
here=$(sign_in)
save "$here"
Tests/Support/keyring.sh lock
run 2 sign_out
prove "Cognito still accepts this device's refresh token" refresh_is accepted "$here"
Tests/Support/keyring.sh unlock
prove "the keyring, unlocked again, still holds the session" keyring_holds_session
run 0 sign_out
prove "the keyring holds nothing of ours" keyring_is_empty
prove "Cognito refuses this device's refresh token" refresh_is refused "$here"

step "Result"
if [ "$failures" -gt 0 ]; then
    printf '  %d of the claims above do not hold.\n' "$failures"
    exit 1
fi
printf '  All claims hold.\n'
