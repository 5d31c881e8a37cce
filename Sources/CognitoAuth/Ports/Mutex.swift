// SPDX-License-Identifier: Apache-2.0

/// Keeps the threads of a client apart.
public protocol Mutex: AnyObject {
    /// Runs `body` while no other thread runs one. It must not lock anything.
    func withLock(_ body: () -> Void)
}
