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

    @Test(
        "What a renewal brought is stored in place of the session that was renewed, and not of a newest one that is damaged"
    )
    func storedBesideDamaged() throws {
        world.store.sessions = [
            SecretBytes(#"{"saved_at":9}"#), FakeWorld.item(access: Self.expired, savedAt: 1),
        ]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.cancel(.after("GetTokensFromRefreshToken 1"))
        let report = try world.signOut(globally: true)
        #expect(report.failure?.status == .cancelled)
        #expect(report.partialFailureToken == nil)
        #expect(
            world.storedSessions == [
                #"{"saved_at":9}"#, FakeWorld.item(access: Self.renewed, refresh: "rotated", savedAt: 1)?.text,
            ])
    }

    @Test("With a newest item that is damaged, the next one is renewed and signed out")
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

    @Test(
        "Row 22: where time runs out and nothing can be seen, one of several items may be gone by then",
        arguments: [1, 2])
    func timeRunsOutBetweenDeletes(count: Int) throws {
        world.store.sessions = Array([FakeWorld.item(), bob].prefix(count))
        world.store.deleteFailure = AuthFailure(.deadlineExceeded)
        world.store.failingLooks = [2: AuthFailure(.deadlineExceeded)]
        let report = try world.signOut()
        #expect(report.failure?.status == .deadlineExceeded)
        #expect(report.signedOutLocally == (count == 1 ? .no : .unknown))
        #expect(try world.summary(report).openSteps == StepsLeft(deletions: count))
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

    @Test(
        "What became of RevokeToken is the worst of all refresh tokens: it is done only where each one was revoked",
        arguments: [
            ([.ok(), .ok()], .done, nil), ([.ok(), Self.notEnabled], .notEnabled, nil),
            ([Self.notEnabled, .ok()], .notEnabled, nil), ([Self.forbidden, .ok()], .failed, .forbidden),
            ([.ok(), Self.forbidden], .failed, .forbidden), ([Self.notEnabled, Self.forbidden], .failed, .forbidden),
            ([.ok(), .lost()], .unknown, .connectionLost), ([.lost(), .ok()], .unknown, .connectionLost),
            ([.lost(), Self.forbidden], .failed, .forbidden), ([Self.forbidden, .lost()], .failed, .forbidden),
            ([.unreachable(.tlsFailed), Self.forbidden], .failed, .tlsFailed),
        ] as [([FakeTransport.Answer], SignOutReport.Remote, Status?)])
    func worst(answers: [FakeTransport.Answer], remote: SignOutReport.Remote, status: Status?) throws {
        world.options.maximumAttempts = 1
        world.store.sessions = [FakeWorld.item(), bob]
        for answer in answers { world.transport.script("RevokeToken", answer) }
        let report = try world.signOut()
        #expect(report.revocation == remote)
        #expect(report.revocationFailure?.status == status)
        #expect(report.outcome == (status == nil ? .complete : .partial))
    }

    private static let forbidden = FakeTransport.Answer.exception("ForbiddenException")
    private static let notEnabled = FakeTransport.Answer.exception("UnsupportedOperationException")

    @Test("Where a call is cancelled between two refresh tokens, the second one was not attempted, and is open")
    func cancelledBetween() throws {
        world.store.sessions = [FakeWorld.item(), bob]
        world.cancel(.after("RevokeToken 1"))
        let report = try world.signOut()
        #expect(report.revocation == .notAttempted)
        #expect(report.revocationFailure?.status == .cancelled)
        #expect(try world.summary(report).openSteps == StepsLeft(revoke: ["of-bob"]))
    }

    @Test("A retry sends RevokeToken for what is still open alone, also where the sessions are still to be deleted")
    func retrySendsWhatIsOpen() throws {
        for isDeletionOpen in [false, true] {
            let world = FakeWorld()
            world.store.sessions = [FakeWorld.item(), bob, FakeWorld.item(refresh: "third")]
            world.transport.script("RevokeToken", .ok(), Self.forbidden, .ok())
            if isDeletionOpen { world.store.deleteFailure = AuthFailure(.keyringFailed) }
            var token = try #require(try world.signOut().partialFailureToken)
            world.store.deleteFailure = nil
            for _ in 1...2 {
                world.transport.script("RevokeToken", Self.forbidden)
                if isDeletionOpen { world.store.deleteFailure = AuthFailure(.keyringFailed) }
                token = try #require(try world.retry(token).partialFailureToken)
                world.store.deleteFailure = nil
            }
            #expect(try world.retry(token).outcome == .complete)
            #expect(
                world.transport.requests("RevokeToken").map { $0.body["Token"] }
                    == [SampleToken.refresh, "of-bob", "third", "of-bob", "of-bob", "of-bob"])
            #expect(world.store.sessions.isEmpty)
        }
    }

    @Test("A session that was refreshed since is revoked again in a retry, though its old refresh token was")
    func refreshedSince() throws {
        world.store.sessions = [FakeWorld.item()]
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        let token = try #require(try world.signOut().partialFailureToken)
        world.store.deleteFailure = nil
        world.store.refreshSession(with: FakeWorld.item(refresh: "rotated"))
        #expect(try world.retry(token).outcome == .complete)
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == [SampleToken.refresh, "rotated"])
    }

    @Test("Two hundred sessions that cannot be revoked or deleted are all open, and a retry ends all of them")
    func manyItems() throws {
        let tokens = (0..<200).map { "refresh-token-\($0)-" + String(repeating: "x", count: 1800) }
        for isDeletionOpen in [false, true] {
            let world = FakeWorld()
            world.store.sessions = tokens.map { FakeWorld.item(refresh: $0) }
            world.options.maximumAttempts = 1
            world.transport.always("RevokeToken", .unreachable())
            if isDeletionOpen { world.store.deleteFailure = AuthFailure(.keyringFailed) }
            let report = try world.signOut()
            let left = StepsLeft(revoke: tokens, deletions: isDeletionOpen ? 200 : 0)
            #expect(try world.summary(report).openSteps == left)
            world.store.deleteFailure = nil
            world.transport.always("RevokeToken", .ok())
            let retried = try world.retry(try #require(report.partialFailureToken))
            #expect(retried.outcome == .complete)
            #expect(world.transport.requests("RevokeToken").suffix(200).map { $0.body["Token"] } == tokens)
            #expect(world.store.sessions.isEmpty)
        }
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
