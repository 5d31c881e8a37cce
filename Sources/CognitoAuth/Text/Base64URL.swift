// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The encoding of RFC 4648, section 5, on bytes that may be secret.
enum Base64URL {
    /// Decodes `text`, with or without its padding, or returns nil if it is no base64url.
    ///
    /// Bits that are left over must be 0, as RFC 4648 section 3.5 allows a decoder to ask.
    static func decode(_ text: UnsafeRawBufferPointer) -> SecretBytes? {
        var end = text.count
        while end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        if end < text.count, text.count % 4 != 0 { return nil }
        guard end % 4 != 1 else { return nil }

        let decoded = SecretBytes()
        var isWhole = false
        decoded.fill(capacity: end / 4 * 3 + 2) { buffer in
            var bits: UInt32 = 0
            var bitCount: UInt32 = 0
            var count = 0
            for index in 0..<end {
                guard let value = value(of: text[index]) else { return count }
                bits = (bits << 6 | UInt32(value)) & 0xFFFF
                bitCount += 6
                guard bitCount >= 8 else { continue }
                bitCount -= 8
                buffer[count] = UInt8(truncatingIfNeeded: bits >> bitCount)
                count += 1
            }
            isWhole = bits & ((1 << bitCount) - 1) == 0
            return count
        }
        return isWhole ? decoded : nil
    }

    /// The encoding of `secret`, without padding.
    static func encoded(_ secret: SecretBytes) -> SecretBytes {
        let text = SecretBytes()
        secret.withBytes { encode($0, to: text) }
        return text
    }

    /// Appends the encoding of `bytes`, without padding, to `text`.
    static func encode(_ bytes: UnsafeRawBufferPointer, to text: SecretBytes) {
        var bits: UInt32 = 0
        var bitCount: UInt32 = 0
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xFFFF
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(digit(for: bits >> bitCount))
            }
        }
        if bitCount > 0 { text.append(digit(for: bits << (6 - bitCount))) }
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }

    @inline(never)
    private static func digit(for value: UInt32) -> UInt8 {
        let value = UInt8(value & 0x3F)
        return switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + (value - 26)
        case 52..<62: UInt8(ascii: "0") + (value - 52)
        case 62: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }
}
