// SPDX-License-Identifier: Apache-2.0

/// A character as bytes (RFC 3629).
enum UTF8Character {
    /// How many bytes the character takes that `text` begins with; 0 if it begins with none.
    static func length(at text: UnsafeRawBufferPointer) -> Int {
        guard let first = text.first else { return 0 }
        if first < 0x80 { return 1 }
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard (0xC2...0xF4).contains(first), text.count >= length,
            text[1..<length].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { return 0 }
        // Written with more bytes than it needs, half of a surrogate pair, or beyond U+10FFFF.
        switch (first, text[1]) {
        case (0xE0, ..<0xA0), (0xED, 0xA0...), (0xF0, ..<0x90), (0xF4, 0x90...): return 0
        default: return length
        }
    }
}
