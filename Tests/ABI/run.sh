#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Builds the C conformance programs against Include/ and the built library (`make`), and runs each in a private session
# of its own. The last line is the total, "N passed, N failed"; the exit status is 1 if anything failed or crashed.
#
#   run.sh [PROGRAM...] [-- PART...]    as in: run.sh test_sign_out test_retry -- "row 4"
#
# PROGRAM is one of those in the plan below, or of another source here; none means the plan. Each PART chooses cases by
# a part of their names. JOBS (2) programs run at once, each for at most LIMIT (300) seconds. Every status that a function
# has is recorded, and must be on the function's page of the manual. With SANITIZER=thread, address or undefined the library
# is built as ordinary Swift, and everything runs under that sanitizer, whose reports count as failures; nothing is recorded.
# With MEMCHECK=1 everything runs under valgrind, to which a leak or an invalid access is a failure; with MEMCHECK=access
# only the latter. HEADERS and LIBRARY are folders that take the place of Include/ and of .build/lib; nothing is recorded then.
set -eu
tests=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$tests/../.." && pwd)
headers=${HEADERS:-$root/Include} library=${LIBRARY:-$root/.build/lib} built=$root/.build/abi support=$root/Tests/Support
[ -z "${HEADERS:-}${LIBRARY:-}" ] || built=$root/.build/abi-other
libraries=$library flags=() extra=()
if [ -n "${SANITIZER:-}" ]; then
  library=$root/.build/$SANITIZER/debug built=$root/.build/abi-$SANITIZER
  options=(--sanitize="$SANITIZER")
  # Swift has no undefined behaviour to look for, but the C modules have, which clang compiles for it.
  [ "$SANITIZER" != undefined ] || options=(-Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined)
  swift build --package-path "$root" "${options[@]}" --scratch-path "$root/.build/$SANITIZER" --product cognitoauth --quiet
  # The sanitizer's runtime must be the one of the toolchain that built the library.
  runtime=$(swift -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
  CC=$runtime/../../bin/clang CXX=$runtime/../../bin/clang++
  libraries=$library:$runtime/linux flags=(-fsanitize="$SANITIZER" -fno-sanitize-recover=all)
  extra=(-L"$runtime/linux" -ldispatch -lBlocksRuntime "-Wl,--allow-shlib-undefined")
fi
jobs=${JOBS:-2} limit=${LIMIT:-300}

# A program and the session it runs in; the longest first, so that none is waited for at the end.
# NAME_bare is NAME.cpp without exceptions and RTTI.
plan=(
  test_browser
  test_lock
  test_lock_patience
  test_redirect_listener
  test_sign_in_turns
  test_sign_in
  test_sign_in_browser
  test_sign_in_tokens
  test_sign_in_traces
  test_browser_mark
  test_operation_browser
  test_browser_logout
  test_stalls
  test_late_keyring
  test_secret_portal
  test_sandbox
  test_processes
  test_providers
  "test_providers --keyring=kwallet"
  "test_providers --keyring=keepassxc"
  "test_providers --keyring=keepassxc-confirming"
  "test_providers --keyring=encrypted-file"
  test_provider_locked
  "test_provider_locked --keyring=kwallet"
  "test_provider_locked --keyring=keepassxc"
  "test_provider_locked --keyring=keepassxc-confirming"
  "test_provider_locked --keyring=encrypted-file"
  test_provider_prompts
  "test_provider_prompts --keyring=kwallet"
  "test_provider_prompts --keyring=keepassxc"
  "test_provider_prompts --keyring=keepassxc-confirming"
  "test_provider_prompts --keyring=encrypted-file"
  test_provider_processes
  "test_provider_processes --keyring=kwallet"
  "test_provider_processes --keyring=keepassxc"
  "test_provider_processes --keyring=keepassxc-confirming"
  "test_provider_processes --keyring=encrypted-file"
  test_resume_providers
  "test_resume_providers --keyring=kwallet"
  "test_resume_providers --keyring=keepassxc"
  "test_resume_providers --keyring=keepassxc-confirming"
  "test_resume_providers --keyring=encrypted-file"
  "test_prompt --keyring=none"
  "test_change_prompts --keyring=none"
  "test_new_keyring --keyring=new"
  "test_new_keyring --keyring=kwallet"
  "test_new_keyring --keyring=keepassxc"
  "test_no_collection --keyring=none"
  "test_spoiled_session --keyring=none"
  test_watch
  test_watch_keyring
  test_watch_cost
  "test_watch_providers --keyring=kwallet"
  "test_watch_providers --keyring=keepassxc"
  "test_watch_providers --keyring=encrypted-file"
  test_turns
  test_lock_files
  test_timeouts
  "test_encrypted_file --no-bus"
  "test_file_damage --no-bus"
  "test_file_crash --no-bus"
  test_log
  test_retry
  test_identity
  test_ministack
  test_keep
  test_resume
  test_resume_limits
  test_resume_turns
  test_resume_deletion
  test_resume_ministack
  test_kills
  test_kill_steps
  "test_fault_matrix --keyring=none"
  test_large_keyring
  test_keyring_restart
  "test_bus_restart --keyring=none"
  test_process
  test_moto
  test_damage
  test_faults
  test_transport
  test_connections
  test_proxy
  test_certificates
  test_threads
  test_fork
  test_memory
  test_stress
  test_operations
  test_operation_callbacks
  test_operation_resources
  test_operation_arguments
  test_keyring_locked
  "test_keyring_refusing --keyring=none"
  test_keyring_cold
  test_sign_out
  test_sign_out_global
  test_sign_out_refresh
  test_sign_out_refused
  test_message
  test_requests
  test_cancel
  test_first_call
  test_endpoints
  test_tls
  test_sessions
  test_fetch
  test_check
  test_contract
  test_structs
  test_zero_structs
  test_page_edge
  test_small_stacks
  test_configuration_file
  test_configuration_file_arguments
  test_configuration_file_path
  test_configuration_file_process
  test_configuration_file_reading
  test_bad_input
  test_hosted_ui_options
  test_anchors
  test_wrapper
  test_wrapper_bare
  test_wrapper_options
  test_wrapper_options_bare
  test_wrapper_copies
  test_wrapper_copies_bare
  test_wrapper_strings
  test_wrapper_strings_bare
  test_wrapper_objects
  test_wrapper_objects_bare
  test_wrapper_operations
  test_wrapper_operations_bare
  test_wrapper_callbacks
  test_wrapper_callbacks_bare
  "test_no_keyring --keyring=none"
  "test_no_keyring --keyring=broken"
  "test_no_keyring --no-bus"
  "test_other_user --no-bus"
  header
)

die() {
  printf 'run.sh: %s\n' "$*" >&2
  exit 1
}

for source in "$tests"/test_*.c "$tests"/test_*.cpp; do
  source=$(basename "${source%.*}")
  [[ " ${plan[*]} " = *" $source "* ]] || die "$source is not in the plan"
done

chosen=() parts=()
while [ $# -gt 0 ]; do
  if [ "$1" = -- ]; then
    parts=("${@:2}")
    break
  fi
  if [[ " ${plan[*]} " != *" $1 "* ]]; then
    [ -e "$tests/$1.c" ] || die "no program is named $1"
    plan+=("$1")
  fi
  chosen+=("$1")
  shift
done

is_chosen() {
  [ ${#chosen[@]} -eq 0 ] || [[ " ${chosen[*]} " = *" $1 "* ]]
}

[ -e "$library/libcognitoauth.so" ] || die "$library has no library; run make first"
mkdir -p "$built"
scratch=$(mktemp -d)
declare -A running=()  # by process id; each of them ends its own session when it is told to end
end() {
  [ ${#running[@]} -eq 0 ] || kill "${!running[@]}"
  wait
  rm -rf "$scratch"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

packages="gio-2.0 libcurl jansson"
# shellcheck disable=SC2046 # flags are words
compile() {
  "${CC:-cc}" "${flags[@]}" -std=c11 -D_GNU_SOURCE -g -O1 -Wall -Wextra -Werror -I"$headers" \
    $(pkg-config --cflags $packages) "$@"
}

# Optimised, as that is where a wipe can get lost.
# shellcheck disable=SC2046
compile_cpp() {
  "${CXX:-c++}" "${flags[@]}" -std=c++17 -D_GNU_SOURCE -g -O2 -Wall -Wextra -Werror -I"$headers" \
    $(pkg-config --cflags $packages) "$@"
}

recorder=$built/recorder.so
[ -z "${SANITIZER:-}${MEMCHECK:-}${HEADERS:-}${LIBRARY:-}" ] || recorder=
memcheck=()
if [ -n "${MEMCHECK:-}" ]; then
  memcheck=(valgrind --quiet --error-exitcode=9 --trace-children=no)
  # What a thread that is left behind is about to release when the program ends looks like a leak.
  [ "$MEMCHECK" = access ] || memcheck+=(--leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite)
fi

build() {
  local source name entry last="" objects=() own part compiler
  [ -z "$recorder" ] || compile -shared -fPIC "$root/Tests/Documents/recorder.c" -o "$recorder" -ldl
  local shared=(harness tokens server keyring scene fault_point stopper mock mock_keyring mock_portal keyring_file provider
    own_bus belongings configuration_file visitor)
  # What knows fields that are newer than the headers of 0.1.
  [ -n "${HEADERS:-}" ] || shared+=(emulator hosted_ui browser watcher unfinished)
  for source in "${shared[@]}"; do
    compile -c "$tests/$source.c" -o "$built/$source.o"
    objects+=("$built/$source.o")
  done
  # These take the place of the C library's functions, or have roles: only where they are asked for, by the program or by
  # one of these that is named before.
  local asked=(watched_file last_step killed_sign_out lock_scene neighbour provider_scene sandbox few_threads
    lingering_threads) sources
  [ -n "${HEADERS:-}" ] || asked=(befall lock_fault fault_call fault_table measures lock_wait "${asked[@]}")
  for source in "${asked[@]}"; do compile -c "$tests/$source.c" -o "$built/$source.o"; done
  compile "$tests/probe_loading.c" -o "$built/probe_loading" "${extra[@]}" -ldl
  for entry in "${plan[@]}"; do
    name=${entry%% *} source=$tests/$name.c compiler=(compile)
    case $name in
      test_wrapper*_bare) source=$tests/${name%_bare}.cpp compiler=(compile_cpp -fno-exceptions -fno-rtti) ;;
      test_wrapper*) source=$tests/$name.cpp compiler=(compile_cpp) ;;
    esac
    if ! is_chosen "$name" || [ ! -e "$source" ] || [ "$name" = "$last" ]; then continue; fi
    last=$name own=() sources=("$source")
    for part in "${asked[@]}"; do
      grep -q "^#include \"$part.h\"" "${sources[@]}" || continue
      own+=("$built/$part.o") sources+=("$tests/$part.c")
    done
    # shellcheck disable=SC2046
    "${compiler[@]}" "$source" "${own[@]}" "${objects[@]}" -o "$built/$name" \
      -L"$library" -lcognitoauth "${extra[@]}" $(pkg-config --libs $packages) -pthread
  done
}

# $1: a program, the rest: the session's options.
run() {
  if [ "$1" = header ]; then
    exec "$tests/header/check.sh"
  fi
  exec timeout --kill-after=10 "$limit" "$support/private-session.sh" "${@:2}" \
    env LD_LIBRARY_PATH="$libraries" COGNITOAUTH_TEST_SUPPORT="$support" \
    COGNITOAUTH_TEST_CERTIFICATES="$scratch/certificates" COGNITOAUTH_TEST_EMULATORS="$root/.build/python" \
    COGNITOAUTH_TEST_HEADER="$root/Include/cognitoauth/status.h" COGNITOAUTH_TEST_PROBE="$built/probe_loading" \
    COGNITOAUTH_TEST_LIBRARY="$library/libcognitoauth.so" \
    LD_PRELOAD="$recorder" COGNITOAUTH_TEST_RECORD="$scratch/statuses" \
    "${memcheck[@]}" "$built/$1" "${parts[@]}"
}

build
"$support/certificates.sh" "$scratch/certificates"
# What is set on the machine must not decide what the library does; test_transport sets these itself.
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY

# What has ended is shown in the plan's order, as soon as all before it has, with the seconds it took.
number=0 shown=0 passed=0 failed=0
began=() took=()
show() {
  local status output
  while [ -e "$scratch/$((shown + 1)).status" ]; do
    shown=$((shown + 1))
    output=$scratch/$shown.out status=$(cat "$scratch/$shown.status")
    printf '\n== %s (%d s)\n' "${names[shown]}" "${took[shown]}"
    cat "$output"
    if [[ $(tail -n 1 "$output") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]] && [ "$status" -le 1 ]; then
      passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    else
      printf '%s ended early, with status %s\n' "${names[shown]}" "$status"
      failed=$((failed + 1))
    fi
  done
}

# Waits for one program to end.
reap() {
  local process number status=0
  wait -n -p process || status=$?
  number=${running[$process]}
  unset "running[$process]"
  took[number]=$((SECONDS - began[number]))
  echo "$status" >"$scratch/$number.status"
  show
}

for entry in "${plan[@]}"; do
  read -ra words <<<"$entry"
  is_chosen "${words[0]}" || continue
  [ ${#running[@]} -lt "$jobs" ] || reap
  number=$((number + 1))
  names[number]=$entry began[number]=$SECONDS
  run "${words[@]}" </dev/null >"$scratch/$number.out" 2>&1 &
  running[$!]=$number
done
while [ ${#running[@]} -gt 0 ]; do reap; done

if [ -s "$scratch/statuses" ] || { [ -n "$recorder" ] && [ ${#chosen[@]} -eq 0 ]; }; then
  number=$((number + 1)) status=0
  names[number]="the manual" took[number]=0
  "$root/Tests/Documents/recorded.py" "$scratch/statuses" >"$scratch/$number.out" 2>&1 || status=$?
  cp "$scratch/statuses" "$built"
  echo "$status" >"$scratch/$number.status"
  show
fi
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
