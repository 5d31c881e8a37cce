#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes what others write and the core reads, with libFuzzer and AddressSanitizer.
#
#   run.sh                    each target with the inputs of its corpus, once
#   run.sh SECONDS [TARGET]   each target, or one, for so long; new inputs stay in .build/fuzz/corpus
#
# A target is a function fuzz_NAME of the fuzzers here, and its corpus the folder corpus/NAME. The last line is the total
# of the targets, "N passed, N failed".
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
built=$root/.build/fuzz
toolchain=$(swift -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
COGNITOAUTH_FUZZ=1 swift build --package-path "$root" --scratch-path "$built" --product Fuzz --quiet \
  --configuration release --sanitize address -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing \
  -Xlinker -fuse-ld=lld 2>&1 | { grep -E 'error' || true; }

seconds=${1:-} passed=0 failed=0
for corpus in "$here"/corpus/*/; do
  target=$(basename "$corpus")
  if [ -n "${2:-}" ] && [ "$2" != "$target" ]; then continue; fi
  "$toolchain/../../bin/clang" -fuse-ld=lld -fsanitize=fuzzer,address -rdynamic -DTARGET="fuzz_$target" "$here/target.c" \
    -o "$built/$target" -L"$built/release" -lFuzz -L"$toolchain/linux" -Wl,--allow-shlib-undefined
  if [ -n "$seconds" ]; then
    mkdir -p "$built/corpus/$target"
    arguments=(-max_total_time="$seconds" -print_final_stats=1 "$built/corpus/$target" "$corpus")
  else
    arguments=("$corpus"*)
  fi
  if LD_LIBRARY_PATH=$built/release:$toolchain/linux "$built/$target" -artifact_prefix="$built/" "${arguments[@]}" \
    >"$built/$target.log" 2>&1; then
    passed=$((passed + 1))
    sed -n 's/^stat::number_of_executed_units: */  executions /p' "$built/$target.log"
    grep -o 'cov: [0-9]* ft: [0-9]*' "$built/$target.log" | tail -n 1 || true
  else
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$target"
    tail -n 30 "$built/$target.log"
  fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
