#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks that programs that were built with 0.1 run with this library, and that its structs can grow: with the header of
# 0.1, which is kept here, and with a library on trial whose structs have got a field more. Then that today's headers
# have all that the one of 0.1 had, as it was; and, with headers that break that, that it would be noticed.
#
# Needs the built library (`make`). The last line is the total, "N passed, N failed".
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
kept=$here/0.1 today=$root/Include trial=$root/.build/growth/trial
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

refused() { ! "$@"; }

# Of Tests/ABI, what uses nothing that is newer than 0.1.
programs=(test_structs test_zero_structs test_page_edge test_sign_out test_sign_out_global test_sessions test_operations)

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
programs_run "programs of the trial with its library" "$trial/Include" "$trial/.build/lib" "${programs[@]}" trial
printf '\n== headers\n'

# 64 bits; 32 bits with an int64_t that is aligned to 8 bytes, and to 4.
targets=(x86_64-linux-gnu armv7-linux-gnueabihf i386-linux-gnu)

# compile_layout TARGET HEADERS OPTION...
compile_layout() { clang -target "$1" -std=c11 -ffreestanding -fsyntax-only -I"$2" "${@:3}" "$here/layout.c"; }

# layout_holds HEADERS OPTION...
layout_holds() {
  local target
  for target in "${targets[@]}"; do compile_layout "$target" "$@" || return 1; done
}

# A field that is appended could hide in padding at the end: it may not change the size.
no_padding_at_the_end() {
  local target
  for target in "${targets[@]}"; do
    compile_layout "$target" "$1" -Wpadded 2>&1 | sed -n "s/.*padding size of 'struct \(auth_[a-z_]*\)'.*/$target \1/p"
  done >"$scratch/padded"
  ! grep . "$scratch/padded"
}

table_is_complete() {
  diff <(sed -nE '/^typedef struct auth_\w+ \{/,/^\}/ s/^    .*\b([a-z_]+);$/\1/p' "$kept/cognitoauth/auth.h") \
    <(sed -nE 's/^AT\(\w+, (\w+),.*/\1/p' "$here/layout.c")
}

# numbers_hold HEADERS: the constants, which no function's type leads to.
numbers_hold() {
  {
    echo '#include <cognitoauth/auth.h>'
    grep -oE 'AUTH_\w+ = [0-9]+' "$kept/cognitoauth/auth.h" | sed -E 's/(.*) = (.*)/_Static_assert(\1 == \2, "\1");/'
  } >"$scratch/numbers.c"
  [ "$(grep -c AUTH_ "$scratch/numbers.c")" -eq 77 ] && cc -std=c11 -fsyntax-only -I"$1" "$scratch/numbers.c"
}

# make_stub HEADERS NAME
make_stub() {
  echo '#include <cognitoauth/auth.h>' | cc -E -P -I"$1" - | "$here/stub.py" "$kept/cognitoauth/auth.h" >"$scratch/$2.c" &&
    cc -std=c11 -g -shared -fPIC "$scratch/$2.c" -o "$scratch/$2.so"
}

# functions_hold HEADERS: the functions, and all types that theirs lead to.
functions_hold() {
  make_stub "$1" other && abidiff --no-added-syms "$scratch/kept.so" "$scratch/other.so"
}

check "the header of 0.1 has its fields where the table says" layout_holds "$kept" -DKEPT
check "the table has all fields of 0.1" table_is_complete
check "today's headers have the fields of 0.1 where they were" layout_holds "$today"
check "no struct of today's has padding at its end" no_padding_at_the_end "$today"
check "the constants of 0.1 have their numbers" numbers_hold "$today"
check "a library can be made of the header of 0.1" make_stub "$kept" kept
check "the functions of 0.1 have their types" functions_hold "$today"

# changed SCRIPT: the header of 0.1, edited
changed() {
  mkdir -p "$scratch/changed/cognitoauth"
  sed -E "$1" "$kept/cognitoauth/auth.h" >"$scratch/changed/cognitoauth/auth.h"
  ! cmp --silent "$kept/cognitoauth/auth.h" "$scratch/changed/cognitoauth/auth.h"
}

# notices NAME CHECK SCRIPT: that the check refuses the edited header, which is one that compiles
notices() {
  check "there is $1" changed "$3"
  check "$1: it compiles" make_stub "$scratch/changed" changed
  check "$1 is noticed" refused "$2" "$scratch/changed"
}
notices "a field in the middle" functions_hold 's/^    const char \*username;/    const char *name;\n&/'
notices "a field in the middle" layout_holds 's/^    const char \*username;/    const char *name;\n&/'
notices "a field of another type" functions_hold 's/int32_t allow_prompt;/uint32_t allow_prompt;/'
notices "a field that is gone" functions_hold '/^    void \*event_user_data;/d'
notices "two fields the other way round" layout_holds 's/(int32_t) use_fips;/\1 x;/; s/use_dualstack;/use_fips;/; s/ x;/ use_dualstack;/'
notices "a field of four bytes at the end" no_padding_at_the_end 's/^\} auth_call_options;/    int32_t count;\n&/'
notices "a function that is gone" functions_hold '/^int auth_operation_fd/d'
notices "a parameter more" functions_hold 's/^(void auth_client_cancel.*)\);/\1, int how);/'
notices "another answer" functions_hold 's/^int (auth_operation_dispatch)/void \1/'
notices "a callback with a parameter more" functions_hold 's/auth_event event\);/auth_event event, int how);/'
notices "a status of another size" functions_hold 's/typedef int32_t auth_status;/typedef int64_t auth_status;/'
notices "a constant with another number" numbers_hold 's/AUTH_ANSWER_UNKNOWN = 2/AUTH_ANSWER_UNKNOWN = 3/'
notices "a constant that is gone" numbers_hold '/AUTH_STATUS_BUSY = /d'

appended='s/^\} auth_\w+;/    int64_t trial;\n&/; s/^int auth_operation_fd/int auth_new(void);\n\n&/;
  s/AUTH_ANSWER_UNKNOWN = 2/&, AUTH_ANSWER_NEVER = 3/'
check "there are fields, a function and a constant more" changed "$appended"
for holds in layout_holds no_padding_at_the_end numbers_hold functions_hold; do
  check "fields, a function and a constant more are no break: $holds" "$holds" "$scratch/changed"
done

printf '\n%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
