// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Base64url")
struct Base64URLTests {
    /// RFC 4648, section 10, without padding.
    static let vectors = [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test("The vectors of RFC 4648 are encoded", arguments: vectors)
    func encodes(plain: String, encoded: String) { #expect(Base64URL.encode(Array(plain.utf8)) == encoded) }

    @Test("The vectors of RFC 4648 are decoded, with and without padding", arguments: vectors)
    func decodes(plain: String, encoded: String) {
        #expect(Base64URL.decode(text: encoded)?.text == plain)
        let padded = encoded + String(repeating: "=", count: (4 - encoded.count % 4) % 4)
        #expect(Base64URL.decode(text: padded)?.text == plain)
    }

    @Test("Digits 62 and 63 are - and _, and + and / are refused")
    func alphabet() {
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        #expect(Base64URL.decode(text: "-_8")?.bytes == [0xFB, 0xFF])
        #expect(Base64URL.decode(text: "+/8") == nil)
    }

    @Test("Every length comes back as it went in, and as Foundation writes it")
    func everyLength() {
        for length in 0...300 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ length) }
            let encoded = Base64URL.encode(bytes)
            #expect(encoded == SampleToken.base64URL(Data(bytes)))
            #expect(Base64URL.decode(text: encoded)?.bytes == bytes)
        }
    }

    @Test("Every byte value is a digit or refused")
    func everyByte() {
        let digits = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        for byte in UInt8.min...UInt8.max {
            let text = SecretBytes()
            for digit in [UInt8(ascii: "A"), byte, UInt8(ascii: "A"), UInt8(ascii: "A")] { text.append(digit) }
            #expect((text.withBytes { Base64URL.decode($0) } != nil) == digits.contains(byte))
        }
    }

    @Test("A length that no encoding has is refused", arguments: ["A", "AAAAA", "AAAA="])
    func badLength(text: String) { #expect(Base64URL.decode(text: text) == nil) }

    @Test(
        "Padding that does not fill up, is too long or stands inside is refused",
        arguments: [
            "=", "==", "===", "====", "Zg=", "Zg===", "Zm8==", "Zm9v=", "Z=g=", "=Zg=", "Zg==Zg==", "AAA=AAAA",
        ])
    func badPadding(text: String) { #expect(Base64URL.decode(text: text) == nil) }

    @Test("Bits that are left over must be 0", arguments: ["Zh", "Zm9", "Zm9vYh", "AB", "AAB"])
    func leftOver(text: String) { #expect(Base64URL.decode(text: text) == nil) }

    @Test("White space and line ends are refused", arguments: ["Zg ", " Zg", "Zm\n8", "Zm9v\r\n", "Zm\u{0}8"])
    func whiteSpace(text: String) { #expect(Base64URL.decode(text: text) == nil) }
}
