// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows 25 and 25b: cancelling a global sign-out that renews the tokens")
struct CancelRefreshTests {
    static let expired = SampleToken.access(exp: 1_516_238_000)
    static let renewed = SampleToken.access(exp: 1_516_242_000)
    let world = FakeWorld.signedIn(access: expired)

    private func cancelledInTime(validUntil: Int64) -> ReportSummary {
        ReportSummary(
            .failed, signedOutLocally: .no, globalSignOut: .notAttempted, revocation: .notAttempted,
            failure: .cancelled, tokensValidUntil: validUntil)
    }

    @Test(
        "Before the renewal, and while it is under way, nothing is revoked or deleted",
        arguments: [
            (Moment.after("look 1"), true, ""), (.in("lookDevice 1"), true, ""), (.after("lookDevice 1"), true, ""),
            (.in("GetTokensFromRefreshToken 1"), false, "GetTokensFromRefreshToken "),
        ])
    func beforeRenewal(moment: Moment, isSent: Bool, requests: String) throws {
        world.transport.isSentWhenCancelled = isSent
        world.cancel(moment)
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == cancelledInTime(validUntil: 1_516_238_000))
        #expect(report.failure?.message == "The call was cancelled. (nothing was revoked or deleted)")
        #expect(world.journal.line == "take look \(requests)release")
        #expect(world.storedSessions == [FakeWorld.item(access: Self.expired)?.text])
        world.expectUntouched()
    }

    private static let mayHaveEnded =
        "The call was cancelled."
        + " (nothing was revoked or deleted, but a refresh got no answer, and may have ended the session)"

    @Test(
        "Row 25: a renewal that was sent is waited for, 2 s and not beyond the network's limit; then it may have ended the session",
        arguments: [(30_000, 2000), (2400, 1600)])
    func unansweredRenewal(timeout: Int64, wait: Int64) throws {
        world.transport.script("GetTokensFromRefreshToken", .stall(.networkTimedOut, wasSent: true))
        world.cancel(.in("GetTokensFromRefreshToken 1"))
        let report = try world.signOut(globally: true, timeout: timeout)
        #expect(try world.summary(report) == cancelledInTime(validUntil: 1_516_238_000))
        #expect(report.failure?.message == Self.mayHaveEnded)
        #expect(world.clock.monotonicMilliseconds == 1_000_000 + wait)
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        world.expectUntouched()
    }

    @Test("Row 25: an answer to a renewal that is lost or unreadable once it is cancelled may have ended the session")
    func lostRenewal() throws {
        for answer in [FakeTransport.Answer.lost(), .ok("<html>"), .http(503, "")] {
            let world = FakeWorld.signedIn(access: Self.expired)
            world.transport.script("GetTokensFromRefreshToken", answer)
            world.cancel(.in("GetTokensFromRefreshToken 1"))
            let report = try world.signOut(globally: true)
            #expect(try world.summary(report) == cancelledInTime(validUntil: 1_516_238_000))
            #expect(report.failure?.message == Self.mayHaveEnded)
            world.expectUntouched()
        }
    }

    @Test("Only a renewal has patience")
    func patience() throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        _ = try world.signOut(globally: true)
        #expect(world.transport.requests.map(\.patience) == [2000, 0, 0])
    }

    @Test("In the pause after a renewal that reached nobody nothing is revoked or deleted")
    func pause() throws {
        world.transport.goOffline()
        world.cancel(.in("pause 1"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == cancelledInTime(validUntil: 1_516_238_000))
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(!world.journal.hasDeleted)
        world.expectUntouched()
    }

    @Test(
        "Once the new tokens came they are stored, whoever cancels, and nothing is revoked or deleted",
        arguments: [
            Moment.in("GetTokensFromRefreshToken 1"), .after("GetTokensFromRefreshToken 1"), .in("reread 1"),
            .after("reread 1"), .in("update 1"), .after("update 1"), .in("look 2"), .after("look 2"),
            .in("GlobalSignOut 1"),
        ])
    func afterRenewal(moment: Moment) throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.transport.isSentWhenCancelled =
            if case .in("GetTokensFromRefreshToken 1") = moment { true } else { false }
        world.cancel(moment)
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == cancelledInTime(validUntil: 1_516_242_000))
        var requests = "GetTokensFromRefreshToken"
        if case .in("GlobalSignOut 1") = moment { requests += " GlobalSignOut" }
        #expect(world.journal.network == requests)
        #expect(world.journal.keyring == "look reread update look")
        #expect(world.storedSessions == [FakeWorld.item(access: Self.renewed, refresh: "rotated")?.text])
        world.expectUntouched()
    }

    @Test("While the answer to GlobalSignOut is awaited, both steps stay open with the renewed tokens")
    func awaitingAnswer() throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.cancel(.in("GlobalSignOut 1"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .unknown, revocation: .notAttempted, globalSignOutError: .cancelled,
            revocationError: .notAttempted, tokensValidUntil: 1_516_242_000,
            openSteps: StepsLeft(globalSignOut: Self.renewed, revoke: ["rotated"]))
        #expect(try world.summary(report) == expected)
        world.expectSignedOut()
    }

    @Test("Row 13: after a renewal that was refused RevokeToken is not sent, and nothing is deleted")
    func afterRefusal() throws {
        world.transport.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
        world.cancel(.after("GetTokensFromRefreshToken 1"))
        let report = try world.signOut(globally: true)
        #expect(report.failure?.status == .cancelled)
        #expect(report.globalSignOut == .notAttempted)
        #expect(report.revocation == .notAttempted)
        #expect(report.partialFailureToken == nil)
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(!world.journal.hasDeleted)
        world.expectUntouched()
    }

    @Test("After a renewal that was lost, while RevokeToken is not sent yet, nothing is deleted")
    func afterLostRenewal() throws {
        world.transport.script("GetTokensFromRefreshToken", .lost())
        world.transport.isSentWhenCancelled = false
        world.cancel(.in("RevokeToken 1"))
        let report = try world.signOut(globally: true)
        #expect(report.failure?.status == .cancelled)
        #expect(report.globalSignOut == .notAttempted)
        #expect(report.revocation == .notAttempted)
        world.expectUntouched()
    }

    // MARK: Row 5c

    private func sayExpired() -> FakeWorld {
        let world = FakeWorld.signedIn()
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has expired"))
        return world
    }

    @Test("Row 5c: a renewal that is not sent yet leaves both steps open, and GlobalSignOut failed, as it was refused")
    func clockSkewBeforeRenewal() throws {
        let world = sayExpired()
        world.transport.isSentWhenCancelled = false
        world.cancel(.in("GetTokensFromRefreshToken 1"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .notAttempted, globalSignOutError: .cancelled,
            revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut GetTokensFromRefreshToken")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("Row 5c: where the answer to the renewal does not come, both steps stay open, and RevokeToken is not sent")
    func clockSkewInRenewal() throws {
        let world = sayExpired()
        world.transport.script("GetTokensFromRefreshToken", .stall(.networkTimedOut, wasSent: true))
        world.cancel(.in("GetTokensFromRefreshToken 1"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .notAttempted, globalSignOutError: .cancelled,
            revocationError: .cancelled,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut GetTokensFromRefreshToken")
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test(
        "Row 5c: with the renewal both stay open with the new tokens, and GlobalSignOut failed, as it was refused",
        arguments: [Moment.in("GetTokensFromRefreshToken 1"), .after("GetTokensFromRefreshToken 1")])
    func clockSkewAfterRenewal(moment: Moment) throws {
        let world = sayExpired()
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.cancel(moment)
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .notAttempted, globalSignOutError: .cancelled,
            revocationError: .notAttempted, tokensValidUntil: 1_516_242_000,
            openSteps: StepsLeft(globalSignOut: Self.renewed, revoke: ["rotated"]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut GetTokensFromRefreshToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.journal.hasStored)
        world.expectSignedOut()
    }
}
