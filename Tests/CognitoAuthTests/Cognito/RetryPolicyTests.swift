// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Sending again")
struct RetryPolicyTests {
    let world = FakeWorld.signedIn()

    private static let attempts: [FakeTransport.Answer] = [
        .exception("InternalErrorException"), .exception("TooManyRequestsException"), .exception("ThrottlingException"),
        .http(429, ""), .http(500, ""), .http(502, "<html>"), .http(503, ""), .http(504, ""),
        .unreachable(.connectionFailed),
        .unreachable(.hostNotFound), .lost(.connectionLost), .lost(.networkTimedOut), .refused(byProxy: 503),
        .refused(byProxy: 429), .refused(byProxy: 502), .refused(byProxy: 504),
    ]

    @Test("What may pass is tried three times", arguments: attempts)
    func transient(answer: FakeTransport.Answer) throws {
        world.transport.always("RevokeToken", answer)
        #expect(try world.signOut().outcome == .partial)
        #expect(world.transport.requests.count == 3)
        #expect(world.clock.pauses.count == 2)
    }

    @Test("What may pass and does is a success", arguments: attempts)
    func passes(answer: FakeTransport.Answer) throws {
        world.transport.script("RevokeToken", answer, answer)
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .done))
    }

    @Test(
        "What will not pass is tried once",
        arguments: [
            FakeTransport.Answer.exception("NotAuthorizedException"), .exception("ForbiddenException"),
            .exception("BrandNewException"), .http(400, ""), .http(403, "<html>"), .http(302, ""),
            .unreachable(.tlsFailed), .unreachable(.proxyFailed), .ok("<html>"),
            .lost(.invalidResponse), .refused(byProxy: 403), .refused(byProxy: 407), .refused(byProxy: 302),
        ])
    func permanent(answer: FakeTransport.Answer) throws {
        world.transport.always("RevokeToken", answer)
        #expect(try world.signOut().outcome == .partial)
        #expect(world.transport.requests.count == 1)
        #expect(world.clock.pauses.isEmpty)
    }

    @Test("A refresh that a busy proxy did not let through is sent again, and one that may have arrived is not")
    func refresh() throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1_516_238_000))
        world.transport.script("GetTokensFromRefreshToken", .refused(byProxy: 503), .lost())
        _ = try world.signOut(globally: true)
        #expect(world.transport.requests("GetTokensFromRefreshToken").count == 2)
    }

    @Test("What a proxy refused is told: that it wants a login, or its status")
    func proxy() {
        for (status, told) in [(407, "it wants a login"), (403, "HTTP status 403"), (503, "HTTP status 503")] {
            let failure = RequestFailure(TransportFailure(proxyStatus: status)).authFailure(of: .revokeToken)
            #expect(failure.status == .proxyFailed)
            #expect(failure.message.contains(told))
            #expect(failure.suggestion.contains("password"))
        }
    }

    @Test("max_attempts is the number of attempts", arguments: [(0, 3), (1, 1), (2, 2), (10, 10)])
    func maximumAttempts(option: Int32, attempts: Int) throws {
        world.options.maximumAttempts = option
        world.randomness.constant = 0
        world.transport.goOffline()
        _ = try world.signOut()
        #expect(world.transport.requests.count == attempts)
    }

    @Test("The pause is a random time of at most 100 ms, doubled each time, up to 20 s")
    func jitter() {
        let policy = RetryPolicy(maximumAttempts: 100)
        let failure = RequestFailure(TransportFailure(.connectionFailed, wasSent: false))
        for (attempt, ceiling) in [
            (1, 100), (2, 200), (3, 400), (4, 800), (8, 12_800), (9, 20_000), (10, 20_000), (99, 20_000),
        ] {
            func pause(_ random: UInt64) -> Int64? {
                let randomness = FakeRandomness()
                randomness.constant = random
                return policy.pause(after: attempt, failure, of: .revokeToken, randomness: randomness)
            }
            #expect(pause(0) == 0)
            #expect(pause(UInt64(ceiling)) == Int64(ceiling))
            #expect(pause(UInt64(ceiling) + 1) == 0)
            let most = pause(UInt64.max) ?? -1
            #expect((0...Int64(ceiling)).contains(most))
        }
    }

    @Test("The pauses of a call are random")
    func random() throws {
        world.randomness.script = [1, 2, 37, 151]
        world.transport.goOffline()
        _ = try world.signOut()
        #expect(world.clock.pauses == [37, 151])
    }

    @Test("Retry-After is the least", arguments: [(2, 2000), (0, 50), (-7, 50)] as [(Int64, Int64)])
    func retryAfter(seconds: Int64, pause: Int64) throws {
        world.randomness.script = [1, 2, 50]
        world.transport.script("RevokeToken", .http(503, "", retryAfter: seconds))
        #expect(try world.signOut().outcome == .complete)
        #expect(world.clock.pauses == [pause])
    }

    @Test("Retry-After counts for exceptions too")
    func retryAfterOfException() throws {
        world.transport.script(
            "RevokeToken", .http(400, "", errorType: "TooManyRequestsException:", retryAfter: 3))
        #expect(try world.signOut().outcome == .complete)
        #expect(world.clock.pauses == [3000])
    }

    @Test("A Retry-After beyond the limit ends the attempts at once", arguments: [25, 86_400, 100_000, Int64.max])
    func retryAfterTooLong(seconds: Int64) throws {
        world.transport.always("RevokeToken", .http(503, "", retryAfter: seconds))
        let report = try world.signOut()
        #expect(report.revocationFailure?.status == .invalidResponse)
        #expect(world.transport.requests.count == 1)
        #expect(world.clock.pauses.isEmpty)
    }

    @Test("No attempt is begun after the limit, and each may take what is left")
    func deadline() throws {
        world.randomness.constant = 0
        world.options.maximumAttempts = 10
        world.transport.onRequest = { [clock = world.clock] _ in clock.monotonicMilliseconds += 9_000 }
        world.transport.always("RevokeToken", .lost(.networkTimedOut))
        let report = try world.signOut()
        let limit = try #require(world.transport.requests.first).deadline
        #expect(limit == 1_000_000 + 25_000)
        #expect(world.transport.requests.map(\.deadline) == [limit, limit, limit])
        #expect(report.revocationFailure?.status == .networkTimedOut)
        #expect(report.revocation == .unknown)
    }

    @Test(
        "GetTokensFromRefreshToken is repeated only if nothing was sent",
        arguments: [
            (FakeTransport.Answer.unreachable(.connectionFailed), 3), (.unreachable(.hostNotFound), 3),
            (.unreachable(.networkTimedOut), 3), (.unreachable(.tlsFailed), 1), (.lost(.connectionLost), 1),
            (.lost(.networkTimedOut), 1), (.http(503, ""), 1), (.http(500, ""), 1),
            (.exception("TooManyRequestsException"), 1),
            (.exception("InternalErrorException"), 1),
        ])
    func refresh(answer: FakeTransport.Answer, attempts: Int) throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1))
        world.transport.always("GetTokensFromRefreshToken", answer)
        _ = try? world.fetch()
        #expect(world.transport.requests.count == attempts)
    }

    @Test("Each step has its own attempts")
    func steps() throws {
        world.transport.script("GlobalSignOut", .http(503, ""), .http(503, ""))
        world.transport.script("RevokeToken", .http(503, ""), .http(503, ""))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: .done, revocation: .done))
        #expect(
            world.journal.line
                == "take look GlobalSignOut GlobalSignOut GlobalSignOut"
                + " RevokeToken RevokeToken RevokeToken reread delete look release"
        )
    }
}
