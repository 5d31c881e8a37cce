#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Fuzzes what others write and the core reads, with libFuzzer and AddressSanitizer.
#
#   run.sh                    each target with the inputs of its corpus, once
#   run.sh SECONDS [TARGET]   each target, or one, for so long; new inputs stay in .build/fuzz/corpus
#   run.sh merge [TARGET]     puts those of them into the corpus that reach what it does not, where they are small
#
# A target is a function fuzz_NAME of the fuzzers here, and its corpus the folder corpus/NAME. What a run found that ends a
# target is in .build/fuzz/crash-*; its output in .build/fuzz/NAME.log. The last line is the total of the targets,
# "N passed, N failed".
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
  mkdir -p "$built/corpus/$target"
  case $seconds in
    '') arguments=("$corpus"*) ;;
    # The fewest that reach all places, however often: somebody has to look at the corpus.
    merge) arguments=(-set_cover_merge=1 -use_counters=0 -max_len=400 "$corpus" "$built/corpus/$target") ;;
    *) arguments=(-max_total_time="$seconds" -print_final_stats=1 -timeout=10 "$built/corpus/$target" "$corpus") ;;
  esac
  # Swift's own report of a crash reads memory that AddressSanitizer guards.
  if SWIFT_BACKTRACE=enable=no LD_LIBRARY_PATH=$built/release:$toolchain/linux "$built/$target" \
    -artifact_prefix="$built/" "${arguments[@]}" >"$built/$target.log" 2>&1; then
    passed=$((passed + 1))
    printf '%-24s %d inputs' "$target" "$(find "$corpus" -type f | wc -l)"
    sed -n 's/^stat::number_of_executed_units: */, executions /p' "$built/$target.log" | tr -d '\n'
    # The last one is that of all inputs together.
    sed -n 's/.*\(cov: [0-9]* ft: [0-9]*\).*/, \1/p' "$built/$target.log" | tail -n 1 | tr -d '\n'
    printf '\n'
  else
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$target"
    grep -B 2 -A 12 'Fatal error\|ERROR: ' "$built/$target.log" || tail -n 30 "$built/$target.log"
  fi
done
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
