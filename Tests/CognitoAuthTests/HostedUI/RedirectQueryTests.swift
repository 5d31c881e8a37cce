// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The parameters of a redirect")
struct RedirectQueryTests {
    private func value(_ query: String, _ name: StaticString = "code") -> String? {
        RedirectQuery(SecretBytes(query)).value(name)?.text
    }

    @Test(
        "Values are decoded as those of a form",
        arguments: [
            ("code=abc", "abc"), ("x=1&code=abc&y", "abc"), ("code=a%20b", "a b"), ("code=a+b", "a b"),
            ("code=a%2Bb", "a+b"), ("code=%C3%A4", "ä"), ("code=%c3%a4", "ä"), ("code=a=b", "a=b"), ("code=", ""),
            ("code", ""), ("c%6Fde=abc", "abc"), ("&&code=abc&&", "abc"), ("code=a%00b", "a\0b"),
        ])
    func decoded(query: String, value: String) {
        #expect(self.value(query) == value)
    }

    @Test(
        "What is no encoding stays as it is",
        arguments: ["%", "%4", "%G1", "%1G", "%%41", "a%", "%+1", "% 1", "%-1"])
    func malformed(text: String) {
        let expected = text == "%%41" ? "%A" : text.replacing("+", with: " ")
        #expect(value("code=\(text)") == expected)
    }

    @Test(
        "A parameter that is there twice has no value",
        arguments: ["code=a&code=a", "code=a&code", "code=a&c%6fde=b"])
    func doubled(query: String) {
        #expect(value(query) == nil)
        #expect(RedirectQuery(SecretBytes(query)).count("code") == 2)
    }

    @Test(
        "A name counts with its case and its length",
        arguments: ["CODE=a", "code%00=a", "%00code=a", "code2=a", "cod=a", " code=a", "+code=a", ""])
    func otherNames(query: String) {
        #expect(value(query) == nil)
        #expect(RedirectQuery(SecretBytes(query)).count("code") == 0)
    }

    @Test("Without a query there are no parameters")
    func none() {
        #expect(RedirectQuery(nil).count("code") == 0)
        #expect(RedirectQuery(nil).value("code") == nil)
    }

    @Test("Any bytes can be read", arguments: 0...255 as ClosedRange<UInt8>)
    func anyByte(byte: UInt8) {
        for bytes in [[byte], [byte, byte], [0x25, byte], [0x25, byte, byte], [0x26, byte, 0x3D, byte]] {
            let query = SecretBytes()
            for byte in bytes { query.append(byte) }
            _ = RedirectQuery(query).value("code")
        }
    }
}
