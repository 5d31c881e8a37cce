#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks that programs that were built with 0.1 run with this library, and that its structs can grow: with the header of
# 0.1, which is kept here, and with a library on trial whose structs have got a field more.
#
# Needs the built library (`make`). The last line is the total, "N passed, N failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
kept=$here/0.1 trial=$root/.build/growth/trial
passed=0 failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# check NAME COMMAND...
check() {
  if "${@:2}" >"$scratch/output" 2>&1; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAIL %s\n' "$1"
    sed 's/^/    /' "$scratch/output"
  fi
}

# Of Tests/ABI, what uses nothing that is newer than 0.1.
programs=(test_structs test_page_edge test_sign_out test_sign_out_global test_sessions test_operations)

# programs_run NAME HEADERS LIBRARY PROGRAM...
programs_run() {
  local output
  printf '\n== %s\n' "$1"
  output=$(HEADERS=$2 LIBRARY=$3 "$root/Tests/ABI/run.sh" "${@:4}" 2>&1)
  sed '1{/^$/d}; $d' <<<"$output"
  if [[ $(tail -n 1 <<<"$output") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
    passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
  else
    tail -n 1 <<<"$output"
    failed=$((failed + 1))
  fi
}

check "a library whose structs have got a field more can be built" "$here/trial.sh" "$trial"
programs_run "programs of 0.1 with this library" "$kept" "$root/.build/lib" "${programs[@]}"
programs_run "programs of 0.1 with the library on trial" "$kept" "$trial/.build/lib" "${programs[@]}"
programs_run "programs of the trial with this library" "$trial/Include" "$root/.build/lib" "${programs[@]}"
programs_run "programs of the trial with its library" "$trial/Include" "$trial/.build/lib" "${programs[@]}" test_trial
printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
