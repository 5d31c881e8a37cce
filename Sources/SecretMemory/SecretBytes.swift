// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

/// The bytes of a secret, in pages of their own: `SecretPages`.
///
/// Tokens are never put into a `String`: Swift copies strings as it likes and wipes none of them.
/// Once it is shared between threads it must not be appended to; nothing here does.
public final class SecretBytes: @unchecked Sendable {
    private var storage: UnsafeMutableRawBufferPointer
    public private(set) var count: Int
    /// How much of the storage may have been written to, and has to be wiped.
    private var used = 0

    /// An empty secret that can take `capacity` bytes before it has to move.
    public init(capacity: Int = 0) {
        storage = PagePool.allocate(capacity)
        count = 0
    }

    public convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(capacity: bytes.count)
        append(bytes)
    }

    public convenience init(copying text: String) {
        self.init(capacity: text.utf8.count)
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    deinit { PagePool.free(storage, used: used) }

    public var isEmpty: Bool { count == 0 }

    public func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        guard let target = storage.baseAddress else { return }
        (target + count).copyMemory(from: source, byteCount: bytes.count)
        count += bytes.count
        used = max(used, count)
    }

    public func append(_ byte: UInt8) {
        reserve(1)
        storage[count] = byte
        count += 1
        used = max(used, count)
    }

    /// Lends the bytes for the time of the call.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: storage[..<count]))
    }

    /// Fills the secret with what `body` writes into a buffer of `capacity` bytes; it returns how many.
    public func fill(capacity: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int) {
        reserve(capacity)
        used = max(used, count + capacity)
        let written = body(UnsafeMutableRawBufferPointer(rebasing: storage[count..<(count + capacity)]))
        count += min(max(written, 0), capacity)
    }

    @inline(never)
    public func hasSameBytes(as other: SecretBytes) -> Bool {
        withBytes { mine in
            other.withBytes { theirs in
                guard mine.count == theirs.count else { return false }
                guard let one = mine.baseAddress, let another = theirs.baseAddress else { return true }
                return memcmp(one, another, mine.count) == 0
            }
        }
    }

    /// The same, in a time that depends on the length alone: how far a guess was right does not show.
    public func hasSameSecret(as other: SecretBytes) -> Bool {
        guard count == other.count else { return false }
        return withBytes { mine in
            other.withBytes { theirs in zip(mine, theirs).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0 }
        }
    }

    /// Makes room for `additional` bytes. The old memory is wiped: `realloc` would leave a copy behind.
    private func reserve(_ additional: Int) {
        guard storage.count - count < additional else { return }
        let larger = PagePool.allocate(max(count + additional, storage.count * 2))
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<count]))
        PagePool.free(storage, used: used)
        storage = larger
    }
}
