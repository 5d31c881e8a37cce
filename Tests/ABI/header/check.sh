#!/usr/bin/env bash
# Checks that the public header compiles alone, and that each of its INIT macros and a call do, in every language that
# it promises: C99 to C17 and C++11 to C++23, with gcc and clang, all warnings on. The last line is the count,
# "N passed, N failed".
set -eu
directory=$(cd "$(dirname "$0")" && pwd)
include=$directory/../../../Include
passed=0 failed=0
object=$(mktemp)
trap 'rm -f "$object"' EXIT

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
  for file in auth.h version.h; do
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
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
