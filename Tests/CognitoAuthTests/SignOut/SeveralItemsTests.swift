// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row 24: several items, perhaps of several users")
struct SeveralItemsTests {
    static let expired = SampleToken.access(exp: 1_516_238_000)
    static let renewed = SampleToken.access(exp: 1_516_242_000)
    let world = FakeWorld()

    /// An older item, of another user.
    private let bob = FakeWorld.item(
        access: SampleToken.access(sub: "sub-of-bob", username: "bob"), refresh: "of-bob", username: "bob")

    @Test("A newest item without a refresh token is not renewed with another item's, which is revoked")
    func notRenewedWithAnothers() throws {
        world.store.sessions = [FakeWorld.item(access: Self.expired, refresh: nil), bob]
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has expired"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .done, globalSignOutError: .notAuthorized)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.transport.requests("GlobalSignOut").map { $0.body["AccessToken"] } == [Self.expired])
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["of-bob"])
    }

    @Test("Nor is it in a retry of its token, by when the access token has expired")
    func notRenewedInRetry() throws {
        world.store.sessions = [FakeWorld.item(refresh: nil), bob]
        world.transport.goOffline()
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .notAttempted, globalSignOutError: .hostNotFound,
            revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: ["of-bob"]))
        #expect(try world.summary(report) == expected)

        let later = FakeWorld()
        later.clock.unixSeconds = SampleToken.expiry
        later.transport.always("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        later.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has expired"))
        let retried = try later.retry(try #require(report.partialFailureToken))
        let expectedLater = ReportSummary(
            .partial, wasSignedIn: .no, globalSignOut: .failed, revocation: .done, globalSignOutError: .notAuthorized)
        #expect(try later.summary(retried) == expectedLater)
        #expect(later.journal.line == "take look GlobalSignOut RevokeToken release")
        #expect(later.transport.requests("RevokeToken").map { $0.body["Token"] } == ["of-bob"])
    }

    @Test("A newest item that is renewed is renewed with its own refresh token, and so in a retry of its token")
    func renewedWithItsOwn() throws {
        world.store.sessions = [FakeWorld.item(access: Self.expired), bob]
        world.transport.always("GetTokensFromRefreshToken", .unreachable())
        let report = try world.signOut(globally: true)
        #expect(
            try world.summary(report).openSteps
                == StepsLeft(globalSignOut: Self.expired, revoke: [SampleToken.refresh, "of-bob"]))

        let later = FakeWorld()
        later.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        let retried = try later.retry(try #require(report.partialFailureToken))
        #expect(retried.outcome == .complete)
        #expect(
            later.transport.requests("GetTokensFromRefreshToken").map { $0.body["RefreshToken"] }
                == [SampleToken.refresh])
        #expect(later.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated", "of-bob"])
    }

    @Test("What a renewal brought is not stored in place of a newest item that is damaged")
    func damagedNewest() throws {
        world.store.sessions = [SecretBytes("{}"), FakeWorld.item(access: Self.expired)]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .done, revocation: .done, invalidSessionError: .invalidSession,
            tokensValidUntil: 1_516_242_000)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GetTokensFromRefreshToken GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("What a renewal brought is stored in place of the newest item, whichever is found first")
    func storedInNewest() throws {
        world.store.sessions = [bob, FakeWorld.item(access: Self.expired, savedAt: 1)]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        world.store.ignoresDelete = true
        _ = try world.signOut(globally: true)
        #expect(world.storedSessions == [bob?.text, FakeWorld.item(access: Self.renewed, savedAt: 1)?.text])
        #expect(world.transport.requests("GlobalSignOut").map { $0.body["AccessToken"] } == [Self.renewed])
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == [SampleToken.refresh, "of-bob"])
    }

    @Test("Row 14: where the newest user does not exist any more, the others' refresh tokens are revoked, and not his")
    func userNotFound() throws {
        for operation in ["GlobalSignOut", "GetTokensFromRefreshToken"] {
            let world = FakeWorld()
            world.store.sessions = [
                FakeWorld.item(access: operation == "GlobalSignOut" ? SampleToken.access() : Self.expired), bob,
            ]
            world.transport.script(operation, .exception("UserNotFoundException"))
            let report = try world.signOut(globally: true)
            #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: .done, revocation: .done))
            #expect(world.journal.line == "take look \(operation) RevokeToken reread delete look release")
            #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["of-bob"])
        }
    }

    @Test("Row 14: and where revoking those fails, they stay open")
    func userNotFoundAndNotRevoked() throws {
        world.store.sessions = [FakeWorld.item(), bob]
        world.transport.script("GlobalSignOut", .exception("UserNotFoundException"))
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .done, revocation: .failed, revocationError: .forbidden,
            openSteps: StepsLeft(revoke: ["of-bob"]))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 31: a save looks at all items for another user, not only at the newest")
    func saveLooksAtAll() throws {
        world.store.sessions = [FakeWorld.item(), SecretBytes("{}"), bob]
        let before = world.storedSessions
        let failure = try #require(throws: AuthFailure.self) {
            try world.save(FakeWorld.session(refresh: "new"), deviceKey: "eu-west-1_key")
        }
        #expect(failure.status == .alreadySignedIn)
        #expect(world.journal.onlyLooks)
        #expect(world.storedSessions == before)
        #expect(world.store.devices.isEmpty)
    }

    @Test("A global retry looks at all items for the same user, not only at the newest")
    func retryLooksAtAll() throws {
        let token = try AnyCall.token()
        world.store.sessions = [bob, FakeWorld.item(refresh: "new")]
        let report = try world.retry(token)
        #expect(report.failure?.status == .sessionChanged)
        #expect(report.failure?.suggestion.hasSuffix("The token stays good.") == true)
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(report.revocation == .notAttempted)
        #expect(world.journal.onlyLooks)
    }
}
