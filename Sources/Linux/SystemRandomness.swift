// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform
public import SecretMemory

/// The kernel's random numbers.
public final class SystemRandomness: Randomness {
    public init() {}

    public func next() -> UInt64 {
        var number: UInt64 = 0
        // So few bytes come whole or not at all; without them a request's identifier is merely dull.
        getrandom(&number, MemoryLayout<UInt64>.size, 0)
        return number
    }

    public func unguessable(_ count: Int) -> SecretBytes? {
        let secret = SecretBytes(capacity: count)
        // At most 256 bytes come whole, once the kernel has gathered enough; before that it waits.
        secret.fill(capacity: count) { count <= 256 ? getrandom($0.baseAddress, $0.count, 0) : 0 }
        return secret.count == count ? secret : nil
    }
}
