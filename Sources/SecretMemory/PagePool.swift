// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Secret pages for what lives shortly: a few are kept, wiped, and taken again. A sign-out needs some twenty, and to map
/// them takes the kernel as long as a question to the keyring.
///
/// Nobody waits for its turn here: who finds it busy asks the kernel. So a child of fork(2), in which a thread that was
/// busy here does not exist, goes on too.
enum PagePool {
    /// What is taken at least: enough for what is stored of most sessions.
    static let smallest = 8192
    private static let capacity = 32

    private static let isBusy = Atomic<Bool>(false)
    /// Each begins with the address of the next one.
    nonisolated(unsafe) private static var first: UnsafeMutableRawPointer?
    nonisolated(unsafe) private static var count = 0

    /// Zeroed memory of at least `size` bytes.
    static func allocate(_ size: Int) -> UnsafeMutableRawBufferPointer {
        if size <= smallest, let kept = take() { return kept }
        return SecretPages.allocate(max(size, smallest))
    }

    /// Wipes the memory, of which `used` bytes may have been written to, and gives it back. Pages that were never touched
    /// are not touched for that either.
    static func free(_ memory: UnsafeMutableRawBufferPointer, used: Int) {
        SecretPages.wipe(UnsafeMutableRawBufferPointer(rebasing: memory[..<min(used, memory.count)]))
        if memory.count != smallest || !keep(memory) { SecretPages.unmap(memory) }
    }

    private static func take() -> UnsafeMutableRawBufferPointer? {
        guard !isBusy.exchange(true, ordering: .acquiring) else { return nil }
        defer { isBusy.store(false, ordering: .releasing) }
        guard let pages = first else { return nil }
        first = pages.load(as: UnsafeMutableRawPointer?.self)
        pages.storeBytes(of: nil, as: UnsafeMutableRawPointer?.self)
        count -= 1
        return UnsafeMutableRawBufferPointer(start: pages, count: smallest)
    }

    /// Returns false if there is no room.
    private static func keep(_ memory: UnsafeMutableRawBufferPointer) -> Bool {
        guard let pages = memory.baseAddress, !isBusy.exchange(true, ordering: .acquiring) else { return false }
        defer { isBusy.store(false, ordering: .releasing) }
        guard count < capacity else { return false }
        pages.storeBytes(of: first, as: UnsafeMutableRawPointer?.self)
        first = pages
        count += 1
        return true
    }
}
