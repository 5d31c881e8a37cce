// SPDX-License-Identifier: Apache-2.0

// Comparing bytes is what identifiers and protocol words need, and it is what Embedded Swift can do
// without 47 KB of Unicode tables: `==` on strings knows that "é" can be written in two ways.
//
// What Swift has for collections of bytes takes 500 to 1700 bytes of code for each kind of them, and strings are the
// largest. So what is asked of a string's bytes is here, once and out of line.
extension String {
    @inline(never)
    public func isExactly(_ other: String) -> Bool { withBytes { $0.isExactly(other) } }

    public func startsExactly(with prefix: String) -> Bool { withBytes { $0.has(prefix, at: 0) } }

    func endsExactly(with suffix: String) -> Bool { withBytes { $0.has(suffix, at: $0.count - suffix.utf8.count) } }

    /// Whether all bytes are of a class; there may be none.
    func hasOnly(_ isOfClass: (UInt8) -> Bool) -> Bool { withBytes { $0.allSatisfy(isOfClass) } }

    /// Lends the bytes for the time of the call.
    @inline(never)
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        var text = self
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether these are the bytes of `text`.
    public func isExactly(_ text: String) -> Bool { count == text.utf8.count && has(text, at: 0) }

    /// Whether the bytes of `text` stand at `start`.
    @inline(never)
    public func has(_ text: String, at start: Int) -> Bool {
        text.withBytes { wanted in
            guard start >= 0, wanted.count <= count - start else { return false }
            return wanted.indices.allSatisfy { self[start + $0] == wanted[$0] }
        }
    }

    /// These bytes as text.
    @inline(never)
    public var text: String { String(decoding: self, as: UTF8.self) }

    /// The same without a slash at the end.
    public var withoutSlash: UnsafeRawBufferPointer {
        last == UInt8(ascii: "/") ? UnsafeRawBufferPointer(rebasing: dropLast()) : self
    }

    /// Whether `text` occurs in these bytes, ASCII letters compared without their case.
    public func mentions(_ text: StaticString) -> Bool {
        let wanted = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard wanted.count <= count else { return false }
        return (0...(count - wanted.count)).contains { start in
            wanted.indices.allSatisfy { lowercased(self[start + $0]) == lowercased(wanted[$0]) }
        }
    }

    private func lowercased(_ byte: UInt8) -> UInt8 {
        byte.isASCIIUppercase ? byte | 0x20 : byte
    }
}
