// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Renewing the access token for a global sign-out")
struct RefreshDuringSignOutTests {
    static let expired = SampleToken.access(exp: 1_516_238_000)
    static let renewed = SampleToken.access(exp: 1_516_242_000)
    static let signInAgain = "Other devices may still be signed in. Sign in again, then sign out everywhere."
    let world = FakeWorld.signedIn(access: expired)

    private func summary(
        _ outcome: SignOutReport.Outcome, _ global: SignOutReport.Remote, _ revocation: SignOutReport.Remote,
        error: Status? = nil, revocationError: Status? = nil, validUntil: Int64 = 1_516_238_000,
        open: StepsLeft? = nil
    ) -> ReportSummary {
        ReportSummary(
            outcome, globalSignOut: global, revocation: revocation, globalSignOutError: error,
            revocationError: revocationError, tokensValidUntil: validUntil, openSteps: open)
    }

    @Test(
        "Row 12: an access token that is expired, about to, or unreadable is renewed and stored before GlobalSignOut",
        arguments: [expired, SampleToken.access(exp: 1_516_238_611), "not-a-jwt", SampleToken.access(exp: nil)])
    func renewedFirst(access: String) throws {
        let world = FakeWorld.signedIn(access: access)
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == summary(.complete, .done, .done, validUntil: 1_516_242_000))
        #expect(world.journal.network == "GetTokensFromRefreshToken GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.journal.hasStored)
        #expect(
            world.transport.requests.map(\.body) == [
                ["RefreshToken": SampleToken.refresh, "ClientId": FakeWorld.clientID], ["AccessToken": Self.renewed],
                ["Token": SampleToken.refresh, "ClientId": FakeWorld.clientID],
            ])
    }

    @Test("Row 12: what was renewed is what gets stored, with the old refresh token where none came back")
    func stored() throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, id: SampleToken.id()))
        world.store.ignoresDelete = true
        _ = try world.signOut(globally: true)
        #expect(world.storedSessions == [FakeWorld.item(access: Self.renewed, id: SampleToken.id())?.text])
    }

    @Test("Row 12: after a rotation the new refresh token is stored and revoked, not the old one")
    func rotated() throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.store.ignoresDelete = true
        _ = try world.signOut(globally: true)
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated"])
        #expect(world.storedSessions == [FakeWorld.item(access: Self.renewed, refresh: "rotated")?.text])
    }

    @Test("An access token with 10 seconds left is used as it is")
    func notRenewed() throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1_516_238_612))
        _ = try world.signOut(globally: true)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 5c: where Cognito's clock says expired, the token is renewed once and GlobalSignOut sent once more")
    func clockSkew() throws {
        let world = FakeWorld.signedIn()
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has expired"), .ok())
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == summary(.complete, .done, .done, validUntil: 1_516_242_000))
        #expect(
            world.journal.line == "take look GlobalSignOut GetTokensFromRefreshToken reread update look"
                + " GlobalSignOut RevokeToken reread delete look release")
        #expect(
            world.transport.requests("GlobalSignOut").map { $0.body["AccessToken"] } == [
                SampleToken.access(), Self.renewed,
            ])
    }

    @Test("Row 5c: where it says expired again, both steps stay open with the renewed token")
    func clockSkewTwice() throws {
        let world = FakeWorld.signedIn()
        world.transport.always("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has expired"))
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        let report = try world.signOut(globally: true)
        let expected = summary(
            .partial, .failed, .notAttempted, error: .notAuthorized, revocationError: .notAttempted,
            validUntil: 1_516_242_000, open: StepsLeft(globalSignOut: Self.renewed, revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests("GetTokensFromRefreshToken").count == 1)
        #expect(world.transport.requests("GlobalSignOut").count == 2)
    }

    @Test("Row 5c: where the renewal does not reach Cognito, both stay open, and GlobalSignOut failed, as it was sent")
    func clockSkewThenOffline() throws {
        let world = FakeWorld.signedIn()
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has expired"))
        world.transport.always("GetTokensFromRefreshToken", .unreachable())
        let report = try world.signOut(globally: true)
        let expected = summary(
            .partial, .failed, .notAttempted, error: .connectionFailed, revocationError: .notAttempted,
            validUntil: SampleToken.expiry,
            open: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
    }

    @Test(
        "Row 5c: where the renewal is refused for good, the token is revoked, and GlobalSignOut failed, as it was sent")
    func clockSkewThenRefused() throws {
        let world = FakeWorld.signedIn()
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has expired"))
        world.transport.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
        let report = try world.signOut(globally: true)
        let expected = summary(.partial, .failed, .done, error: .notAuthorized, validUntil: SampleToken.expiry)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut GetTokensFromRefreshToken RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test(
        "Row 13: a refresh that is refused for good ends in revoking, without GlobalSignOut",
        arguments: [
            ("NotAuthorizedException", Status.notAuthorized), ("RefreshTokenReuseException", .refreshTokenReuse),
            ("InvalidParameterException", .invalidParameter), ("UserLambdaValidationException", .userLambdaValidation),
        ])
    func refused(exception: String, status: Status) throws {
        world.transport.script("GetTokensFromRefreshToken", .exception(exception, "Refresh Token has expired"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == summary(.partial, .notAttempted, .done, error: status))
        #expect(report.globalSignOutFailure?.suggestion == Self.signInAgain)
        #expect(world.journal.network == "GetTokensFromRefreshToken RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 13: where revoking fails after it too, only RevokeToken stays open")
    func refusedAndNotRevoked() throws {
        world.transport.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        let report = try world.signOut(globally: true)
        let expected = summary(
            .partial, .notAttempted, .failed, error: .notAuthorized, revocationError: .forbidden,
            open: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
    }

    @Test(
        "Row 13b: a refresh that failed in a curable way holds everything back",
        arguments: [
            (FakeTransport.Answer.unreachable(.connectionFailed), Status.connectionFailed),
            (.unreachable(.tlsFailed), .tlsFailed), (.exception("TooManyRequestsException"), .tooManyRequests),
            (.exception("InternalErrorException"), .internalError), (.http(502, "<html>"), .invalidResponse),
        ])
    func curable(answer: FakeTransport.Answer, status: Status) throws {
        world.transport.always("GetTokensFromRefreshToken", answer)
        let report = try world.signOut(globally: true)
        let expected = summary(
            .partial, .notAttempted, .notAttempted, error: status, revocationError: .notAttempted,
            open: StepsLeft(globalSignOut: Self.expired, revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(report.globalSignOutFailure?.token?.text == Self.expired)
        #expect(world.transport.requests("GlobalSignOut").isEmpty)
        #expect(world.transport.requests("RevokeToken").isEmpty)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Row 14: a refresh for a user who does not exist any more is a complete sign-out")
    func userNotFound() throws {
        world.transport.script("GetTokensFromRefreshToken", .exception("UserNotFoundException"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == summary(.complete, .done, .notRequested))
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 15: where the renewed tokens cannot be stored, sign-out goes on with them")
    func storeFails() throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.store.storeFailure = AuthFailure(.keyringFailed)
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == summary(.complete, .done, .done, validUntil: 1_516_242_000))
        #expect(world.transport.requests("GlobalSignOut").first?.body["AccessToken"] == Self.renewed)
        #expect(world.transport.requests("RevokeToken").first?.body["Token"] == "rotated")
    }

    @Test("A refresh does not bring back a session that was deleted meanwhile")
    func deletedMeanwhile() throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        world.transport.onRequest = { [store = world.store] in
            if $0 == "GetTokensFromRefreshToken" { store.sessions = [] }
        }
        let report = try world.signOut(globally: true)
        #expect(report.outcome == .complete)
        #expect(world.journal.network == "GetTokensFromRefreshToken GlobalSignOut RevokeToken")
        #expect(world.journal.keyring == "look reread reread look")
        #expect(world.store.sessions.isEmpty)
    }

    @Test("A pool that remembers devices gets the device key with the refresh")
    func deviceKey() throws {
        world.store.devices = [FakeWorld.device("key-of-bob", of: "bob"), FakeWorld.device("key-of-alice")]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        _ = try world.signOut(globally: true)
        #expect(world.transport.requests("GetTokensFromRefreshToken").first?.body["DeviceKey"] == "key-of-alice")
        #expect(world.store.devices.count == 2)
    }

    @Test("Without a refresh token an expired access token is sent as it is, and given up when it is refused")
    func nothingToRenewWith() throws {
        let world = FakeWorld.signedIn(access: Self.expired, refresh: nil)
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has expired"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == summary(.partial, .failed, .notRequested, error: .notAuthorized))
        #expect(report.globalSignOutFailure?.suggestion == Self.signInAgain)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
    }
}
