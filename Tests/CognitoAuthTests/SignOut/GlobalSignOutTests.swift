// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Global sign-out")
struct GlobalSignOutTests {
    let world = FakeWorld.signedIn()

    @Test("Row 2: GlobalSignOut is sent first, then RevokeToken, then the session is deleted")
    func complete() throws {
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: .done, revocation: .done))
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(
            world.transport.requests.map(\.body) == [
                ["AccessToken": SampleToken.access()], ["Token": SampleToken.refresh, "ClientId": FakeWorld.clientID],
            ])
    }

    @Test("Row 3b: where nobody is signed in, GlobalSignOut was not attempted, so nothing was done everywhere")
    func signedOutAlready() throws {
        world.store.sessions = []
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(.complete, wasSignedIn: .no, globalSignOut: .notAttempted, tokensValidUntil: 0)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.onlyLooks)
    }

    @Test(
        "Row 5: a global sign-out that fails in a curable way holds the revocation back",
        arguments: [
            ("NotAuthorizedException", Status.notAuthorized), ("ForbiddenException", .forbidden),
            ("ResourceNotFoundException", .resourceNotFound), ("InvalidParameterException", .invalidParameter),
            ("PasswordResetRequiredException", .passwordResetRequired),
            ("UserNotConfirmedException", .userNotConfirmed),
            ("OperationNotEnabledException", .operationNotEnabled), ("BrandNewException", .serviceError),
            ("UnsupportedOperationException", .unsupportedOperation),
        ])
    func curable(exception: String, status: Status) throws {
        world.transport.script("GlobalSignOut", .exception(exception))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(status, .failed))
        #expect(report.globalSignOutFailure?.token?.text == SampleToken.access())
        #expect(report.revocationFailure?.token?.text == SampleToken.refresh)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.store.sessions.isEmpty)
    }

    @Test(
        "Row 5: throttling and internal errors that last through all attempts hold the revocation back",
        arguments: [("TooManyRequestsException", Status.tooManyRequests), ("InternalErrorException", .internalError)])
    func transient(exception: String, status: Status) throws {
        world.transport.always("GlobalSignOut", .exception(exception))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(status, .failed))
        #expect(world.journal.network == "GlobalSignOut GlobalSignOut GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 5: without a refresh token only GlobalSignOut stays open")
    func curableWithoutRefreshToken() throws {
        let world = FakeWorld.signedIn(refresh: nil)
        world.transport.script("GlobalSignOut", .exception("ForbiddenException"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .notRequested, globalSignOutError: .forbidden,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: []))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 5b: a session that was ended elsewhere leaves nothing to retry globally, and the token is revoked")
    func endedElsewhere() throws {
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has been revoked"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .done, globalSignOutError: .sessionEnded)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 5b: where revoking fails after it too, only RevokeToken stays open")
    func endedElsewhereAndNotRevoked() throws {
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has been revoked"))
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .failed, globalSignOutError: .sessionEnded,
            revocationError: .forbidden, openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
    }

    @Test(
        "Row 5d: where GlobalSignOut can never work, the token is revoked and no global retry is offered",
        arguments: [
            ("Access Token does not have required scopes", "aws.cognito.signin.user.admin"),
            ("User is disabled.", "disabled"),
        ])
    func neverWorks(message: String, suggested: String) throws {
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", message))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .done, globalSignOutError: .notAuthorized)
        #expect(try world.summary(report) == expected)
        #expect(report.globalSignOutFailure?.suggestion.contains(suggested) == true)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 6: a revocation that fails after a global sign-out leaves only itself open")
    func revocationFails() throws {
        world.transport.always("RevokeToken", .exception("InternalErrorException"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .done, revocation: .failed, revocationError: .internalError,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 8: an app client without token revocation does not make a global sign-out partial")
    func revocationNotEnabled() throws {
        world.transport.script("RevokeToken", .exception("UnsupportedOperationException"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: .done, revocation: .notEnabled))
    }

    @Test("Row 9: without a refresh token only GlobalSignOut is sent")
    func noRefreshToken() throws {
        let world = FakeWorld.signedIn(refresh: nil)
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: .done))
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 11: offline both steps stay open, and the session is deleted")
    func offline() throws {
        world.transport.goOffline()
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(.hostNotFound, .failed))
        #expect(world.transport.requests("RevokeToken").isEmpty)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Row 14: a user who does not exist any more is signed out, and nothing is revoked")
    func userNotFound() throws {
        world.transport.script("GlobalSignOut", .exception("UserNotFoundException", "User does not exist."))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: .done))
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 17: 200 with an empty body or any JSON object is a success", arguments: ["", "{}", #"{"new":[1]}"#])
    func success(body: String) throws {
        world.transport.script("GlobalSignOut", .ok(body))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: .done, revocation: .done))
    }

    /// Row 5 for the session of `FakeWorld.signedIn()`.
    private func heldBack(_ status: Status, _ remote: SignOutReport.Remote) -> ReportSummary {
        ReportSummary(
            .partial, globalSignOut: remote, revocation: .notAttempted, globalSignOutError: status,
            revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
    }
}
