// SPDX-License-Identifier: Apache-2.0

/// Numbers to the base 16.
enum Hexadecimal {
    /// Two lower-case digits for each byte.
    static func text(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = []
        for byte in bytes {
            digits.append(digit(byte >> 4, letters: UInt8(ascii: "a")))
            digits.append(digit(byte & 0xF, letters: UInt8(ascii: "a")))
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The digit of a value below 16.
    static func digit(_ value: UInt8, letters: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : letters + (value - 10)
    }

    /// The value of a digit, in lower or upper case; nil if it is not a hexadecimal digit.
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
