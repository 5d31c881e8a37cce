// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Text from a server")
struct RedactionTests {
    private func redact(_ text: String, _ secrets: String...) -> String {
        Redaction.redact(SecretBytes(text), secrets: secrets.map { SecretBytes($0) })
    }

    @Test(
        "Ordinary text stays as it is",
        arguments: [
            "", "User does not exist.", "Access Token has been revoked", "Größe: 3 → 4 🦊", "a/b/c?d=e&f",
            "\"quoted\" \\ <b>",
        ])
    func ordinary(text: String) { #expect(redact(text) == text) }

    @Test("A run of 24 characters that tokens have is replaced, one of 23 is not")
    func runs() {
        #expect(redact(String(repeating: "a", count: 24)) == "[redacted]")
        #expect(redact(String(repeating: "a", count: 23)) == String(repeating: "a", count: 23))
        #expect(redact("<\(String(repeating: "9", count: 5000))>") == "<[redacted]>")
    }

    @Test("Every character that a token may have belongs to a run")
    func alphabet() {
        for character in "AZaz09_.~+/=%-" {
            #expect(redact("x " + String(repeating: character, count: 24) + " y") == "x [redacted] y")
        }
        for character in ["!", ",", ":", "@", "#", "&", "?", "(", "é", "|"] {
            let text = String(repeating: "aaaaaaaaaaaa\(character)", count: 4)
            #expect(redact(text) == text)
        }
    }

    @Test("All tokens of a message are replaced, also one at its end")
    func several() {
        let token = SampleToken.access()
        #expect(redact("Token \(token) is not \(token)") == "Token [redacted] is not [redacted]")
        #expect(redact("token=\(token)") == "[redacted]")
        #expect(redact("{\"t\":\"\(token)\"}") == "{\"t\":\"[redacted]\"}")
    }

    @Test(
        "Names of Cognito's stay, also at the end of a sentence, and so do exceptions that are newer than this library",
        arguments: [
            "GetTokensFromRefreshToken", "UnknownOperationException", "SoftwareTokenMFANotFoundException",
            "TemporaryPasswordValidityDays", "ProvisionedThroughputExceededException", "RevokeAssociatedSessions",
        ])
    func names(name: String) {
        for text in ["\(name)", "\(name): no.", "It was \(name).", "(\(name))", "a#\(name)", "\(name)..."] {
            #expect(redact(text) == text)
        }
        #expect(redact("\(name)2") == "[redacted]")
        #expect(redact("a.\(name)") == "[redacted]")
        #expect(redact("\(name)=\(name)") == "[redacted]")
        #expect(redact(name, name) == "[redacted]")
        #expect(redact(name, String(name.dropFirst(3))) == name.prefix(3) + "[redacted]")
    }

    @Test("Every name of Cognito's service model stays, as botocore has it")
    func modelNames() throws {
        let names = try Botocore.lines(of: "botocore_names.py").map(String.init)
        #expect(names.count > 500)
        #expect(names.count { $0.utf8.count >= 24 } >= 100)
        for name in names { #expect(redact(name) == name) }
    }

    @Test(
        "What only resembles a name is replaced",
        arguments: [
            "unknownOperationException", "UnknownOperationExceptio", "UnknownOperationException2",
            "ABCDEFGHIJKLMNOPException",
            "Unknown_Operation_Exception", "UnknownOperationexception", "AbcdefghijklmnopqException",
            String(repeating: "Abc", count: 19) + "Exception", "GetTokensFromRefreshTokens",
            "getTokensFromRefreshToken",
        ])
    func noNames(text: String) { #expect(redact(text) == "[redacted]") }

    @Test("No token survives, wherever it stands and whatever stands around it")
    func property() {
        let randomness = FakeRandomness()
        func number(_ limit: Int) -> Int { Int((randomness.next() >> 33) % UInt64(limit)) }
        let alphabets = [
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.",
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz0123456789-",
            "0123456789abcdef",
        ].map { Array($0) }
        let around = [
            "", " ", "\"", "'", ":", "#", "token=", "Bearer ", "\u{202E}", "\n", "é", "NotAuthorizedException: ",
            "UnknownOperationException", "UnknownOperationException ", "GetTokensFromRefreshToken.", "Exception", ".",
            "/",
        ]
        for _ in 0..<5000 {
            let alphabet = alphabets[number(alphabets.count)]
            let token = String((0..<(24 + number(200))).map { _ in alphabet[number(alphabet.count)] })
            let text = around[number(around.count)] + token + around[number(around.count)]
            #expect(!redact(text).contains(token), "\(text)")
            #expect(!redact("The token \(text) is bad").contains(token), "\(text)")
            // One of this call's own is replaced whatever it looks like.
            let own = String(token.prefix(10 + number(14)))
            #expect(!redact(around[number(around.count)] + own + " UnknownOperationException", own).contains(own))
        }
    }

    @Test("A short secret of this session is replaced wherever it stands")
    func shortSecrets() {
        #expect(redact("bad token abc123.", "abc123") == "bad token [redacted].")
        #expect(redact("xabc123y abc123", "abc123") == "x[redacted]y [redacted]")
        #expect(redact("abc123abc123", "abc123") == "[redacted][redacted]")
        #expect(redact("s1 and s22", "s1", "s22") == "[redacted] and [redacted]")
        #expect(redact("é-é", "é-é") == "[redacted]")
        #expect(redact("abc12", "abc123") == "abc12")
    }

    @Test("Of two secrets that begin alike the whole longer one is replaced, whatever their order")
    func prefixes() {
        #expect(!redact("it was secretlonger.", "secret", "secretlonger").contains("longer"))
        #expect(!redact("it was secretlonger.", "secretlonger", "secret").contains("longer"))
    }

    @Test("An empty secret replaces nothing")
    func emptySecret() { #expect(redact("text", "") == "text") }

    @Test(
        "Control characters are removed",
        arguments: [
            "\u{0}", "\u{1}", "\t", "\n", "\r", "\u{1B}", "\u{7F}", "\u{80}", "\u{85}", "\u{9B}", "\u{9F}",
        ])
    func controls(character: String) { #expect(redact("a\(character)b") == "ab") }

    @Test(
        "Bidirectional and zero-width characters are removed",
        arguments: [
            "\u{061C}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{2028}", "\u{2029}", "\u{202A}",
            "\u{202B}",
            "\u{202C}", "\u{202D}", "\u{202E}", "\u{2060}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}", "\u{FEFF}",
            "\u{00AD}",
        ])
    func bidirectional(character: String) {
        #expect(redact("a\(character)b").unicodeScalars.elementsEqual("ab".unicodeScalars))
        #expect(redact(character) == "")
    }

    @Test(
        "Their neighbours stay",
        arguments: [
            "\u{A0}", "\u{061B}", "\u{061D}", "\u{200A}", "\u{2010}", "\u{2027}", "\u{202F}", "\u{2070}", "…", "–",
        ])
    func neighbours(character: String) { #expect(redact("a\(character)b") == "a\(character)b") }

    @Test(
        "A token with an invisible character inside is found",
        arguments: ["\u{0}", "\n", "\u{202E}", "\u{200B}", "\u{FEFF}", "\u{AD}"])
    func hidden(character: String) {
        let half = String(repeating: "t", count: 20)
        #expect(redact("token \(half)\(character)\(half)!") == "token [redacted]!")
        #expect(redact("short abc\(character)123!", "abc123") == "short [redacted]!")
    }

    private func redact(_ bytes: [UInt8], _ secret: String = "") -> String {
        bytes.withUnsafeBytes { Redaction.redact(SecretBytes(copying: $0), secrets: [SecretBytes(secret)]) }
    }

    @Test("What is left of an invisible character when another is removed makes none, and is removed too")
    func takenApart() {
        #expect(redact([0x61, 0xE2, 0x01, 0x80, 0xAE, 0x62]).unicodeScalars.elementsEqual("ab".unicodeScalars))
        #expect(redact([0x61, 0xC2, 0x0A, 0x85, 0x62]).unicodeScalars.elementsEqual("ab".unicodeScalars))
        #expect(redact([0xE2, 0xE2, 0x01, 0x80, 0xAE, 0x80, 0xAE]).isEmpty)
    }

    @Test(
        "Bytes that are no UTF-8 are removed",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0xA6], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
        ] as [[UInt8]])
    func noUTF8(bytes: [UInt8]) {
        #expect(redact(bytes).isEmpty)
        #expect(redact(Array("aé".utf8) + bytes + Array("🦊→b".utf8)) == "aé🦊→b")
        #expect(redact(Array("abc".utf8) + bytes + Array("123!".utf8), "abc123") == "[redacted]!")
        let many = Array("a ".utf8) + Array(repeating: bytes, count: 1000).joined()
        #expect(redact(many) == "a ")
        for text in ["\u{7F}\u{80}", "\u{7FF}\u{800}", "\u{D7FF}\u{E000}", "\u{FFFF}\u{10000}", "\u{10FFFF}"] {
            #expect(redact(Array(text.utf8) + bytes) == redact(text) && redact(text).count <= text.count)
        }
    }

    @Test("Text is cut at 512 bytes, and no token is cut into a piece that stays")
    func truncation() {
        #expect(redact(String(repeating: "a ", count: 1000)).utf8.count == 512)
        let text = String(repeating: "ab ", count: 170) + SampleToken.access()
        #expect(redact(text).hasSuffix("ab "))
        #expect(redact(text).utf8.count <= 512)
        for length in 480...530 {
            let cut = redact(String(repeating: "! ", count: length / 2) + "secret12345", "secret12345")
            #expect(!cut.contains("secr"))
        }
    }

    @Test("Text that was cut is at most 512 bytes, also where a replacement stands at the cut")
    func truncationAtReplacement() {
        let lengths = (500...512).map { redact(String(repeating: "!", count: $0) + SampleToken.access()).utf8.count }
        #expect(lengths.allSatisfy { $0 <= 512 }, "\(lengths)")
    }

    @Test("Text is not cut inside a character")
    func truncationInsideCharacter() {
        for character in ["é", "→", "🦊"] {
            let last = redact("a" + String(repeating: character, count: 1000)).last
            #expect(last.map(String.init) == character)
        }
    }

    // MARK: In messages

    @Test("A message that echoes the request's token does not show it")
    func echo() throws {
        let world = FakeWorld.signedIn(refresh: "short-one")
        world.transport.script("RevokeToken", .exception("InvalidParameterException", "Token short-one is bad"))
        let failure = try #require(try world.signOut().revocationFailure)
        #expect(failure.message.hasSuffix("Token [redacted] is bad"))
    }

    @Test("A message that echoes the client secret does not show it")
    func echoedClientSecret() throws {
        let world = FakeWorld.signedIn()
        world.options.clientSecret = SecretBytes("abcdefghijklmnopqrstuvwx")
        world.transport.script("RevokeToken", .exception("UnauthorizedException", "not abcdefghijklmnopqrstuvwx!"))
        let failure = try #require(try world.signOut().revocationFailure)
        #expect(failure.message.hasSuffix("not [redacted]!"))
    }

    @Test("A message that echoes another token of the session does not show that either")
    func echoedOtherToken() throws {
        let world = FakeWorld.signedIn(access: "short.access.token", id: "short.id.token", refresh: "short-refresh")
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: "new.access.token", refresh: "new-refresh"))
        let echo = "short.access.token short.id.token short-refresh new.access.token new-refresh"
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "required scopes \(echo)"))
        world.transport.script("RevokeToken", .exception("ForbiddenException", echo))
        let report = try world.signOut(globally: true)
        for failure in [report.globalSignOutFailure, report.revocationFailure] {
            let message = try #require(failure?.message)
            let shown = echo.split(separator: " ").filter { message.contains($0) }
            #expect(shown.isEmpty, "\(message)")
        }
    }

    @Test("A token in the place of an exception's name is not shown")
    func exceptionName() throws {
        let world = FakeWorld.signedIn(refresh: "short_one")
        for name in ["short_one", SampleToken.access(), String(repeating: "x", count: 40)] {
            world.store.sessions = [FakeWorld.item(refresh: "short_one")]
            world.transport.script("RevokeToken", .http(400, "", errorType: name))
            let failure = try #require(try world.signOut().revocationFailure)
            #expect(!failure.message.contains(name))
            #expect(failure.serviceException?.contains(name) != true)
        }
    }
}
