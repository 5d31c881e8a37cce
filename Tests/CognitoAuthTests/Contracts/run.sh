#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs the contracts of the ports on the fakes and on the real adapters, in private sessions with a keyring, and with a
# scripted Cognito on the loopback. A process uses one keyring, so there is a run for each. The last line is the
# total, "N passed, N failed"; the exit status is 1 if anything failed or an implementation was not tested.
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
support=$root/Tests/Support scratch=$(mktemp -d) server=
end() {
  [ -z "$server" ] || kill "$server"
  rm -rf "$scratch"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# What is set on the machine must not decide what the adapters do.
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY

cd "$root"
swift build --build-tests --quiet

python3 -sEB "$support/scripted_cognito.py" --url-file "$scratch/url" &
server=$!
for _ in {1..500}; do
  [ ! -e "$scratch/url" ] || break
  sleep 0.02
done
COGNITOAUTH_TEST_COGNITO=$(cat "$scratch/url") COGNITOAUTH_TEST_SUPPORT=$support
export COGNITOAUTH_TEST_COGNITO COGNITOAUTH_TEST_SUPPORT

passed=0 failed=0

# How many tests ended so; a test has a case for each implementation. What they print may hold any byte.
count() {
  grep -aE "^[^ ]+ Test .* $1 after" "$2" | grep -acv '^[^ ]* Test run ' || true
}

# $1: which keyring, $2: the suites; the rest: the session's options, and a command that runs the tests.
# Fails for each of ${expected[@]} that was not among the implementations. The suites that match $skipped are left out.
run() {
  local output=$scratch/$1 status=0 implementation
  printf '\n== %s\n' "$1"
  "$support/private-session.sh" "${@:3}" env COGNITOAUTH_TEST_KEYRING="$1" \
    swift test --disable-xctest --skip-build --filter "$2" ${skipped:+--skip "$skipped"} >"$output" 2>&1 || status=$?
  # A line for each test, with what was wrong before it.
  grep -avE '^[^ ]+ (Test|Suite) .* started\.$|^[^ ]+ Suite .* passed|^\[|^warning: prohibited|^↳ T' "$output" || true
  passed=$((passed + $(count passed "$output"))) failed=$((failed + $(count failed "$output")))
  for implementation in "${expected[@]}"; do
    if ! grep -aqF "implementation → $implementation" "$output"; then
      printf '%s was not tested\n' "$implementation"
      failed=$((failed + 1))
    fi
  done
  if [ "$status" -ne 0 ] && [ "$(count failed "$output")" -eq 0 ]; then
    printf 'the tests ended early, with status %s\n' "$status"
    failed=$((failed + 1))
  fi
}

expected=(
  FakeStore "SecretServiceStore, gnome-keyring" FakeLock ClientLock FakeTransport CurlTransport FakeClock SystemClock
  FakeRandomness SystemRandomness FakeMailbox EventSource BlockingMailbox
  FakeBrowser LoopbackBrowser
)
skipped=StoreWatchContract
run gnome-keyring 'Contract|CurlTransportTests|LoopbackListenerTests'
skipped=

# Nothing else runs beside these: they restart the keyring, and count what the process has open.
for keyring in gnome-keyring kwallet keepassxc; do
  session=$keyring
  [ "$keyring" != gnome-keyring ] || session=unlocked
  expected=(FakeWatch "KeyringWatch, $keyring")
  run "$keyring" StoreWatchContract --keyring="$session"
done

expected=("SecretServiceStore, file" "KeyringWatch, file")
run file 'SessionStoreContract|StoreWatchContract' --no-bus \
  env SECRET_BACKEND=file SECRET_FILE_TEST_PATH="$scratch/keyring" SECRET_FILE_TEST_PASSWORD=test

expected=("SecretServiceStore, mock")
# shellcheck disable=SC2016 # expanded in the session
run mock UnlockContract --keyring=none env SECRET_SERVICE_BUS_NAME=org.cognitoauth.Mock bash -c '
  python=python3
  [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
  "$python" -sEB "$COGNITOAUTH_TEST_SUPPORT/mock_secret_service.py" &
  gdbus wait --session --timeout 10 org.cognitoauth.Mock
  "$@"' bash

# A bus of the tests' own, with a provider that they start.
expected=()
run of-test WatchedBusTests --no-bus env SECRET_SERVICE_BUS_NAME=org.cognitoauth.Mock

# A default browser, and nobody beside who starts one.
expected=()
run browser BrowserLaunchTests --keyring=none env DISPLAY=:99 COGNITOAUTH_TEST_BROWSER="$scratch/data" \
  XDG_DATA_HOME="$scratch/data" XDG_CONFIG_HOME="$scratch/data"

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
