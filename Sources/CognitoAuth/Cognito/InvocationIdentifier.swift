// SPDX-License-Identifier: Apache-2.0

/// The identifier that all attempts of one request share: a random UUID (RFC 9562, version 4).
struct InvocationIdentifier {
    let text: String

    init(_ randomness: any Randomness) {
        let high = randomness.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = randomness.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var characters: [UInt8] = []
        for (word, breaks) in [(high, [8, 12]), (low, [4])] {
            if !characters.isEmpty { characters.append(UInt8(ascii: "-")) }
            for digit in 0..<16 {
                if breaks.contains(digit) { characters.append(UInt8(ascii: "-")) }
                let value = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * digit)) & 0xF
                characters.append(Hexadecimal.digit(value, letters: UInt8(ascii: "a")))
            }
        }
        text = String(decoding: characters, as: UTF8.self)
    }
}
