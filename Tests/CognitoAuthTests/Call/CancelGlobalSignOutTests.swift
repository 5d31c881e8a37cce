// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows 25 and 25b: cancelling a global sign-out")
struct CancelGlobalSignOutTests {
    let world = FakeWorld.signedIn()

    private let cancelledInTime = ReportSummary(
        .failed, signedOutLocally: .no, globalSignOut: .notAttempted, revocation: .notAttempted, failure: .cancelled)

    /// GlobalSignOut was cancelled, so RevokeToken was held back.
    private func heldBack(_ remote: SignOutReport.Remote) -> ReportSummary {
        ReportSummary(
            .partial, globalSignOut: remote, revocation: .notAttempted, globalSignOutError: .cancelled,
            revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
    }

    /// GlobalSignOut was done, and RevokeToken cancelled.
    private func revocationCancelled(_ remote: SignOutReport.Remote) -> ReportSummary {
        ReportSummary(
            .partial, globalSignOut: .done, revocation: remote, revocationError: .cancelled,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
    }

    @Test(
        "Before the session was read nothing is known, revoked or deleted",
        arguments: [Moment.before, .in("take 1"), .in("look 1")])
    func beforeReading(moment: Moment) throws {
        world.cancel(moment)
        let report = try world.signOut(globally: true)
        var expected = ReportSummary.failed(.cancelled)
        expected.globalSignOut = .notAttempted
        #expect(try world.summary(report) == expected)
        #expect(world.journal.onlyLooks)
        world.expectUntouched()
    }

    @Test("After the session was read nothing is sent")
    func afterReading() throws {
        world.cancel(.after("look 1"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == cancelledInTime)
        #expect(world.journal.onlyLooks)
        world.expectUntouched()
    }

    @Test("While GlobalSignOut is not sent yet nothing is deleted")
    func beforeSending() throws {
        world.transport.isSentWhenCancelled = false
        world.cancel(.in("GlobalSignOut 1"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == cancelledInTime)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(!world.journal.hasDeleted)
        world.expectUntouched()
    }

    @Test("In the pause after a GlobalSignOut that reached nobody nothing is deleted")
    func pauseAfterUnreachable() throws {
        world.transport.goOffline()
        world.cancel(.in("pause 1"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == cancelledInTime)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(!world.journal.hasDeleted)
        world.expectUntouched()
    }

    @Test("A session without any token is not deleted as long as the deletion has not begun")
    func noTokens() throws {
        world.store.sessions = [SecretBytes("{}")]
        world.cancel(.after("look 1"))
        let report = try world.signOut(globally: true)
        #expect(report.failure?.status == .cancelled)
        world.expectUntouched()
    }

    @Test("While the answer to GlobalSignOut is awaited it is unknown, the revocation held back, the session deleted")
    func awaitingAnswer() throws {
        world.cancel(.in("GlobalSignOut 1"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(.unknown))
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(report.globalSignOutFailure?.token?.text == SampleToken.access())
        #expect(
            report.globalSignOutFailure?.suggestion == "Retry with the partial-failure token when you want it done.")
        world.expectSignedOut()
    }

    @Test("In the pause after a GlobalSignOut that was lost it is unknown")
    func pauseAfterLost() throws {
        world.transport.script("GlobalSignOut", .lost())
        world.cancel(.in("pause 1"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(.unknown))
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("While a second attempt is not sent yet, after one that was lost, GlobalSignOut is unknown")
    func secondAttemptAfterLost() throws {
        world.transport.script("GlobalSignOut", .lost())
        world.transport.isSentWhenCancelled = false
        world.cancel(.in("GlobalSignOut 2"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(.unknown))
        world.expectSignedOut()
    }

    @Test("In the pause after Cognito was busy GlobalSignOut has failed")
    func pauseAfterThrottling() throws {
        world.transport.script("GlobalSignOut", .exception("TooManyRequestsException"))
        world.cancel(.in("pause 1"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(.failed))
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("Between the steps RevokeToken is not sent any more and stays open")
    func betweenSteps() throws {
        world.cancel(.after("GlobalSignOut 1"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == revocationCancelled(.notAttempted))
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test(
        "While RevokeToken is under way it is unknown if it was sent, else it was not attempted",
        arguments: [true, false])
    func inRevokeToken(isSent: Bool) throws {
        world.transport.isSentWhenCancelled = isSent
        world.cancel(.in("RevokeToken 1"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == revocationCancelled(isSent ? .unknown : .notAttempted))
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("In the pause after a RevokeToken that was lost it is unknown; after one that reached nobody, not attempted")
    func pauseInRevokeToken() throws {
        for (answer, remote) in [
            (FakeTransport.Answer.lost(), SignOutReport.Remote.unknown), (.unreachable(), .notAttempted),
        ] {
            let world = FakeWorld.signedIn()
            world.transport.script("RevokeToken", answer)
            world.cancel(.in("pause 1"))
            let report = try world.signOut(globally: true)
            #expect(try world.summary(report) == revocationCancelled(remote))
            #expect(world.journal.network == "GlobalSignOut RevokeToken")
            #expect(world.journal.endsWithDeletionAndLook)
            world.expectSignedOut()
        }
    }

    @Test("Row 5b: after a session that was ended elsewhere RevokeToken is not sent, and stays open")
    func endedElsewhere() throws {
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has been revoked"))
        world.cancel(.after("GlobalSignOut 1"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .notAttempted, globalSignOutError: .sessionEnded,
            revocationError: .cancelled, openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test(
        "Once RevokeToken was answered it is too late to cancel, and so in the deletion and the second look",
        arguments: [
            Moment.after("RevokeToken 1"), .in("reread 1"), .after("reread 1"), .in("delete 1"), .after("delete 1"),
            .in("look 2"), .after("look 2"), .in("release 1"),
        ])
    func tooLate(moment: Moment) throws {
        world.cancel(moment)
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: .done, revocation: .done))
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.store.limits.filter { $0.step == "delete" }.allSatisfy { $0.limit.cancellation == nil })
        world.expectSignedOut()
    }
}
