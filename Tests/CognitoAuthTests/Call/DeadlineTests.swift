// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A server that stalls leaves time to delete")
struct DeadlineTests {
    static let stalls: [(FakeTransport.Answer, Status, Bool)] = [
        (.stall(.deadlineExceeded, wasSent: true), .deadlineExceeded, true),
        (.stall(.deadlineExceeded, wasSent: false), .deadlineExceeded, false),
        (.stall(.networkTimedOut, wasSent: true), .networkTimedOut, true),
        (.stall(.networkTimedOut, wasSent: false), .networkTimedOut, false),
    ]

    @Test(
        "The network part ends 5 s or a third before the limit, for every operation; the keyring has the whole",
        arguments: [
            (30_000, 25_000), (15_000, 10_000), (14_999, 10_000), (9_000, 6_000), (300, 200), (100, 67),
        ] as [(Int64, Int64)])
    func limits(timeout: Int64, network: Int64) throws {
        let world = AnyCall.globalSignOut.world()
        _ = try world.signOut(globally: true, timeout: timeout)
        #expect(world.transport.requests.count == 3)
        #expect(world.transport.requests.allSatisfy { $0.deadline == 1_000_000 + network })
        #expect(world.store.limits.allSatisfy { $0.limit.deadline == 1_000_000 + timeout })
    }

    @Test("The limit counts from the call's beginning, waiting for the lock included")
    func turnCounts() throws {
        let world = FakeWorld.signedIn()
        world.journal.whenBegun["take 1"] = { [clock = world.clock] in clock.monotonicMilliseconds += 20_000 }
        _ = try world.signOut()
        #expect(world.transport.requests.map(\.deadline) == [1_025_000])
    }

    @Test("A RevokeToken that stalls is partial, and the session deleted in the time that is left", arguments: stalls)
    func revocation(answer: FakeTransport.Answer, status: Status, wasSent: Bool) throws {
        let world = FakeWorld.signedIn()
        world.transport.script("RevokeToken", answer)
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: wasSent ? .unknown : .failed, revocationError: status,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.clock.monotonicMilliseconds == 1_025_000)
        world.expectSignedOut()
    }

    @Test("A GlobalSignOut that stalls holds RevokeToken back, and the session is deleted", arguments: stalls)
    func global(answer: FakeTransport.Answer, status: Status, wasSent: Bool) throws {
        let world = FakeWorld.signedIn()
        world.transport.script("GlobalSignOut", answer)
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: wasSent ? .unknown : .failed, revocation: .notAttempted,
            globalSignOutError: status, revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("A renewal that stalls leaves both steps open, and the session is deleted", arguments: stalls)
    func renewal(answer: FakeTransport.Answer, status: Status, wasSent: Bool) throws {
        let world = FakeWorld.signedIn(access: AnyCall.expired)
        world.transport.script("GetTokensFromRefreshToken", answer)
        let report = try world.signOut(globally: true)
        // Where the renewal may have reached Cognito the old token was to be revoked; no time was left for it.
        let expected = ReportSummary(
            .partial, globalSignOut: .notAttempted, revocation: wasSent ? .failed : .notAttempted,
            globalSignOutError: status, revocationError: wasSent ? .deadlineExceeded : .notAttempted,
            tokensValidUntil: 1_516_238_000,
            openSteps: StepsLeft(globalSignOut: AnyCall.expired, revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("A fetch whose renewal stalls ends with the network part, and the session stays", arguments: stalls)
    func fetch(answer: FakeTransport.Answer, status: Status, wasSent: Bool) throws {
        let world = FakeWorld.signedIn(access: AnyCall.expired)
        world.transport.script("GetTokensFromRefreshToken", answer)
        let failure = try #require(throws: SessionFailure.self) { try world.fetch() }
        #expect(failure.failure.status == status)
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(!world.journal.hasDeleted)
        #expect(world.clock.monotonicMilliseconds == 1_025_000)
        #expect(world.store.sessions.count == 1)
    }

    @Test(
        "A pause is made if it ends before the network part does, and else the attempts are over", arguments: [24, 25])
    func pause(seconds: Int64) throws {
        let world = FakeWorld.signedIn()
        world.transport.script("RevokeToken", .http(503, "", retryAfter: seconds))
        let report = try world.signOut()
        #expect(world.clock.pauses == (seconds == 24 ? [24_000] : []))
        #expect(report.outcome == (seconds == 24 ? .complete : .partial))
        world.expectSignedOut()
    }

    @Test("A retry that stalls keeps its steps open, and ends with the network part", arguments: stalls)
    func retry(answer: FakeTransport.Answer, status: Status, wasSent: Bool) throws {
        let world = FakeWorld()
        world.transport.script("GlobalSignOut", answer)
        let report = try world.retry(try AnyCall.token())
        let expected = ReportSummary(
            .partial, wasSignedIn: .no, globalSignOut: wasSent ? .unknown : .failed, revocation: .notAttempted,
            globalSignOutError: status, revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.clock.monotonicMilliseconds == 1_025_000)
    }
}
