// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows 25 and 25b: cancelling a local sign-out")
struct CancelLocalSignOutTests {
    let world = FakeWorld.signedIn()

    /// What a sign-out says that was cancelled after it had read the session, and before anything was sent.
    private let cancelledInTime = ReportSummary(
        .failed, signedOutLocally: .no, revocation: .notAttempted, failure: .cancelled)

    private func cancelled(_ revocation: SignOutReport.Remote) -> ReportSummary {
        ReportSummary(
            .partial, revocation: revocation, revocationError: .cancelled,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
    }

    @Test(
        "Before the session was read nothing is known, revoked or deleted",
        arguments: [Moment.before, .in("take 1"), .in("look 1")])
    func beforeReading(moment: Moment) throws {
        world.cancel(moment)
        let report = try world.signOut()
        #expect(try world.summary(report) == .failed(.cancelled))
        #expect(world.journal.onlyLooks)
        world.expectUntouched()
    }

    @Test("While it waits for the lock it ends without one")
    func waiting() throws {
        world.lock.isHeld = true
        world.cancel(.in("wait 1"))
        let report = try world.signOut()
        #expect(try world.summary(report) == .failed(.cancelled))
        #expect(world.journal.line == "wait")
        world.expectUntouched()
    }

    @Test("After the session was read nothing is sent")
    func afterReading() throws {
        world.cancel(.after("look 1"))
        let report = try world.signOut()
        #expect(try world.summary(report) == cancelledInTime)
        #expect(world.journal.onlyLooks)
        #expect(report.failure?.suggestion == "Sign out again when you want it done.")
        world.expectUntouched()
    }

    @Test("While RevokeToken is not sent yet nothing is deleted")
    func beforeSending() throws {
        world.transport.isSentWhenCancelled = false
        world.cancel(.in("RevokeToken 1"))
        let report = try world.signOut()
        #expect(try world.summary(report) == cancelledInTime)
        #expect(world.journal.network == "RevokeToken")
        #expect(!world.journal.hasDeleted)
        world.expectUntouched()
    }

    @Test("In the pause after an attempt that reached nobody nothing is deleted")
    func pauseAfterUnreachable() throws {
        world.transport.goOffline()
        world.cancel(.in("pause 1"))
        let report = try world.signOut()
        #expect(try world.summary(report) == cancelledInTime)
        #expect(world.journal.network == "RevokeToken")
        #expect(!world.journal.hasDeleted)
        world.expectUntouched()
    }

    @Test("Where there is no refresh token to revoke, nothing is deleted as long as the deletion has not begun")
    func nothingToRevoke() throws {
        let world = FakeWorld.signedIn(refresh: nil)
        world.cancel(.after("look 1"))
        let report = try world.signOut()
        #expect(report.failure?.status == .cancelled)
        #expect(report.signedOutLocally == .no)
        #expect(world.journal.onlyLooks)
        world.expectUntouched()
    }

    @Test("While the answer to RevokeToken is awaited the session is deleted, and the revocation is unknown")
    func awaitingAnswer() throws {
        world.cancel(.in("RevokeToken 1"))
        let report = try world.signOut()
        #expect(try world.summary(report) == cancelled(.unknown))
        #expect(world.journal.network == "RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(report.revocationFailure?.suggestion == "Retry with the partial-failure token when you want it done.")
        #expect(report.revocationFailure?.token?.text == SampleToken.refresh)
        world.expectSignedOut()
    }

    @Test("In the pause after an attempt that was lost the revocation is unknown")
    func pauseAfterLost() throws {
        world.transport.script("RevokeToken", .lost())
        world.cancel(.in("pause 1"))
        let report = try world.signOut()
        #expect(try world.summary(report) == cancelled(.unknown))
        #expect(world.journal.network == "RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("While a second attempt is not sent yet, after one that was lost, the revocation is unknown")
    func secondAttemptAfterLost() throws {
        world.transport.script("RevokeToken", .lost())
        world.transport.isSentWhenCancelled = false
        world.cancel(.in("RevokeToken 2"))
        let report = try world.signOut()
        #expect(try world.summary(report) == cancelled(.unknown))
        #expect(world.journal.network == "RevokeToken RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("In the pause after Cognito was busy the revocation has failed")
    func pauseAfterThrottling() throws {
        world.transport.script("RevokeToken", .exception("TooManyRequestsException"))
        world.cancel(.in("pause 1"))
        let report = try world.signOut()
        #expect(try world.summary(report) == cancelled(.failed))
        #expect(world.journal.network == "RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("A pause that is cancelled takes no time")
    func pauseEndsAtOnce() throws {
        world.randomness.constant = 99
        world.transport.script("RevokeToken", .lost())
        world.cancel(.in("pause 1"))
        _ = try world.signOut()
        #expect(world.clock.pauses.count == 1)
        #expect(world.clock.monotonicMilliseconds == 1_000_000)
    }

    @Test(
        "Once RevokeToken was answered it is too late to cancel, and so in the deletion and the second look",
        arguments: [
            Moment.after("RevokeToken 1"), .in("reread 1"), .after("reread 1"), .in("delete 1"), .after("delete 1"),
            .in("look 2"), .after("look 2"), .in("release 1"),
        ])
    func tooLate(moment: Moment) throws {
        world.cancel(moment)
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .done))
        #expect(world.journal.network == "RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("Nobody can cut the deletion and the second look short, and anybody all that comes before")
    func limits() throws {
        _ = try world.signOut()
        #expect(world.store.limits.map(\.step) == ["look", "reread", "delete", "look"])
        #expect(world.store.limits.map { $0.limit.cancellation != nil } == [true, false, false, false])
        #expect(world.store.limits.allSatisfy { $0.limit.deadline == 1_030_000 })
    }

    @Test(
        "Between two refresh tokens the first stays revoked and the second open",
        arguments: [
            (Moment.after("RevokeToken 1"), true, "RevokeToken", SignOutReport.Remote.notAttempted.rawValue),
            (.in("RevokeToken 2"), false, "RevokeToken RevokeToken", SignOutReport.Remote.notAttempted.rawValue),
            (.in("RevokeToken 2"), true, "RevokeToken RevokeToken", SignOutReport.Remote.unknown.rawValue),
        ])
    func betweenTokens(moment: Moment, isSent: Bool, requests: String, remote: Int32) throws {
        world.store.sessions = [FakeWorld.item(), FakeWorld.item(refresh: "second")]
        world.transport.isSentWhenCancelled = isSent
        world.cancel(moment)
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: try #require(SignOutReport.Remote(rawValue: remote)), revocationError: .cancelled,
            openSteps: StepsLeft(revoke: ["second"]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.line == "take look \(requests) reread delete look release")
        world.expectSignedOut()
    }

    @Test("Where the first of two refresh tokens reached nobody, who cancels then is not told that a step failed")
    func afterUnreachable() throws {
        world.store.sessions = [FakeWorld.item(), FakeWorld.item(refresh: "second")]
        world.options.maximumAttempts = 1
        world.transport.script("RevokeToken", .unreachable())
        world.transport.isSentWhenCancelled = false
        world.cancel(.in("RevokeToken 2"))
        let report = try world.signOut()
        #expect(try world.summary(report) == cancelledInTime)
        #expect(world.journal.network == "RevokeToken RevokeToken")
        #expect(world.store.sessions.count == 2)
    }

    @Test("Where the first of three refresh tokens was refused, and then it was cancelled, all three stay open")
    func afterRefusal() throws {
        world.store.sessions = [FakeWorld.item(), FakeWorld.item(refresh: "second"), FakeWorld.item(refresh: "third")]
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        world.cancel(.after("RevokeToken 1"))
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .failed, revocationError: .forbidden,
            openSteps: StepsLeft(revoke: [SampleToken.refresh, "second", "third"]))
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests.count == 1)
        world.expectSignedOut()
    }
}

extension FakeWorld {
    /// Alice's session is there, none was ever asked to be deleted, nothing was announced, the lock is free.
    func expectUntouched(_ location: SourceLocation = #_sourceLocation) {
        #expect(store.sessions.count == 1, sourceLocation: location)
        #expect(!journal.hasDeleted, sourceLocation: location)
        #expect(transport.requests("RevokeToken").count <= 1, sourceLocation: location)
        #expect(events.isEmpty, sourceLocation: location)
        #expect(!lock.isTaken, sourceLocation: location)
    }

    /// No session is there, that was announced once, the lock is free.
    func expectSignedOut(_ location: SourceLocation = #_sourceLocation) {
        #expect(store.sessions.isEmpty, sourceLocation: location)
        #expect(events == [.signedOut], sourceLocation: location)
        #expect(!lock.isTaken, sourceLocation: location)
    }
}
