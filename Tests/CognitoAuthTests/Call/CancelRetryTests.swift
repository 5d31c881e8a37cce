// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows 25 and 25b: cancelling a retry")
struct CancelRetryTests {
    let world = FakeWorld()

    private func revokeOnly() throws -> SecretBytes {
        let world = FakeWorld.signedIn()
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        return try #require(try world.signOut().partialFailureToken)
    }

    private func global() throws -> SecretBytes {
        let world = FakeWorld.signedIn()
        world.transport.script("GlobalSignOut", .exception("ForbiddenException"))
        return try #require(try world.signOut(globally: true).partialFailureToken)
    }

    private func expectGivenBack(
        _ report: SignOutReport, _ token: SecretBytes, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(report.outcome == .failed, sourceLocation: location)
        #expect(report.failure?.status == .cancelled, sourceLocation: location)
        #expect(
            report.failure?.suggestion == "Retry with the newest token when you want it done.", sourceLocation: location
        )
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true, sourceLocation: location)
        #expect(report.revocation == .notAttempted, sourceLocation: location)
        #expect(world.events.isEmpty, sourceLocation: location)
        #expect(!world.lock.isTaken, sourceLocation: location)
    }

    @Test(
        "Before RevokeToken was sent the token comes back byte for byte",
        arguments: [
            (Moment.before, "look"), (.in("look 1"), "look"), (.after("look 1"), "look"),
            (.in("RevokeToken 1"), "look RevokeToken"),
        ])
    func revokeOnlyInTime(moment: Moment, line: String) throws {
        let token = try revokeOnly()
        world.transport.isSentWhenCancelled = false
        world.cancel(moment)
        let report = try world.retry(token)
        expectGivenBack(report, token)
        #expect(report.globalSignOut == .notRequested)
        #expect(world.journal.line == line)
    }

    @Test(
        "Before GlobalSignOut was sent the token comes back byte for byte",
        arguments: [
            (Moment.before, "take look release"), (.in("take 1"), "take look release"),
            (.in("look 1"), "take look release"), (.after("look 1"), "take look release"),
            (.in("GlobalSignOut 1"), "take look GlobalSignOut release"),
        ])
    func globalInTime(moment: Moment, line: String) throws {
        let token = try global()
        world.transport.isSentWhenCancelled = false
        world.cancel(moment)
        let report = try world.retry(token)
        expectGivenBack(report, token)
        #expect(report.globalSignOut == .notAttempted)
        #expect(world.journal.line == line)
    }

    @Test("While it waits for the lock the token comes back byte for byte")
    func waiting() throws {
        let token = try global()
        world.lock.isHeld = true
        world.cancel(.in("wait 1"))
        expectGivenBack(try world.retry(token), token)
        #expect(world.journal.line == "wait")
    }

    @Test("After a refresh that was refused for good GlobalSignOut stays open, for the next retry to tell of")
    func refreshRefused() throws {
        let token = try global()
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
        world.cancel(.in("GetTokensFromRefreshToken 1"))
        let report = try world.retry(token)
        expectGivenBack(report, token)
        #expect(report.globalSignOut == .notAttempted)
        #expect(world.journal.network == "GetTokensFromRefreshToken")
    }

    @Test("While the answer to RevokeToken is awaited the revocation is unknown and stays open")
    func awaitingRevokeToken() throws {
        world.cancel(.in("RevokeToken 1"))
        let report = try world.retry(try revokeOnly())
        let expected = ReportSummary(
            .partial, wasSignedIn: .no, revocation: .unknown, revocationError: .cancelled, tokensValidUntil: 0,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "RevokeToken")
        #expect(!world.journal.hasDeleted)
    }

    @Test("While the answer to GlobalSignOut is awaited both steps stay open")
    func awaitingGlobalSignOut() throws {
        world.cancel(.in("GlobalSignOut 1"))
        let report = try world.retry(try global())
        let expected = ReportSummary(
            .partial, wasSignedIn: .no, globalSignOut: .unknown, revocation: .notAttempted,
            globalSignOutError: .cancelled, revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(!world.journal.hasDeleted)
    }

    @Test("Between the steps only RevokeToken stays open")
    func betweenSteps() throws {
        world.cancel(.after("GlobalSignOut 1"))
        let report = try world.retry(try global())
        let expected = ReportSummary(
            .partial, wasSignedIn: .no, globalSignOut: .done, revocation: .notAttempted, revocationError: .cancelled,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(!world.journal.hasDeleted)
    }

    @Test(
        "Once the last step was answered it is too late to cancel",
        arguments: [Moment.after("RevokeToken 1"), .in("release 1")])
    func tooLate(moment: Moment) throws {
        world.cancel(moment)
        let report = try world.retry(try global())
        #expect(report.outcome == .complete)
        #expect(report.partialFailureToken == nil)
    }

    @Test("Row 25: a renewal that got no answer is remembered, and the retry says that it may have ended the session")
    func unansweredRenewal() throws {
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script("GetTokensFromRefreshToken", .stall(.networkTimedOut, wasSent: true))
        world.cancel(.in("GetTokensFromRefreshToken 1"))
        let report = try world.retry(try global())
        #expect(report.failure?.status == .cancelled)
        #expect(report.failure?.message.contains("may have ended the session") == true)
        let later = FakeWorld()
        later.clock.unixSeconds = SampleToken.expiry
        later.transport.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
        let retried = try later.retry(try #require(report.partialFailureToken))
        #expect(retried.globalSignOut == .notAttempted)
        #expect(retried.revocation == .unknown)
        #expect(later.journal.network == "GetTokensFromRefreshToken RevokeToken")
    }

    @Test(
        "After a rotation the token that comes back holds the new refresh token, as the old one has ended",
        arguments: [Moment.in("GetTokensFromRefreshToken 1"), .after("GetTokensFromRefreshToken 1")])
    func afterRotation(moment: Moment) throws {
        let renewed = SampleToken.access(exp: 1_516_999_999)
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: renewed, refresh: "rotated"))
        world.cancel(moment)
        let report = try world.retry(try global())
        #expect(report.failure?.status == .cancelled)
        #expect(
            try world.summary(report).openSteps == StepsLeft(globalSignOut: renewed, revoke: ["rotated"]))
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(!world.journal.hasDeleted)
    }
}
