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
            (.in("GetTokensFromRefreshToken 1"), true, "GetTokensFromRefreshToken "),
        ])
    func beforeRenewal(moment: Moment, isSent: Bool, requests: String) throws {
        world.transport.isSentWhenCancelled = isSent
        world.cancel(moment)
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == cancelledInTime(validUntil: 1_516_238_000))
        #expect(world.journal.line == "take look \(requests)release")
        #expect(world.storedSessions == [FakeWorld.item(access: Self.expired)?.text])
        world.expectUntouched()
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
            Moment.after("GetTokensFromRefreshToken 1"), .in("reread 1"), .after("reread 1"), .in("update 1"),
            .after("update 1"), .in("look 2"), .after("look 2"), .in("GlobalSignOut 1"),
        ])
    func afterRenewal(moment: Moment) throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.transport.isSentWhenCancelled = false
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

    @Test("Row 5c: while the answer to the renewal is awaited, both steps stay open, and RevokeToken is not sent")
    func clockSkewInRenewal() throws {
        let world = sayExpired()
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
        "Row 5c: after the renewal both stay open with the new tokens, and GlobalSignOut failed, as it was refused"
    )
    func clockSkewAfterRenewal() throws {
        let world = sayExpired()
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.cancel(.after("GetTokensFromRefreshToken 1"))
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
