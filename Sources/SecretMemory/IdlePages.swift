// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A few pages that were wiped and given back, and are taken again: a sign-out needs some twenty, and to map them takes
/// the kernel as long as a question to the keyring.
///
/// Nobody waits for its turn here: who finds it busy asks the kernel. So a child of fork(2), in which a thread that was
/// busy here does not exist, goes on too.
enum IdlePages {
    private static let capacity = 16

    private static let isBusy = Atomic<Bool>(false)
    /// Each begins with the address of the next one.
    nonisolated(unsafe) private static var first: UnsafeMutableRawPointer?
    nonisolated(unsafe) private static var count = 0

    /// Zeroed pages, if there are any.
    static func take() -> UnsafeMutableRawPointer? {
        guard !isBusy.exchange(true, ordering: .acquiring) else { return nil }
        defer { isBusy.store(false, ordering: .releasing) }
        guard let pages = first else { return nil }
        first = pages.load(as: UnsafeMutableRawPointer?.self)
        pages.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
        count -= 1
        return pages
    }

    /// Takes over pages that were wiped; returns false if there is no room for them.
    static func keep(_ pages: UnsafeMutableRawPointer) -> Bool {
        guard !isBusy.exchange(true, ordering: .acquiring) else { return false }
        defer { isBusy.store(false, ordering: .releasing) }
        guard count < capacity else { return false }
        pages.storeBytes(of: first, as: UnsafeMutableRawPointer?.self)
        first = pages
        count += 1
        return true
    }
}
