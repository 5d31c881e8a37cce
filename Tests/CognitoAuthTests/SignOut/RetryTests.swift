// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Retrying a sign-out that was partial")
struct RetryTests {
    let world = FakeWorld()

    /// What a local sign-out leaves that could not revoke.
    private func revokeOnly() throws -> SecretBytes {
        let world = FakeWorld.signedIn()
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        return try #require(try world.signOut().partialFailureToken)
    }

    /// What a global sign-out leaves that did not reach Cognito.
    private func global(access: String = SampleToken.access(), refresh: String? = SampleToken.refresh) throws
        -> SecretBytes
    {
        let world = FakeWorld.signedIn(access: access, refresh: refresh)
        world.transport.script("GlobalSignOut", .exception("ForbiddenException"))
        world.transport.always("GetTokensFromRefreshToken", .unreachable())
        return try #require(try world.signOut(globally: true).partialFailureToken)
    }

    private func summary(
        _ outcome: SignOutReport.Outcome, wasSignedIn: SignOutReport.Answer = .no,
        signedOutLocally: SignOutReport.Answer = .yes, global: SignOutReport.Remote = .notRequested,
        revocation: SignOutReport.Remote = .notRequested, failure: Status? = nil, globalError: Status? = nil,
        revocationError: Status? = nil, validUntil: Int64 = SampleToken.expiry, open: StepsLeft? = nil
    ) -> ReportSummary {
        ReportSummary(
            outcome, wasSignedIn: wasSignedIn, signedOutLocally: signedOutLocally, globalSignOut: global,
            revocation: revocation, failure: failure, globalSignOutError: globalError,
            revocationError: revocationError, tokensValidUntil: validUntil, openSteps: open)
    }

    @Test("A retry of RevokeToken sends only that, and is complete")
    func revokes() throws {
        let report = try world.retry(try revokeOnly())
        #expect(try world.summary(report) == summary(.complete, revocation: .done, validUntil: 0))
        #expect(world.journal.network == "RevokeToken")
        #expect(!world.journal.hasDeleted)
        #expect(
            world.transport.requests.map(\.body) == [["Token": SampleToken.refresh, "ClientId": FakeWorld.clientID]])
    }

    @Test("A retry of both steps sends both in their order, and is complete")
    func signsOutGlobally() throws {
        let report = try world.retry(try global())
        #expect(try world.summary(report) == summary(.complete, global: .done, revocation: .done))
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(!world.journal.hasDeleted)
        #expect(world.transport.requests("GlobalSignOut").first?.body == ["AccessToken": SampleToken.access()])
    }

    @Test("A retry of GlobalSignOut without a refresh token sends only that")
    func signsOutGloballyWithoutRefreshToken() throws {
        let report = try world.retry(try global(refresh: nil))
        #expect(try world.summary(report) == summary(.complete, global: .done))
        #expect(world.journal.network == "GlobalSignOut")
        #expect(!world.journal.hasDeleted)
    }

    @Test("A retry that fails again carries a token for the next one")
    func stillFailing() throws {
        world.transport.goOffline()
        let report = try world.retry(try global())
        let expected = summary(
            .partial, global: .failed, revocation: .notAttempted, globalError: .hostNotFound,
            revocationError: .notAttempted,
            open: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)

        let online = FakeWorld()
        let again = try online.retry(try #require(report.partialFailureToken))
        #expect(again.outcome == .complete)
    }

    @Test("A retry whose GlobalSignOut works and whose RevokeToken does not leaves only that open")
    func halfDone() throws {
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        let report = try world.retry(try global())
        let expected = summary(
            .partial, global: .done, revocation: .failed, revocationError: .forbidden,
            open: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 5b in a retry: a session that was ended elsewhere is revoked, and no retry is left")
    func endedElsewhere() throws {
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has been revoked"))
        let report = try world.retry(try global())
        let expected = summary(.partial, global: .failed, revocation: .done, globalError: .sessionEnded)
        #expect(try world.summary(report) == expected)
    }

    @Test("An access token that has expired since is renewed, and nothing is stored")
    func renews() throws {
        let renewed = SampleToken.access(exp: 1_516_999_999)
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: renewed, refresh: "rotated"))
        let report = try world.retry(try global())
        #expect(
            try world.summary(report) == summary(.complete, global: .done, revocation: .done, validUntil: 1_516_999_999)
        )
        #expect(world.journal.network == "GetTokensFromRefreshToken GlobalSignOut RevokeToken")
        #expect(!world.journal.hasDeleted)
        #expect(world.transport.requests("GlobalSignOut").first?.body["AccessToken"] == renewed)
        #expect(world.transport.requests("RevokeToken").first?.body["Token"] == "rotated")
    }

    @Test("After a rotation in a retry that fails, the new token holds the new refresh token")
    func renewsAndFails() throws {
        let renewed = SampleToken.access(exp: 1_516_999_999)
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: renewed, refresh: "rotated"))
        world.transport.script("GlobalSignOut", .exception("ForbiddenException"))
        let report = try world.retry(try global())
        let expected = summary(
            .partial, global: .failed, revocation: .notAttempted, globalError: .forbidden,
            revocationError: .notAttempted, validUntil: 1_516_999_999,
            open: StepsLeft(globalSignOut: renewed, revoke: ["rotated"]))
        #expect(try world.summary(report) == expected)
    }

    @Test("A renewal in a retry sends the device key, as a pool that remembers devices needs it")
    func renewsWithDeviceKey() throws {
        world.clock.unixSeconds = SampleToken.expiry
        world.store.devices = [
            FakeWorld.device("key-of-bob", of: "bob", subject: "sub-of-bob"),
            FakeWorld.device("key-of-alice", subject: "sub-of-alice"),
        ]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: SampleToken.access(exp: 1_516_999_999)))
        _ = try world.retry(try global())
        #expect(world.transport.requests("GetTokensFromRefreshToken").first?.body["DeviceKey"] == "key-of-alice")
    }

    @Test("Row 14 in a retry: a user who does not exist any more is signed out everywhere")
    func userNotFound() throws {
        world.transport.script("GlobalSignOut", .exception("UserNotFoundException"))
        let report = try world.retry(try global())
        #expect(try world.summary(report) == summary(.complete, global: .done))
        #expect(world.journal.network == "GlobalSignOut")
        #expect(!world.journal.hasDeleted)
    }

    @Test("A refresh that is refused for good in a retry ends in revoking, without another retry")
    func renewalRefused() throws {
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
        let report = try world.retry(try global())
        let expected = summary(.partial, global: .notAttempted, revocation: .done, globalError: .notAuthorized)
        #expect(try world.summary(report) == expected)
    }

    @Test("A global retry while the same user is signed in again is refused, and nothing is sent")
    func sameUserSignedIn() throws {
        world.store.sessions = [FakeWorld.item(access: SampleToken.access(exp: 1_516_999_999), refresh: "new")]
        let report = try world.retry(try global())
        let expected = summary(
            .failed, wasSignedIn: .yes, signedOutLocally: .no, global: .notAttempted, revocation: .notAttempted,
            failure: .sessionChanged, validUntil: 0,
            open: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.onlyLooks)
    }

    @Test("A global retry while a damaged session is stored is refused, as it may be the same user's")
    func damagedSessionStored() throws {
        world.store.sessions = [SecretBytes("{}")]
        let report = try world.retry(try global())
        #expect(report.failure?.status == .sessionChanged)
        #expect(world.transport.requests.isEmpty)
    }

    @Test("A global retry while another user is signed in is carried out, and the stored session not touched")
    func otherUserSignedIn() throws {
        let item = FakeWorld.item(access: SampleToken.access(sub: "sub-of-bob", username: "bob"), username: "bob")
        world.store.sessions = [item]
        let report = try world.retry(try global())
        let expected = summary(
            .complete, wasSignedIn: .yes, signedOutLocally: .no, global: .done, revocation: .done)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(!world.journal.hasDeleted)
        #expect(world.storedSessions == [item?.text])
    }

    @Test("A retry of RevokeToken alone is carried out while the same user is signed in, whose session stays")
    func sameUserAndRevokeOnly() throws {
        world.store.sessions = [FakeWorld.item(refresh: "new")]
        let report = try world.retry(try revokeOnly())
        let expected = summary(.complete, wasSignedIn: .yes, signedOutLocally: .no, revocation: .done, validUntil: 0)
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests.map { $0.body["Token"] } == [SampleToken.refresh])
        #expect(world.store.sessions.count == 1)
    }

    @Test(
        "A global retry needs a keyring that can be read", arguments: [Status.keyringLocked, .keyringUnavailable])
    func keyringUnreadable(status: Status) throws {
        world.store.failingLooks = [1: AuthFailure(status)]
        let token = try global()
        let report = try world.retry(token)
        #expect(report.outcome == .failed)
        #expect(report.failure?.status == status)
        #expect(report.wasSignedIn == .unknown)
        #expect(report.signedOutLocally == .unknown)
        #expect(report.globalSignOut == .notAttempted)
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(world.journal.onlyLooks)
    }

    @Test("A retry of RevokeToken alone does not need the keyring")
    func keyringNotNeeded() throws {
        world.store.failingLooks = [1: AuthFailure(.keyringLocked)]
        let report = try world.retry(try revokeOnly())
        let expected = summary(
            .complete, wasSignedIn: .unknown, signedOutLocally: .unknown, revocation: .done, validUntil: 0)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "RevokeToken")
        #expect(!world.journal.hasDeleted)
    }

    @Test("A retry of RevokeToken alone is carried out in time while the keyring hangs")
    func keyringHangs() throws {
        world.store.isHanging = true
        let report = try world.retry(try revokeOnly())
        let expected = summary(
            .complete, wasSignedIn: .unknown, signedOutLocally: .unknown, revocation: .done, validUntil: 0)
        #expect(try world.summary(report) == expected)
    }

    @Test("A retry that is refused before it begins gives its token back, and says what was not attempted")
    func refused() throws {
        for (token, globalSignOut) in [
            (try global(), SignOutReport.Remote.notAttempted), (try revokeOnly(), .notRequested),
        ] {
            let report = try world.client.refuseRetry(token, AuthFailure(.outOfResources))
            #expect(report.outcome == .failed)
            #expect(report.failure?.status == .outOfResources)
            #expect(report.signedOutLocally == .unknown)
            #expect(report.globalSignOut == globalSignOut)
            #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        }
    }

    @Test("A retry that is refused has no use for a token that is none")
    func refusedWithoutToken() throws {
        let report = try world.client.refuseRetry(SecretBytes("ca1.x.00000000"), AuthFailure(.outOfResources))
        #expect(report.failure?.status == .outOfResources)
        #expect(report.partialFailureToken == nil)
    }
}
