// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A clock that is not Cognito's")
struct ClockTests {
    /// What Cognito's clock says when a world begins, if this machine's clock is right.
    static let now: Int64 = 1_516_238_602

    private static func token(issued: Int64? = now, exp: String) -> String {
        let issued = issued.map { #""iat":\#($0),"# } ?? ""
        return SampleToken.token(#"{"token_use":"access","sub":"sub-of-alice",\#(issued)"exp":\#(exp)}"#)
    }

    /// A world with a session whose access token is expired, and that is refreshed with `answer`.
    private static func world(ahead: Int64, _ answer: FakeTransport.Answer) -> FakeWorld {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: now - 86_400))
        world.clock.unixSeconds += ahead
        world.transport.always("GetTokensFromRefreshToken", answer)
        return world
    }

    private func refreshes(_ world: FakeWorld) -> Int { world.transport.requests("GetTokensFromRefreshToken").count }

    @Test(
        "Ahead or behind, a token is refreshed once, and again when its time is over",
        arguments: [-7200, -3600, -60, 0, 60, 3599, 3600, 7200, 86_400 * 365] as [Int64])
    func once(ahead: Int64) throws {
        let world = Self.world(ahead: ahead, .tokens(access: Self.token(exp: "\(Self.now + 3600)")))
        for _ in 0..<4 { _ = try world.fetch() }
        #expect(refreshes(world) == 1)
        world.clock.unixSeconds += 3590
        _ = try world.fetch()
        #expect(refreshes(world) == 1)
        world.clock.unixSeconds += 1
        _ = try world.fetch()
        #expect(refreshes(world) == 2)
    }

    @Test(
        "How long it lives is told by the answer or by the token, and the less of both counts",
        arguments: [
            (#""ExpiresIn":600,"#, "\(now + 3600)", 600), (#""ExpiresIn":3600,"#, "\(now + 600)", 600),
            ("", "\(now + 600)", 600), (#""ExpiresIn":600,"#, #""1900000000""#, 600),
            (#""ExpiresIn":600,"#, "18446744073709551616", 600), (#""ExpiresIn":"3600","#, #""soon""#, 300),
            ("", #""1900000000""#, 300), ("", "1e400", 300), (#""ExpiresIn":9223372036854775807,"#, "null", 86_400),
            ("", "9223372036854775807", 86_400),
        ] as [(String, String, Int64)])
    func length(member: String, exp: String, length: Int64) throws {
        let body = #"{"AuthenticationResult":{\#(member)"AccessToken":"\#(Self.token(exp: exp))"}}"#
        let world = Self.world(ahead: 7200, .ok(body))
        for _ in 0..<3 { _ = try world.fetch() }
        world.clock.unixSeconds += length - 10
        _ = try world.fetch()
        #expect(refreshes(world) == 1)
        world.clock.unixSeconds += 1
        _ = try world.fetch()
        #expect(refreshes(world) == 2)
    }

    @Test("Without iat the time until exp counts, if by this clock there is any")
    func withoutIssue() throws {
        let token = Self.token(issued: nil, exp: "\(Self.now + 600)")
        for (ahead, length) in [(0, 600), (7200, 3600)] as [(Int64, Int64)] {
            let world = Self.world(ahead: ahead, .tokens(access: token))
            _ = try world.fetch()
            world.clock.unixSeconds += length - 10
            _ = try world.fetch()
            #expect(refreshes(world) == 1)
            world.clock.unixSeconds += 1
            _ = try world.fetch()
            #expect(refreshes(world) == 2)
        }
    }

    @Test("A token that comes expired by Cognito's own clock is refreshed each time")
    func deadOnArrival() throws {
        for body in [
            #"{"AuthenticationResult":{"AccessToken":"\#(Self.token(exp: "\(Self.now - 1)"))","ExpiresIn":3600}}"#,
            #"{"AuthenticationResult":{"AccessToken":"\#(Self.token(exp: "\(Self.now + 9)"))","ExpiresIn":0}}"#,
        ] {
            let world = Self.world(ahead: 0, .ok(body))
            for _ in 0..<2 { _ = try world.fetch() }
            #expect(refreshes(world) == 2)
        }
    }

    @Test("Where the clock was set back since, exp decides again")
    func setBack() throws {
        let world = Self.world(ahead: 7200, .tokens(access: Self.token(exp: "\(Self.now + 3600)")))
        _ = try world.fetch()
        world.clock.unixSeconds -= 7200
        _ = try world.fetch()
        #expect(refreshes(world) == 1)
        world.clock.unixSeconds += 3595
        _ = try world.fetch()
        #expect(refreshes(world) == 2)
    }

    @Test("The time that a slow refresh takes is taken from the token's")
    func slow() throws {
        let world = Self.world(ahead: 0, .tokens(access: Self.token(exp: "\(Self.now + 3600)")))
        world.journal.whenBegun["GetTokensFromRefreshToken 1"] = { [clock = world.clock] in clock.unixSeconds += 20 }
        _ = try world.fetch()
        world.clock.unixSeconds = Self.now + 3591
        _ = try world.fetch()
        #expect(refreshes(world) == 2)
    }

    @Test("What a refresh remembers stays with the refreshed token: a session that is saved has none")
    func saved() throws {
        let world = Self.world(ahead: 7200, .tokens(access: Self.token(exp: "\(Self.now + 3600)")))
        let session = try world.fetch().session
        #expect(world.store.sessions.first??.text.contains(#""refreshed_at":1516245802,"expires_in":3600"#) == true)
        try world.save(session)
        #expect(world.store.sessions.first??.text.contains("refreshed_at") == false)
    }

    @Test(
        "What is stored and makes no sense counts for nothing",
        arguments: [
            (-1, 3600), (now, -1), (now, 86_401), (Int64.max, 3600), (Int64.max, Int64.max), (Int64.min, Int64.min),
            (nil, 3600), (now, nil),
        ] as [(Int64?, Int64?)])
    func nonsense(beginning: Int64?, length: Int64?) {
        #expect(TokenLife(beginning: beginning, length: length) == nil)
    }
}
