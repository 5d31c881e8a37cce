// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Makes text that came from a server fit to be shown: servers echo tokens in their messages.
enum Redaction {
    /// The longest text that is passed on, in bytes.
    static let maximumLength = 512

    private static let replacement = "[redacted]"
    private static let shortestRun = 24

    /// `text` without control and bidirectional characters, with each of `secrets` and every run of 24
    /// or more characters that look like a token replaced; names of Cognito's stay.
    static func redact(_ text: SecretBytes, secrets: [SecretBytes]) -> String {
        // Invisible characters go first: one of them inside a token would hide it from the search.
        let visible = text.withBytes(withoutInvisibleCharacters)
        var output: [UInt8] = []
        visible.withBytes { bytes in
            var index = 0
            while index < bytes.count, output.count < maximumLength {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[index...])
                if let length = lengthOfRun(at: rest, after: bytes, index) ?? lengthOfSecret(at: rest, secrets) {
                    if output.count + replacement.utf8.count > maximumLength { break }
                    output.append(contentsOf: replacement.utf8)
                    index += length
                } else {
                    output.append(bytes[index])
                    index += 1
                }
            }
            if index < bytes.count { cut(&output) }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// `text` without control and bidirectional characters: for what is no server's message, and may
    /// still quote one, such as the name in a certificate.
    static func visible(_ text: String) -> String {
        SecretBytes(copying: text).withBytes(withoutInvisibleCharacters)
            .withBytes { $0.text }
    }

    /// Whether one of `secrets` occurs in `text`.
    static func hasSecret(_ text: UnsafeRawBufferPointer, _ secrets: [SecretBytes]) -> Bool {
        text.indices.contains { lengthOfSecret(at: UnsafeRawBufferPointer(rebasing: text[$0...]), secrets) != nil }
    }

    private static func lengthOfSecret(at text: UnsafeRawBufferPointer, _ secrets: [SecretBytes]) -> Int? {
        var longest: Int?
        for secret in secrets where !secret.isEmpty && text.count >= secret.count {
            if secret.withBytes({ $0.elementsEqual(text[..<secret.count]) }) {
                longest = max(longest ?? 0, secret.count)
            }
        }
        return longest
    }

    /// Takes the last character, which may not be whole, from a text that goes on.
    private static func cut(_ text: inout [UInt8]) {
        var length = text.count
        while length > 0, text[length - 1] & 0xC0 == 0x80 { length -= 1 }
        if length > 0, text[length - 1] >= 0xC0 { length -= 1 }
        text.removeLast(text.count - length)
    }

    /// The length of the run that begins here, if it is a long one and no name. A name can end a sentence.
    private static func lengthOfRun(
        at text: UnsafeRawBufferPointer, after bytes: UnsafeRawBufferPointer, _ index: Int
    ) -> Int? {
        if index > 0, looksLikeToken(bytes[index - 1]) { return nil }
        let length = text.firstIndex { !looksLikeToken($0) } ?? text.count
        guard length >= shortestRun else { return nil }
        var end = length
        while end > 0, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return ModelName.matches(UnsafeRawBufferPointer(rebasing: text[..<end])) ? nil : length
    }

    private static func looksLikeToken(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte.isOne(of: "_.~+/=%-")
    }

    /// Nor what is no UTF-8: two parts of a character around it could become one that is invisible.
    private static func withoutInvisibleCharacters(_ text: UnsafeRawBufferPointer) -> SecretBytes {
        let visible = SecretBytes(capacity: text.count)
        var index = 0
        while index < text.count {
            let rest = UnsafeRawBufferPointer(rebasing: text[index...])
            let length = UTF8Character.length(at: rest)
            let character = UnsafeRawBufferPointer(rebasing: rest[..<length])
            if !isInvisible(character) { visible.append(character) }
            index += max(length, 1)
        }
        return visible
    }

    /// Whether it is a control, bidirectional or zero-width character.
    private static func isInvisible(_ character: UnsafeRawBufferPointer) -> Bool {
        switch character.count {
        case 1: return character[0] < 0x20 || character[0] == 0x7F
        case 2:
            switch (character[0], character[1]) {
            case (0xC2, 0x80...0x9F), (0xC2, 0xAD), (0xD8, 0x9C): return true  // C1 controls, U+00AD, U+061C
            default: return false
            }
        case 3:
            switch (character[0], character[1], character[2]) {
            case (0xE2, 0x80, 0x8B...0x8F), (0xE2, 0x80, 0xA8...0xAE): return true  // U+200B-200F, U+2028-202E
            case (0xE2, 0x81, 0xA0...0xAF), (0xEF, 0xBB, 0xBF): return true  // U+2060-206F, U+FEFF
            default: return false
            }
        default: return false
        }
    }
}
