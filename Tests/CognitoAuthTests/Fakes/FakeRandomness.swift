// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// Numbers that are the same in every run.
final class FakeRandomness: Randomness {
    /// What comes first; then the numbers of a generator (Knuth's MMIX) that starts at 1.
    var script: [UInt64] = []
    /// What comes always, if it is not nil.
    var constant: UInt64?
    /// Whether there are no secrets to be had.
    var hasRunDry = false
    private var state: UInt64 = 1

    func next() -> UInt64 {
        if let constant { return constant }
        if !script.isEmpty { return script.removeFirst() }
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }

    func unguessable(_ count: Int) -> SecretBytes? {
        if hasRunDry { return nil }
        let secret = SecretBytes()
        for _ in 0..<count { secret.append(UInt8(truncatingIfNeeded: next() >> 32)) }
        return secret
    }
}
