// SPDX-License-Identifier: Apache-2.0
//
// Simulator for SECONDS [FIRST [STRIDE]]   runs one scenario after the other, with the seeds FIRST, FIRST + STRIDE, ...
// Simulator to LAST [FIRST [STRIDE]]       runs those until the seed LAST
// Simulator replay SEED [LAST]             runs one, or those until the seed LAST, and prints each step

import Glibc

let arguments = CommandLine.arguments

func number(_ index: Int, default standard: UInt64) -> UInt64 {
    index < arguments.count ? UInt64(arguments[index]) ?? standard : standard
}

/// Returns what a scenario violates.
func violation(_ seed: UInt64, isTraced: Bool) -> String? {
    let world = World(seed: seed, isTraced: isTraced)
    world.run()
    return world.violation
}

let mode = arguments.count > 1 ? arguments[1] : "for"
if mode == "replay" {
    let first = number(2, default: 0)
    var isWell = true
    for seed in first...max(first, number(3, default: first)) {
        let found = violation(seed, isTraced: true)
        print("seed \(seed): \(found ?? "nothing is violated")")
        if found != nil { isWell = false }
    }
    exit(isWell ? 0 : 1)
}

let last = mode == "to" ? number(2, default: 1) : .max
let end = mode == "to" ? .max : time(nil) + Int(number(2, default: 10))
let stride = max(1, number(4, default: 1))
var seed = number(3, default: 1)
var count = 0
var failures = 0
// Looking at the clock takes its time too.
while failures < 1000, seed <= last, count % 64 != 0 || time(nil) < end {
    if let found = violation(seed, isTraced: false) {
        print("seed \(seed): \(found)")
        failures += 1
    }
    count += 1
    seed += stride
}
let rate = count * Int(CLOCKS_PER_SEC) / max(1, Int(clock()))
print("\(count) scenarios, \(failures) failed, \(rate) a second of a processor")
print("a lock was waited for \(Patience.longestWait) ms at most")
exit(failures == 0 ? 0 : 1)
