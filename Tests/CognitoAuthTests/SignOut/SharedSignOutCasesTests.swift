// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CognitoAuth

/// Amplify Swift and Amplify Android ship these six, and Amplify Dart follows them. The token in them is
/// an HS256 one with `sub`, `username`, `exp` 1516239022 and `origin_jti`; where revoking fails they let
/// it fail with NotAuthorizedException, which Cognito does not declare for it.
@Suite("The six shared sign-out cases of the Amplify libraries")
struct SharedSignOutCasesTests {
    let world = FakeWorld.signedIn()

    @Test("Signing out while signed in is complete (row 1)")
    func signedIn() throws {
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .done))
        #expect(world.journal.network == "RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Signing out while signed out is complete and asks no server (row 3)")
    func signedOut() throws {
        world.store.sessions = []
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, wasSignedIn: .no, tokensValidUntil: 0))
        #expect(world.journal.onlyLooks)
    }

    @Test("Signing out globally is complete (row 2)")
    func global() throws {
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: .done, revocation: .done))
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("A token that cannot be revoked makes signing out partial (row 4)")
    func revocationFails() throws {
        world.transport.script("RevokeToken", .exception("NotAuthorizedException"))
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .failed, revocationError: .notAuthorized,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(report.revocationFailure?.token?.text == SampleToken.refresh)
        #expect(world.journal.network == "RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("A token that cannot be revoked after a global sign-out makes it partial (row 6)")
    func revocationFailsAfterGlobal() throws {
        world.transport.script("RevokeToken", .exception("NotAuthorizedException"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .done, revocation: .failed, revocationError: .notAuthorized,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(report.revocationFailure?.token?.text == SampleToken.refresh)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("A global sign-out that fails makes it partial, and the token is not revoked (row 5)")
    func globalFails() throws {
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .notAttempted, globalSignOutError: .notAuthorized,
            revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(report.globalSignOutFailure?.token?.text == SampleToken.access())
        #expect(report.revocationFailure?.token?.text == SampleToken.refresh)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
    }
}
