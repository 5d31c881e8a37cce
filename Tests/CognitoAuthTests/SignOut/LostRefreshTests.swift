// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A renewal whose answer was lost, or cannot be used")
struct LostRefreshTests {
    static let expired = SampleToken.access(exp: 1_516_238_000)
    static let renewed = SampleToken.access(exp: 1_516_242_000)
    let world = FakeWorld.signedIn(access: expired)

    @Test("Where the old token could not be revoked either, it may still be good for both steps, which stay open")
    func neitherRevoked() throws {
        world.transport.script("GetTokensFromRefreshToken", .lost())
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .notAttempted, revocation: .failed, globalSignOutError: .connectionLost,
            revocationError: .forbidden, tokensValidUntil: 1_516_238_000,
            openSteps: StepsLeft(globalSignOut: Self.expired, revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(report.globalSignOutFailure?.suggestion.contains("partial-failure token") == true)
        #expect(world.journal.network == "GetTokensFromRefreshToken RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("A retry of that token renews again, and signs out everywhere")
    func neitherRevokedRetried() throws {
        world.transport.script("GetTokensFromRefreshToken", .lost())
        world.transport.always("RevokeToken", .lost())
        let report = try world.signOut(globally: true)
        #expect(report.revocation == .unknown)
        let later = FakeWorld()
        later.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        let retried = try later.retry(try #require(report.partialFailureToken))
        #expect(retried.outcome == .complete)
        #expect(later.journal.line == "take look GetTokensFromRefreshToken GlobalSignOut RevokeToken release")
    }

    @Test("Where only another item's refresh token could not be revoked, GlobalSignOut is not open")
    func otherNotRevoked() throws {
        world.store.sessions.append(FakeWorld.item(refresh: "other"))
        world.transport.script("GetTokensFromRefreshToken", .lost())
        world.transport.script("RevokeToken", .ok(), .exception("ForbiddenException"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report).openSteps == StepsLeft(revoke: ["other"]))
        #expect(report.globalSignOutFailure?.suggestion == RefreshDuringSignOutTests.signInAgain)
    }

    @Test(
        "Where the new tokens are not in the keyring, a sign-out that is cancelled then hands them out",
        arguments: [Moment.in("reread 1"), .after("reread 1"), .in("update 1"), .in("GlobalSignOut 1")])
    func lostAndCancelled(moment: Moment) throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.transport.isSentWhenCancelled = false
        world.store.storeFailure = AuthFailure(.keyringFailed)
        world.cancel(moment)
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, globalSignOut: .notAttempted, revocation: .notAttempted,
            failure: .cancelled, tokensValidUntil: 1_516_242_000,
            openSteps: StepsLeft(globalSignOut: Self.renewed, revoke: ["rotated"]))
        #expect(try world.summary(report) == expected)
        #expect(world.storedSessions == [FakeWorld.item(access: Self.expired)?.text])
        world.expectUntouched()
    }

    @Test("Row 5c: where the answer to the renewal was lost, GlobalSignOut failed, as it was refused before")
    func clockSkewThenLost() throws {
        let world = FakeWorld.signedIn()
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has expired"))
        world.transport.script("GetTokensFromRefreshToken", .lost())
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .unknown, globalSignOutError: .connectionLost)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut GetTokensFromRefreshToken RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test(
        "New tokens with characters that no token has are an invalid response, and nothing of it is sent or stored",
        arguments: [
            .tokens(access: renewed, refresh: "a b"), .tokens(access: renewed, refresh: ""),
            .tokens(access: renewed, refresh: "a+b/c"), .tokens(access: renewed, id: "a b"),
            .tokens(access: "a b"), .tokens(access: renewed, refresh: String(repeating: "r", count: 65_537)),
        ] as [FakeTransport.Answer])
    func badTokens(answer: FakeTransport.Answer) throws {
        world.transport.always("GetTokensFromRefreshToken", answer)
        let failure = try #require(throws: SessionFailure.self) { try world.fetch() }
        #expect(failure.failure.status == .invalidResponse)
        #expect(failure.unsaved == nil)
        #expect(world.storedSessions == [FakeWorld.item(access: Self.expired)?.text])

        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .notAttempted, revocation: .unknown, globalSignOutError: .invalidResponse,
            tokensValidUntil: 1_516_238_000)
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == [SampleToken.refresh])
    }

    @Test(
        "An access token that does not tell when it expires, and that nothing can renew, is handed out as it is",
        arguments: ["opaque", SampleToken.access(exp: nil)])
    func opaque(access: String) throws {
        let world = FakeWorld.signedIn(access: access, refresh: nil)
        #expect(try world.fetch().session.accessToken.text == access)
        #expect(world.journal.onlyLooks)
        #expect(world.events.isEmpty)
    }

    @Test("A renewal in a retry finds the device key by the user's sub, under whatever name it was stored")
    func deviceKeyBySubject() throws {
        let token = try AnyCall.token()
        let later = FakeWorld()
        later.clock.unixSeconds = SampleToken.expiry
        later.store.devices = [
            FakeWorld.device("key-without-sub"), FakeWorld.device("key-of-bob", of: "alice", subject: "sub-of-bob"),
            FakeWorld.device("key-of-alice", of: "another-name", subject: "sub-of-alice"),
        ]
        later.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        _ = try later.retry(token)
        #expect(
            later.transport.requests("GetTokensFromRefreshToken").map { $0.body["DeviceKey"] } == ["key-of-alice"])
    }
}
