// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The log")
struct LogTests {
    /// Worlds that go through everything that a call can meet.
    private static func worlds() -> [FakeWorld] {
        let answers: [FakeTransport.Answer] = [
            .ok(), .lost(), .unreachable(.tlsFailed, "certificate problem"), .http(502, "<html>"), .ok("<html>"),
            .exception(
                "NotAuthorizedException", "Access Token has been revoked \(Self.secrets.joined(separator: " "))"),
            .exception("NotAuthorizedException", "Access Token has expired"), .exception("UserNotFoundException"),
            .exception("TooManyRequestsException"), .http(400, "", errorType: "secret_refresh"),
            .exception("UnsupportedOperationException"),
        ]
        var worlds: [FakeWorld] = []
        for global in answers {
            for revocation in answers {
                for (exp, refresh) in [
                    (SampleToken.expiry, answers[0]), (1, .tokens(access: renewed, refresh: "rotated_refresh")),
                    (1, global),
                ] {
                    let world = FakeWorld.signedIn(
                        access: SampleToken.access(exp: exp), id: "secret_id", refresh: "secret_refresh",
                        username: "alice_in_log")
                    world.options.clientSecret = SecretBytes("secret_of_the_client_secret")
                    world.options.clientID = "client_in_log"
                    world.transport.always("GlobalSignOut", global)
                    world.transport.always("RevokeToken", revocation)
                    world.transport.always("GetTokensFromRefreshToken", refresh)
                    worlds.append(world)
                }
            }
        }
        return worlds
    }

    private static let renewed = SampleToken.access(exp: 1_516_999_999)
    private static let secrets = [
        SampleToken.access(), SampleToken.access(exp: 1), renewed, "secret_id", "secret_refresh", "rotated_refresh",
        "secret_of_the_client_secret", "client_in_log", "alice_in_log", "sub-of-alice", "secret_device",
    ]

    private func expectClean(_ lines: [String], _ more: [String] = []) {
        for line in lines {
            #expect(!(Self.secrets + more).contains { line.contains($0) }, "\(line)")
            #expect(!line.contains("\n"))
            #expect(!line.isEmpty)
        }
    }

    @Test("No line at any level has a token, a client id, a client secret or a user name in it")
    func signOuts() throws {
        var count = 0
        for world in Self.worlds() {
            world.store.devices = [FakeWorld.device("secret_device", of: "alice_in_log")]
            let report = try world.signOut(globally: true)
            var tokens: [String] = []
            if let token = report.partialFailureToken {
                tokens.append(token.text)
                _ = try world.retry(token)
            }
            expectClean(world.lines.map(\.text), tokens)
            count += world.lines.count
        }
        #expect(count > 1000)
    }

    @Test("Saving, loading and fetching keep to that too, and so do keyrings that fail")
    func sessions() throws {
        for status in [nil, Status.keyringLocked, .keyringFailed] {
            for world in Self.worlds() {
                world.store.failingLooks = [2: status, 3: status].compactMapValues {
                    $0.map { AuthFailure($0, detail: "alice_in_log") }
                }
                world.store.storeFailure = status.map { AuthFailure($0) }
                _ = try? world.fetch()
                try? world.save(FakeWorld.session(username: "alice_in_log"), deviceKey: "secret_device")
                _ = try world.signOut()
                expectClean(world.lines.map(\.text))
            }
        }
    }

    @Test("A complete sign-out says nothing at the default level")
    func quiet() throws {
        let world = FakeWorld.signedIn()
        _ = try world.signOut(globally: true, logLimit: .warning)
        #expect(world.lines.isEmpty)
    }

    @Test("A step that failed is a warning, as the header says")
    func warning() throws {
        let world = FakeWorld.signedIn()
        world.transport.always("RevokeToken", .exception("ForbiddenException"))
        _ = try world.signOut(globally: false, logLimit: .warning)
        #expect(world.lines.contains { $0.level == .warning && $0.text.contains("AUTH_STATUS_FORBIDDEN") })
    }

    @Test("A call that failed is an error, as the header says")
    func error() throws {
        let world = FakeWorld.signedIn()
        _ = try world.retry(SecretBytes("damaged"), logLimit: .warning)
        #expect(world.lines.contains { $0.level == .error })
        world.store.failingLooks = [1: AuthFailure(.keyringLocked)]
        _ = try world.signOut(logLimit: .warning)
        #expect(world.lines.contains { $0.level == .error && $0.text.contains("AUTH_STATUS_KEYRING_LOCKED") })
    }

    @Test("Row 15: renewed tokens that were not stored are worth a warning")
    func notStored() throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1))
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        world.store.storeFailure = AuthFailure(.keyringFailed)
        _ = try world.signOut(globally: true, logLimit: .warning)
        #expect(world.lines.map(\.level) == [.warning])
    }

    @Test("What a call did is told at INFO, each request only at DEBUG")
    func levels() throws {
        for (limit, levels) in [(LogLevel.info, Set([LogLevel.info])), (.debug, [.info, .debug])] {
            let world = FakeWorld.signedIn()
            _ = try world.signOut(globally: true, logLimit: limit)
            #expect(Set(world.lines.map(\.level)) == levels)
            #expect(world.lines.contains { $0.text == "Sign-out: complete" })
        }
    }

    @Test("A log without a limit keeps nothing, and does not make its lines")
    func off() throws {
        let mailbox = FakeMailbox(FakeClock(Journal()))
        let options = CallOptions(try FakeWorld().client.configuration)
        let call = Call(options, cancellation: FakeCancellation(), logLimit: nil, mailbox: mailbox)
        call.write(
            .error,
            { () -> String in
                Issue.record("made a line"); return ""
            }())
        #expect(mailbox.notices.isEmpty)
    }

    @Test("A line is kept if it is at least as important as the limit")
    func limit() throws {
        let world = FakeWorld()
        try world.run(30_000, nil, .warning) { _, call in
            for level in [LogLevel.error, .warning, .info, .debug] { call.write(level, "\(level)") }
        }
        #expect(world.lines.map(\.text) == ["error", "warning"])
    }
}
