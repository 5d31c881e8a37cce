// SPDX-License-Identifier: Apache-2.0

/// Random numbers, good enough for identifiers and for jitter.
public protocol Randomness: AnyObject {
    func next() -> UInt64
}
