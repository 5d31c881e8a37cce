// SPDX-License-Identifier: Apache-2.0

import Foundation
import JSON
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The partial-failure token")
struct PartialFailureTokenTests {
    let world = FakeWorld()

    private func token(_ change: (FakeWorld) -> Void = { _ in }) throws -> SecretBytes {
        let world = FakeWorld.signedIn()
        change(world)
        world.transport.script("GlobalSignOut", .exception("ForbiddenException"))
        return try #require(try world.signOut(globally: true).partialFailureToken)
    }

    private func expectRefused(_ token: SecretBytes, _ location: SourceLocation = #_sourceLocation) throws {
        let report = try world.retry(token)
        #expect(report.failure?.status == .invalidArgument, sourceLocation: location)
        #expect(report.failure?.message.hasPrefix("partial_failure_token ") == true, sourceLocation: location)
        #expect(report.outcome == .failed, sourceLocation: location)
        #expect(report.wasSignedIn == .unknown, sourceLocation: location)
        #expect(report.partialFailureToken == nil, sourceLocation: location)
        #expect(world.journal.line.isEmpty, sourceLocation: location)
    }

    /// A well-formed token around `json`.
    private func token(around json: String) -> SecretBytes {
        let text = "ca1." + SampleToken.base64URL(Data(json.utf8))
        return SecretBytes(text + "." + Self.crc32(text))
    }

    private static func crc32(_ text: String) -> String {
        var remainder = UInt32.max
        for byte in text.utf8 {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1) &* 0xEDB8_8320 }
        }
        let digits = String(~remainder, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The members of a token that `world` would take.
    private func members(_ changes: [String: String?] = [:]) -> String {
        var members: [String: String?] = [
            "version": "1", "app_id": #""org.example.Mail""#, "user_pool_id": #""eu-west-1_AbCdEfGhI""#,
            "client_id": #""client1example""#, "refresh_token": #""r""#,
        ]
        members.merge(changes) { $1 }
        return "{" + members.compactMap { key, value in value.map { "\"\(key)\":\($0)" } }.joined(separator: ",") + "}"
    }

    @Test("The checksum is CRC-32, as its check value shows")
    func checksum() { #expect(Self.crc32("123456789") == "cbf43926") }

    @Test("A token that was put together by hand from its description is taken")
    func format() throws {
        let report = try world.retry(token(around: members()))
        #expect(report.outcome == .complete)
        #expect(world.transport.requests.map { $0.body["Token"] } == ["r"])
    }

    @Test("It holds the app, pool, client, user and tokens, and neither a host nor the client secret")
    func content() throws {
        let token = try token { $0.options.clientSecret = SecretBytes("abcdefghijklmnopqrstuvwxyz") }
        let parts = token.text.split(separator: ".")
        #expect(parts.count == 3)
        #expect(parts[0] == "ca1")
        let body = try #require(Base64URL.decode(text: String(parts[1])))
        #expect(
            try JSONText(body.text)
                == JSONText(
                    strings: [
                        "app_id": "org.example.Mail", "user_pool_id": "eu-west-1_AbCdEfGhI",
                        "client_id": FakeWorld.clientID, "sub": "sub-of-alice", "access_token": SampleToken.access(),
                        "refresh_token": SampleToken.refresh,
                    ], numbers: ["version": 1, "global_sign_out": 1], lists: [:]))
        #expect(!body.text.contains("abcdefghijklmnopqrstuvwxyz"))
        #expect(!body.text.contains("amazonaws"))
        #expect(!body.text.contains("http"))
    }

    @Test("A token with any one byte changed is refused, and nothing is sent")
    func damaged() throws {
        let text = try token().bytes
        for index in text.indices {
            var bytes = text
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            try expectRefused(SecretBytes(String(decoding: bytes, as: UTF8.self)))
        }
    }

    @Test("A token that was cut off anywhere, or has something behind it, is refused")
    func cutOff() throws {
        let text = try token().text
        for length in 0..<text.utf8.count { try expectRefused(SecretBytes(String(text.prefix(length)))) }
        try expectRefused(SecretBytes(text + "0"))
        try expectRefused(SecretBytes(text + "\n"))
        try expectRefused(SecretBytes(" " + text))
    }

    @Test(
        "Text that is no token is refused",
        arguments: ["", ".", "ca1.", "ca1..", "ca1.........", "ca2.e30.00000000", "é"])
    func foreign(text: String) throws {
        try expectRefused(SecretBytes(text))
        try expectRefused(SecretBytes(String(repeating: text + "x", count: 400_000)))
    }

    @Test(
        "A token whose checksum is right and whose content is not is refused",
        arguments: [
            ["version": "0"], ["version": "-1"], ["version": nil], ["version": #""1""#], ["app_id": nil],
            ["user_pool_id": "7"],
            ["client_id": nil], ["refresh_token": nil], ["refresh_token": "7"], ["refresh_token": #""a b""#],
            ["refresh_token": #""""#], ["other_refresh_tokens": "[7]"], ["other_refresh_tokens": #""r""#],
            ["other_refresh_tokens": #"["a b"]"#], ["other_refresh_tokens": #"["r", 7]"#],
            ["access_token": #""a b""#, "global_sign_out": "1"], ["access_token": #""\n""#, "global_sign_out": "1"],
            ["access_token": #""a""#], ["global_sign_out": "2"], ["global_sign_out": "-1"],
            ["global_sign_out": "true"], ["global_sign_out": #""1""#], ["sub": "7"],
            ["deletions": #"["session:a"]"#], ["other_refresh_tokens": "[]"], ["ended": "7"], ["ended": "[]"],
            ["unanswered_refresh_tokens": "[7]"], ["unanswered_refresh_tokens": "[]"],
            ["unanswered": #""refresh""#], ["unanswered": "[7]"], ["unanswered": "[]"],
            ["unanswered": #"["something_new"]"#], ["unanswered": #"["global_sign_out"]"#],
            ["browser": "1"], ["version": "2", "browser": "1"], ["version": "3", "browser": "2"],
            ["version": "3", "browser": "true"], ["version": "3", "browser": #""1""#],
            ["version": "3", "browser": "[]"],
            ["version": "3", "browser": "0", "refresh_token": nil],
            ["unanswered": #"["refresh"]"#, "refresh_token": nil, "other_refresh_tokens": #"["r"]"#],
        ] as [[String: String?]])
    func wrongContent(changes: [String: String?]) throws {
        try expectRefused(token(around: members(changes)))
    }

    @Test(
        "One of version 2 whose deletions are not a list of texts is refused",
        arguments: ["[]", "[7]", #"["session:a", 7]"#, #""session:a""#, "{}", "null"])
    func wrongDeletions(deletions: String) throws {
        try expectRefused(token(around: members(["version": "2", "deletions": deletions])))
        try expectRefused(token(around: members(["version": "2", "deletions": deletions, "refresh_token": nil])))
    }

    @Test("One that leaves nothing open is refused", arguments: ["1", "2", "3"])
    func nothingOpen(version: String) throws {
        try expectRefused(token(around: members(["version": version, "refresh_token": nil])))
    }

    @Test("A token of version 2 that was put together by hand is taken, and deletes the session that it names alone")
    func formatOfDeletion() throws {
        world.store.addSession(FakeWorld.item(refresh: "r"), as: "named")
        world.store.addSession(FakeWorld.item(refresh: "another"), as: "another")
        let report = try world.retry(token(around: members(["version": "2", "deletions": #"["session:named"]"#])))
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .no)
        #expect(world.transport.requests.map { $0.body["Token"] } == ["r"])
        #expect(world.storedSessions == [FakeWorld.item(refresh: "another")?.text])
    }

    @Test("A token of version 3 that was put together by hand is taken, with the browser alone or with all steps")
    func formatOfBrowser() throws {
        let configuration = try Configuration.checked(world.options)
        let changes: [String: String?] = ["version": "3", "browser": "1"]
        for more in [["refresh_token": nil], ["deletions": #"["session:named"]"#], [:]] as [[String: String?]] {
            let members = members(changes.merging(more) { $1 })
            let steps = try PartialFailureToken.decode(token(around: members), for: configuration)
            #expect(steps.isBrowserOpen)
            let again = try #require(PartialFailureToken.encode(steps, for: configuration).text)
            let json = try #require(Base64URL.decode(text: String(again.text.split(separator: ".")[1])))
            var wanted = try JSONText(members)
            wanted.numbers["global_sign_out"] = 0
            #expect(try JSONText(json.text) == wanted)
        }
    }

    @Test("A token of version 1, which 0.1 made, touches no session", arguments: [true, false])
    func firstVersion(isGlobal: Bool) throws {
        world.store.sessions = [FakeWorld.item(access: SampleToken.access(sub: "sub-of-bob"), username: "bob")]
        var changes: [String: String?] = ["global_sign_out": isGlobal ? "1" : "0"]
        if isGlobal {
            changes.merge(["access_token": #""\#(SampleToken.access())""#, "sub": #""sub-of-alice""#]) { $1 }
        }
        let report = try world.retry(token(around: members(changes)))
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .no)
        #expect(world.journal.network == (isGlobal ? "GlobalSignOut RevokeToken" : "RevokeToken"))
        #expect(!world.journal.hasDeleted)
        #expect(world.store.sessions.count == 1)
    }

    @Test("One that says what got no answer is taken, by the names of the steps")
    func unanswered() throws {
        let members = members([
            "global_sign_out": "1", "access_token": #""a""#,
            "unanswered": #"["global_sign_out","refresh","refresh_token"]"#, "other_refresh_tokens": #"["b"]"#,
            "unanswered_refresh_tokens": #"["c"]"#,
        ])
        let steps = try PartialFailureToken.decode(token(around: members), for: Configuration.checked(world.options))
        #expect(steps.globalSignOut == .unanswered)
        #expect(steps.refresh == .unanswered)
        #expect(steps.revocations.map { $0.token.text } == ["r", "b", "c"])
        #expect(steps.revocations.map(\.past) == [.unanswered, .answered, .unanswered])
        let again = PartialFailureToken.encode(steps, for: try Configuration.checked(world.options))
        let text = String(try #require(again.text).text.split(separator: ".")[1])
        var wanted = try JSONText(members)
        #expect(try JSONText(try #require(Base64URL.decode(text: text)).text) == wanted)
        wanted.lists["unanswered"] = nil
        #expect(try JSONText(try #require(Base64URL.decode(text: text)).text) != wanted)
    }

    @Test("What does not fit is left out, the last ones first, and all the rest is taken back; error and log say so")
    func leftOut() throws {
        let configuration = try Configuration.checked(world.options)
        let tokens = (0..<100).map { SecretBytes(String(repeating: "r", count: 65_500) + "\($0)") }
        var report = SignOutReport(globally: false)
        report.revocationFailure = AuthFailure(.forbidden)
        report.keep(
            OpenSteps(
                subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: nil,
                otherRefreshTokens: tokens.map { OpenRevocation(token: $0) }),
            deleting: [SessionIdentity(text: "session:a")], for: configuration)
        try world.run { _, call in report.close("Sign-out", call) }

        let token = try #require(report.partialFailureToken)
        #expect(token.count <= PartialFailureToken.maximumLength)
        let left = try PartialFailureToken.decode(token, for: configuration)
        #expect((90..<100).contains(left.refreshTokens.count))
        #expect(zip(left.refreshTokens, tokens).allSatisfy { $0.hasSameBytes(as: $1) })
        #expect(left.deletions.count == 1)
        let count = 100 - left.refreshTokens.count
        #expect(report.revocationFailure?.status == .forbidden)
        #expect(
            report.revocationFailure?.message
                == Status.forbidden.message
                + " Refresh tokens that are to be revoked and did not fit into the partial-failure token: \(count).")
        #expect(world.lines.last?.text.hasSuffix("not all open steps fit into the token") == true)
    }

    @Test("A list has at most 4096 entries, however short: more are left out, and not read")
    func longList() throws {
        let configuration = try Configuration.checked(world.options)
        func steps(_ count: Int) -> OpenSteps {
            OpenSteps(
                subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: nil,
                otherRefreshTokens: (0..<count).map { OpenRevocation(token: SecretBytes("r\($0)")) })
        }
        let encoded = PartialFailureToken.encode(steps(4100), for: configuration)
        #expect(encoded.leftOut.revocations == 4)
        let decoded = try PartialFailureToken.decode(try #require(encoded.text), for: configuration)
        #expect(decoded.refreshTokens.count == 4096)
        let json = try #require(OpenStepsCodec.encode(steps(4097), for: configuration))
        let object = try #require(json.withBytes { JSONObject(parsing: $0) })
        guard case .damaged = OpenStepsCodec.read(object, for: configuration) else {
            Issue.record("a longer list was read")
            return
        }
    }

    @Test("Steps that cannot be written at all are all left out, and that is said")
    func nothingFits() throws {
        var report = SignOutReport(globally: true)
        let configuration = try Configuration.checked(world.options)
        let broken = SessionIdentity(text: String(repeating: "x", count: PartialFailureToken.maximumLength))
        let token = OpenRevocation(token: SecretBytes("r"))
        report.keep(
            OpenSteps(
                subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: token, otherRefreshTokens: [token]),
            deleting: [broken], for: configuration)
        #expect(report.partialFailureToken != nil)
        try world.run { _, call in report.close("Sign-out", call) }
        #expect(report.failure?.message.hasSuffix(" and did not fit into the partial-failure token: 1.") == true)
        #expect(report.revocationFailure?.message.contains("Refresh tokens that are to be revoked and did") == true)
        #expect(report.outcome == .failed)
    }

    @Test("A token of a newer version is refused, and that is said", arguments: ["4", "5", "9223372036854775807"])
    func newer(version: String) throws {
        let token = token(around: members(["version": version, "app_id": "{}"]))
        try expectRefused(token)
        let failure = try #require(try world.retry(token).failure)
        #expect(failure.message == "partial_failure_token was made by a newer version of the library.")
    }

    @Test("Content that is no JSON object is refused", arguments: ["", "[]", "{", "7", "{}"])
    func notAnObject(json: String) throws { try expectRefused(token(around: json)) }

    @Test("A token of another app is refused")
    func otherApp() throws { try expectRefused(try token { $0.options.appID = "org.example.Calendar" }) }

    @Test("A token of another pool is refused")
    func otherPool() throws { try expectRefused(try token { $0.options.userPoolID = "eu-west-1_other" }) }

    @Test("A token of another app client is refused")
    func otherClient() throws { try expectRefused(try token { $0.options.clientID = "client2" }) }

    @Test("A token of the same app client is taken by a client with another endpoint")
    func otherEndpoint() throws {
        world.options.endpoint = "http://localhost:9229"
        let report = try world.retry(try token())
        #expect(report.outcome == .complete)
        #expect(world.transport.requests.allSatisfy { $0.url == "http://localhost:9229/" })
    }

    @Test("Whatever a sign-out hands out, a retry takes back, also with many large tokens")
    func large() throws {
        world.store.sessions = (0..<20).map { index in
            FakeWorld.item(refresh: String(repeating: "r", count: 65_000) + "\(index)")
        }
        world.transport.always("RevokeToken", .exception("ForbiddenException"))
        let token = try #require(try world.signOut().partialFailureToken)
        let report = try FakeWorld().retry(token)
        #expect(report.failure == nil)
        #expect(report.outcome == .complete)
    }
}
