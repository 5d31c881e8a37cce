// SPDX-License-Identifier: Apache-2.0

/// A number as RFC 8259, section 6, writes it, of any size.
struct JSONNumber {
    /// Whether it fits neither into 64 bits nor, with a fraction or an exponent, surely into a `double`.
    let isTooLarge: Bool

    static func isPart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    /// nil if `text` is no number of JSON.
    init?(_ text: UnsafeRawBufferPointer) {
        var rest = Cursor(text: text)
        let isNegative = rest.take("-")
        let integer = rest.takeDigits()
        guard let integer, integer.count == 1 || !integer.startsWithZero else { return nil }
        let hasFraction = rest.take(".")
        if hasFraction, rest.takeDigits() == nil { return nil }
        var magnitude = integer.count
        let hasExponent = rest.take("e") || rest.take("E")
        if hasExponent {
            let isSmall = rest.take("-")
            if !isSmall { _ = rest.take("+") }
            guard let exponent = rest.takeDigits() else { return nil }
            // Beyond any number that fits, and far from any overflow.
            let size = exponent.count < 7 ? Int(exponent.value) : 1_000_000
            magnitude += isSmall ? -size : size
        }
        guard rest.isAtEnd else { return nil }
        if hasFraction || hasExponent {
            isTooLarge = magnitude > 300
        } else {
            isTooLarge = integer.count > 19 || integer.value > UInt64(Int64.max) + (isNegative ? 1 : 0)
        }
    }

    private struct Digits {
        var count = 0
        var startsWithZero = false
        /// Right for up to 19 digits.
        var value: UInt64 = 0
    }

    private struct Cursor {
        let text: UnsafeRawBufferPointer
        private var index = 0

        init(text: UnsafeRawBufferPointer) { self.text = text }

        var isAtEnd: Bool { index >= text.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard !isAtEnd, text[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        /// Takes the digits that come next; nil if the next character is not a digit.
        mutating func takeDigits() -> Digits? {
            var digits = Digits()
            while !isAtEnd, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index]) {
                if digits.count == 0 { digits.startsWithZero = text[index] == UInt8(ascii: "0") }
                digits.value = digits.value &* 10 &+ UInt64(text[index] - UInt8(ascii: "0"))
                digits.count += 1
                index += 1
            }
            return digits.count > 0 ? digits : nil
        }
    }
}
