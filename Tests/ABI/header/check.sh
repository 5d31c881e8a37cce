#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Checks that the public header compiles alone, and that each of its INIT macros and a call do, in every language that
# it promises: C99 to C17 and C++11 to C++23, with gcc and clang, all warnings on. So too auth.hpp, in C++17 to C++23
# with and without exceptions and RTTI; that it links, that it wraps all of auth.h, and what it refuses. The last line
# is the count, "N passed, N failed".
set -eu
directory=$(cd "$(dirname "$0")" && pwd)
include=$directory/../../../Include
passed=0 failed=0
scratch=$(mktemp -d) object=$scratch/object
trap 'rm -rf "$scratch"' EXIT

# $1: language, the rest: the compiler and its options; the source comes in.
compiles() {
  "${@:2}" -Wall -Wextra -pedantic -Werror -Wundef -I"$include" -x "$1" -fsyntax-only -
}

# A header as the first thing that is included, and once more.
alone() {
  printf '#include <cognitoauth/%s>\n#include <cognitoauth/%s>\nextern int declared;\n' "$1" "$1"
}

# The standard that a compiler knows by this name: older ones have only the draft's.
standard() {
  local name
  for name in "$2" "${2/23/2b}"; do
    if echo | "$1" -x "$3" -std="$name" -fsyntax-only - 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  return 1
}

count() {
  if [ "$1" -eq 0 ]; then
    passed=$((passed + 1))
  else
    printf 'FAIL %s\n' "$2"
    failed=$((failed + 1))
  fi
}

# $1: compiler, $2: language, $3: standard
check() {
  local std file status
  std=$(standard "$1" "$3" "$2") || { count 1 "$1 knows no $3"; return; }
  for file in "$include"/cognitoauth/*.h; do
    file=${file##*/}
    status=0
    alone "$file" | compiles "$2" "$1" -std="$std" || status=1
    count $status "$file compiles alone as $3 with $1"
  done
  status=0
  compiles "$2" "$1" -std="$std" <"$directory/initializers.c" || status=1
  count $status "every INIT macro compiles as $3 with $1"
  status=0
  "$1" -x "$2" -std="$std" -I"$include" -c "$directory/initializers.c" -o "$object" &&
    nm -u "$object" | grep -qw auth_version || status=1
  count $status "a call has C linkage as $3 with $1"
}

for compiler in gcc clang; do
  for std in c99 c11 c17; do check "$compiler" c "$std"; done
done
for compiler in g++ clang++; do
  for std in c++11 c++14 c++17 c++20 c++23; do check "$compiler" c++ "$std"; done
done

# The wrapper: everything.cpp includes it first, and twice.
warnings=(-Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wzero-as-null-pointer-constant -Wnon-virtual-dtor
  -Wextra-semi)

# $1: compiler, $2: standard, the rest: a mode, in options
check_wrapper() {
  local std status=0 part
  std=$(standard "$1" "$2" c++) || { count 1 "$1 knows no $2"; return; }
  part=$(tr -c 'a-z0-9\n' _ <<<"$*")
  "$1" -std="$std" "${@:3}" -Wall -Wextra -pedantic -Werror -Wundef "${warnings[@]}" -fPIC -I"$include" \
    -DPART="$part" -c "$directory/everything.cpp" -o "$scratch/$part.o" || status=1
  count $status "auth.hpp compiles, and all that is in it, with $*"
}

# $1: what is in the first error, $2: what is refused, the rest as for compiles
check_refused() {
  local status=0
  if compiles "${@:3}" 2>"$scratch/messages"; then status=1; fi
  grep -m 1 error: "$scratch/messages" | grep -q "$1" || status=1
  count $status "$2 is refused, and $4 says \"$1\""
}

for compiler in g++ clang++; do
  for std in c++17 c++20 c++23; do
    check_wrapper "$compiler" "$std"
    check_wrapper "$compiler" "$std" -fno-exceptions -fno-rtti
  done
  check_wrapper "$compiler" c++17 -include cognitoauth/auth.h
  check_refused 'auth.hpp needs C++17' "C++14" c++ "$compiler" -std=c++14 < <(alone auth.hpp)
  for call in 'client.save({})' 'client.load()' 'client.sign_out()' 'client.start_load()' 'operation.finish()' \
    'Client::make({})'; do
    check_refused nodiscard "$call; on its own" c++ "$compiler" -std=c++17 <<END
#include <cognitoauth/auth.hpp>
using namespace cognitoauth;
void use(Client &client, Operation<void> &operation);
void use(Client &client, Operation<void> &operation)
{
    static_cast<void>(client.get() || operation.get());
    $call;
}
END
  done
done
status=0
g++ -shared "$scratch"/*.o -o "$scratch/linked" || status=1
count $status "what was compiled so links, with each other"

# What auth.h has and auth.hpp does not use: what takes nothing, and hands out text that lives for ever;
# what makes a struct, which auth.hpp does itself; what is the library's; and what this version does not do.
unwrapped=(auth_version
  auth_client_options_init auth_call_options_init auth_session_init auth_sign_in_options_init
  auth_sign_out_result_init owned reserved)
# shellcheck disable=SC2086 # a pattern
code() { cat "$include"/cognitoauth/$1 | grep -vE '^ *(/\*|\*|//)'; }

# $1: what it is, $2: how auth.hpp uses one; the names that auth.h has come in. Each is used or in the list.
check_wrapped() {
  local names differing status=0
  names=$(sort -u)
  differing=$(comm -3 <(echo "$names") <((
    printf '%s\n' "${unwrapped[@]}"
    code "*.hpp" | grep -oE "$2" | grep -oE '[A-Za-z_]+$'
  ) | sort -u) | grep -v "$(printf '\t')" | xargs)
  [ -n "$names" ] && [ -z "$differing" ] || status=1
  count $status "auth.hpp uses every $1 of auth.h: $differing"
}
check_wrapped function '\bauth_[a-z_]+' < <(code "*.h" | sed -nE 's/^[a-z][a-z_ *]*[ *](auth_[a-z_]+)\(.*/\1/p')
check_wrapped field '(fields_?\.|get\(\)->)[a-z_]+' < <(code "*.h" | sed -nE 's/^    [a-z].*[ *]([a-z_]+);.*/\1/p')
check_wrapped value '\bAUTH_[A-Z_]+' < <(code "*.h" | sed -nE '/AUTH_STATUS_/d; s/^    (AUTH_[A-Z_]+)( =|,|$).*/\1/p')

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
