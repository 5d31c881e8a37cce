#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs the core in a simulated world, with as many processes as there are processors.
#
#   run.sh [SECONDS [SEED]]   scenarios from SEED on, for so long; without a SEED they are others each time
#   run.sh to SEED            those of the seeds from 1 to SEED
#   run.sh replay SEED [LAST] one scenario, or several, with all their steps; JSON is read and written by jansson alone
#
# The last line is the total, "N passed, N failed": a scenario is one seed, and a seed that fails is printed.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
built=$root/.build/simulator
log=$built/build.log
mkdir -p "$built"
toolchain=$(swift -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
# What is called most is in Swift's runtime: it is called more quickly where it is in the program. Not every toolchain has it.
runtime=()
if [ -e "${toolchain}_static/linux/libswiftCore.a" ]; then runtime=(--static-swift-stdlib); fi
# It has one thread: counting references needs no atomic operations.
if ! COGNITOAUTH_SIMULATOR=1 swift build --package-path "$root" --scratch-path "$built" --product Simulator --quiet \
  --configuration release "${runtime[@]}" -Xswiftc -enforce-exclusivity=unchecked \
  -Xswiftc -assume-single-threaded -Xswiftc -cross-module-optimization >"$log" 2>&1; then
  cat "$log"
  exit 1
fi
export LD_LIBRARY_PATH=$toolchain/linux
# glibc keeps seven blocks of each size at hand, and we have freed far more when the next scenario asks for them.
export GLIBC_TUNABLES=glibc.malloc.tcache_count=1000
simulator=$built/release/Simulator
if [ "${1:-}" = replay ]; then PLAIN_JSON=no exec "$simulator" replay "$2" "${3:-$2}"; fi

if [ "${1:-}" = to ]; then what="to $2" seed=1; else what="for ${1:-60}" seed=${2:-$(date +%s)000000}; fi
workers=$(nproc)
for worker in $(seq "$workers"); do
  # shellcheck disable=SC2086
  "$simulator" $what "$((seed + worker - 1))" "$workers" >"$built/worker-$worker.log" 2>&1 &
done
is_well=true
for worker in $(seq "$workers"); do wait -n || is_well=false; done
cat "$built"/worker-*.log
awk '/ scenarios, / { all += $1; failed += $3 } END { printf "%d passed, %d failed\n", all - failed, failed }' \
  "$built"/worker-*.log
$is_well
