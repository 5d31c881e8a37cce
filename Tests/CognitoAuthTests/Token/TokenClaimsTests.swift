// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The claims of a token")
struct TokenClaimsTests {
    private func read(_ payload: String) -> TokenClaims? { TokenClaims(SecretBytes(SampleToken.token(payload))) }

    @Test("exp and sub are read from Cognito's tokens")
    func cognito() throws {
        let claims = try #require(TokenClaims(SecretBytes(SampleToken.access())))
        #expect(claims.expiresAt == SampleToken.expiry)
        #expect(claims.subject == "sub-of-alice")
    }

    @Test("The token of RFC 7519, section 3.1, is read")
    func standard() throws {
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
            + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
            + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(TokenClaims(SecretBytes(token))?.expiresAt == 1_300_819_380)
    }

    @Test("Padding in the payload does no harm", arguments: [#"{"exp":1}"#, #"{"exp":12}"#, #"{"exp":123}"#])
    func padded(payload: String) throws {
        let padded = Data(payload.utf8).base64EncodedString()
        #expect(TokenClaims(SecretBytes("h.\(padded).s"))?.expiresAt != nil)
    }

    @Test("An empty signature is no reason not to read it")
    func unsigned() { #expect(TokenClaims(SecretBytes("e30.e30.")) != nil) }

    @Test(
        "What has not three parts is no token",
        arguments: ["", ".", "..", "...", "e30", "e30.e30", "e30.e30.s.e30", "e30.e30.s."])
    func parts(token: String) { #expect(TokenClaims(SecretBytes(token)) == nil) }

    @Test("A payload that is not base64url is none", arguments: ["e30+", "e3 0", "e", "e30é", "=e30", "e30==", "e31"])
    func badBase64(payload: String) { #expect(TokenClaims(SecretBytes("h.\(payload).s")) == nil) }

    @Test(
        "A payload that is no JSON object is none",
        arguments: ["", "[]", "7", "null", "{", "{}{}", "{'a':1}"])
    func notAnObject(payload: String) { #expect(read(payload) == nil) }

    @Test("Of a claim that is there twice the last one counts, as RFC 7519 allows")
    func duplicates() { #expect(read(#"{"exp":1,"exp":2}"#)?.expiresAt == 2) }

    @Test(
        "A claim that cannot be read hides no other",
        arguments: [
            "18446744073709551616", "1e400", "null", #""\ud800""#, #""\u0000""#, #"{"a":1,"a":2}"#,
        ])
    func unreadable(value: String) throws {
        for payload in [
            #"{"sub":"x","custom:id":\#(value),"exp":1900000000}"#,
            "\u{FEFF}{\"exp\":1900000000,\"sub\":\"x\",\"custom:id\":\(value)}",
        ] {
            let claims = try #require(read(payload))
            #expect(claims.expiresAt == 1_900_000_000)
            #expect(claims.subject == "x")
        }
    }

    @Test(
        "exp is read from whole numbers and fractions",
        arguments: [
            ("1516239022", 1_516_239_022), ("1516239022.9", 1_516_239_022), ("1.516239022e9", 1_516_239_022), ("0", 0),
            ("-1", -1), ("-1.9", -1), ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
            ("9.2e18", 9_200_000_000_000_000_000),
        ] as [(String, Int64)])
    func expiry(number: String, expected: Int64) { #expect(read(#"{"exp":\#(number)}"#)?.expiresAt == expected) }

    @Test(
        "exp that is no number, or one that does not fit, tells nothing, and hides no other claim",
        arguments: [
            #""1516239022""#, "null", "true", "[]", "{}", "9.3e18", "-9.3e18", "1e308", "9223372036854775808", "1e400",
            "-99999999999999999999",
        ])
    func noExpiry(value: String) throws {
        let claims = try #require(read(#"{"exp":\#(value),"sub":"x"}"#))
        #expect(claims.expiresAt == nil)
        #expect(claims.subject == "x")
    }

    @Test("No exp tells nothing")
    func missing() throws {
        let claims = try #require(read("{}"))
        #expect(claims.expiresAt == nil)
        #expect(claims.subject == nil)
    }

    @Test("exp and sub inside another claim do not count")
    func nested() throws {
        let claims = try #require(
            read(#"{"a":{"exp":1,"sub":"x","origin_jti":"y"},"b":[{"exp":2}],"sub":{"sub":"z"}}"#))
        #expect(claims.expiresAt == nil)
        #expect(claims.subject == nil)
    }

    @Test("A payload nested too deeply is refused and does no harm")
    func deep() {
        #expect(
            read(#"{"a":"# + String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000) + "}") == nil
        )
        #expect(read(String(repeating: #"{"a":"#, count: 5_000)) == nil)
    }

    @Test("Escapes in claims are read, and where they are no text, the claim tells nothing")
    func escapes() throws {
        #expect(read(#"{"sub":"\u00e9\ud83e\udd8a"}"#)?.subject == "é🦊")
        for sub in [#""a\u0000b""#, #""\ud83e""#] {
            let claims = try #require(read(#"{"sub":\#(sub),"exp":1}"#))
            #expect(claims.subject == nil)
            #expect(claims.expiresAt == 1)
        }
    }

    @Test("A payload that is not UTF-8 is refused")
    func encoding() {
        let payload = SampleToken.base64URL(Data([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]))
        #expect(TokenClaims(SecretBytes("h.\(payload).s")) == nil)
    }
}
