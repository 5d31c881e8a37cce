// SPDX-License-Identifier: Apache-2.0

// Comparing bytes is what identifiers and protocol words need, and it is what Embedded Swift can do
// without 47 KB of Unicode tables: `==` on strings knows that "é" can be written in two ways.
extension String {
    public func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }

    func startsExactly(with prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }

    func endsExactly(with suffix: String) -> Bool { utf8.reversed().starts(with: suffix.utf8.reversed()) }
}

extension UnsafeRawBufferPointer {
    /// Whether `text` stands at `start`.
    func has(_ text: StaticString, at start: Int) -> Bool {
        guard start >= 0, text.utf8CodeUnitCount <= count - start else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { self[start + $0] == text.utf8Start[$0] }
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
