// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform

/// The kernel's random numbers.
public final class SystemRandomness: Randomness {
    public init() {}

    public func next() -> UInt64 {
        var number: UInt64 = 0
        // So few bytes come whole or not at all; without them a request's identifier is merely dull.
        getrandom(&number, MemoryLayout<UInt64>.size, 0)
        return number
    }
}
