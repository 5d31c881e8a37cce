// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// Random numbers, for identifiers and jitter, and for secrets.
public protocol Randomness: AnyObject {
    func next() -> UInt64
    /// Bytes that nobody can guess. nil where none can be had.
    func unguessable(_ count: Int) -> SecretBytes?
}
