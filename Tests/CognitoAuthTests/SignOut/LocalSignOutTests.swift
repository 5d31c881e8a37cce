// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Local sign-out")
struct LocalSignOutTests {
    let world = FakeWorld.signedIn()
    let wholeRun = "take look RevokeToken reread delete look release"

    @Test("Row 1: the refresh token is revoked, then the session is deleted and looked for again")
    func complete() throws {
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .done))
        #expect(world.journal.line == wholeRun)
        #expect(
            world.transport.requests.map(\.body) == [["Token": SampleToken.refresh, "ClientId": FakeWorld.clientID]])
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Row 1: the client secret goes with RevokeToken where there is one")
    func clientSecret() throws {
        world.options.clientSecret = SecretBytes("abcdefghijklmnopqrstuvwxyz")
        _ = try world.signOut()
        let request = try #require(world.transport.requests.first)
        #expect(request.body["ClientSecret"] == "abcdefghijklmnopqrstuvwxyz")
    }

    @Test("Row 3: a second sign-out finds nobody signed in and is complete without the network")
    func signedOutAlready() throws {
        _ = try world.signOut()
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, wasSignedIn: .no, tokensValidUntil: 0))
        #expect(world.journal.line == wholeRun + " take look release")
    }

    @Test(
        "Row 4: whatever RevokeToken answers, the user is signed out here and the refresh token is handed back",
        arguments: [
            ("ForbiddenException", Status.forbidden), ("InvalidParameterException", .invalidParameter),
            ("UnauthorizedException", .unauthorized), ("UnsupportedTokenTypeException", .unsupportedTokenType),
            ("NotAuthorizedException", .notAuthorized), ("UserNotFoundException", .userNotFound),
            ("ResourceNotFoundException", .resourceNotFound), ("BrandNewException", .serviceError),
            ("PasswordResetRequiredException", .passwordResetRequired),
        ])
    func revocationRefused(exception: String, status: Status) throws {
        world.transport.script("RevokeToken", .exception(exception))
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .failed, revocationError: status, openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(report.revocationFailure?.token?.text == SampleToken.refresh)
        #expect(world.journal.line == wholeRun)
    }

    @Test(
        "Row 7: an access token that cannot be read, or has no origin_jti, does not keep RevokeToken from being sent",
        arguments: ["not-a-jwt", "a.b.c", SampleToken.access(originIdentifier: nil)])
    func accessTokenDoesNotMatter(access: String) throws {
        let world = FakeWorld.signedIn(access: access)
        let report = try world.signOut()
        #expect(report.outcome == .complete)
        #expect(report.revocation == .done)
        #expect(world.journal.line == wholeRun)
    }

    @Test("Row 8: an app client without token revocation is a complete sign-out that says so")
    func revocationNotEnabled() throws {
        world.transport.script("RevokeToken", .exception("UnsupportedOperationException"))
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .notEnabled))
        #expect(world.journal.line == wholeRun)
    }

    @Test("Row 8b: a replica region that does not revoke makes it partial")
    func operationNotEnabled() throws {
        world.transport.script("RevokeToken", .exception("OperationNotEnabledException"))
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .failed, revocationError: .operationNotEnabled,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.line == wholeRun)
    }

    @Test("Row 9: without a refresh token nothing is sent, and it is complete")
    func noRefreshToken() throws {
        let world = FakeWorld.signedIn(refresh: nil)
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .notRequested))
        #expect(world.journal.network == "")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test(
        "Row 10: offline the session is deleted and the refresh token kept for a retry, however old the access token",
        arguments: [SampleToken.expiry, 1])
    func offline(expiry: Int64) throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: expiry))
        world.transport.goOffline()
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .failed, revocationError: .hostNotFound, tokensValidUntil: expiry,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "RevokeToken RevokeToken RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Row 17: 200 with an empty body or any JSON object is a success", arguments: ["", "{}", #"{"new":[1]}"#])
    func success(body: String) throws {
        world.transport.script("RevokeToken", .ok(body))
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .done))
    }

    @Test("Row 30: where a sign-out died after the remote steps, signing out again finishes the job")
    func again() throws {
        let item = world.store.sessions
        _ = try world.signOut(globally: true)
        world.store.sessions = item
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has been revoked"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .done, globalSignOutError: .sessionEnded)
        #expect(try world.summary(report) == expected)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Row 30: a local sign-out that died after revoking is complete the second time")
    func againLocally() throws {
        let item = world.store.sessions
        _ = try world.signOut()
        world.store.sessions = item
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .done))
        #expect(world.store.sessions.isEmpty)
    }
}
