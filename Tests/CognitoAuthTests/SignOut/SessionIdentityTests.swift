// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Which session a sign-out ends")
struct SessionIdentityTests {
    let world = FakeWorld.signedIn()

    /// A session that another process saves.
    private let another = FakeWorld.item(refresh: "another", savedAt: 1)

    /// The session with other tokens, as another process refreshed it.
    private func refreshed(_ refresh: String = "rotated", exp: Int64 = SampleToken.expiry) -> SecretBytes? {
        FakeWorld.item(access: SampleToken.access(exp: exp), refresh: refresh)
    }

    /// Does something before a step, by name and number.
    private func meanwhile(_ step: String, _ change: @escaping (FakeStore) -> Void) {
        world.journal.whenBegun[step] = { [store = world.store] in change(store) }
    }

    private var revoked: [String?] { world.transport.requests("RevokeToken").map { $0.body["Token"] } }

    private func changed(_ open: StepsLeft? = nil, global: SignOutReport.Remote = .notRequested) -> ReportSummary {
        ReportSummary(
            .failed, signedOutLocally: .no, globalSignOut: global, revocation: .done, failure: .sessionChanged,
            openSteps: open)
    }

    // MARK: Another session

    @Test(
        "Row 23b: a session that was saved in the same place meanwhile is not touched, and that is told",
        arguments: [true, false], ["RevokeToken 1", "reread 1"])
    func replacedInPlace(isGlobal: Bool, step: String) throws {
        meanwhile(step) { [another] in $0.replaceSession(with: another, as: "another") }
        let report = try world.signOut(globally: isGlobal)
        #expect(try world.summary(report) == changed(global: isGlobal ? .done : .notRequested))
        #expect(revoked == [SampleToken.refresh])
        #expect(world.journal.keyring == "look reread look")
        #expect(world.storedSessions == [another?.text])
        #expect(world.events.isEmpty)
    }

    @Test(
        "Row 23b: a session that appears beside it stays, and the old one is revoked and deleted",
        arguments: ["RevokeToken 1", "reread 1", "delete 1", "look 2"])
    func appearsBeside(step: String) throws {
        meanwhile(step) { [another] in $0.addSession(another, as: "another") }
        let report = try world.signOut()
        #expect(try world.summary(report) == changed())
        #expect(revoked == [SampleToken.refresh])
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.storedSessions == [another?.text])
        #expect(world.events.isEmpty)
        #expect(!world.lock.isTaken)
    }

    @Test(
        "Row 23b: whatever it is that appears, it stays",
        arguments: [
            (nil, "another"), ("{}", "another"), ("{}", nil), (#"{"refresh_token":"another"}"#, nil),
            (FakeWorld.item()?.text, "another"), (FakeWorld.item(refresh: "another")?.text, nil),
        ] as [(String?, String?)])
    func anythingAppears(secret: String?, session: String?) throws {
        meanwhile("RevokeToken 1") { $0.addSession(secret.map { SecretBytes($0) }, as: session) }
        let report = try world.signOut()
        #expect(try world.summary(report) == changed())
        #expect(revoked == [SampleToken.refresh])
        #expect(world.storedSessions == [secret ?? "-"])
    }

    @Test("Row 23b: what is open at Cognito of the old session stays open, and its deletion does not")
    func appearsAndNotRevoked() throws {
        world.transport.goOffline()
        meanwhile("reread 1") { [another] in $0.replaceSession(with: another, as: "another") }
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, revocation: .failed, failure: .sessionChanged,
            revocationError: .hostNotFound, openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.storedSessions == [another?.text])
    }

    @Test("Rows 23 and 23b: where the delete fails too, that is what is told, and the deletion is open")
    func appearsAndNotDeleted() throws {
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        meanwhile("delete 1") { [another] in $0.addSession(another, as: "another") }
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, revocation: .done, failure: .keyringAccessDenied,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
        #expect(world.store.sessions.count == 2)
    }

    @Test("Row 23b: it is told as that, and what to do about it")
    func told() throws {
        meanwhile("delete 1") { [another] in $0.addSession(another, as: "another") }
        let failure = try #require(try world.signOut().failure)
        #expect(
            failure.message
                == "Another session was stored meanwhile, and was left alone. The old one is gone from this machine.")
        #expect(failure.suggestion == "Load the session that is stored now. Sign out again if it is to end too.")
    }

    @Test("Of several sessions the one in whose place another was saved is left alone, and the others are deleted")
    func oneOfSeveralReplaced() throws {
        world.store.addSession(FakeWorld.item(refresh: "second"), as: "second")
        meanwhile("reread 1") { [another] in $0.replaceSession(with: another, as: "another") }
        let report = try world.signOut()
        #expect(try world.summary(report) == changed())
        #expect(revoked == [SampleToken.refresh, "second"])
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.storedSessions == [another?.text])
    }

    // MARK: The same session

    @Test(
        "Row 29: where the session was refreshed meanwhile with rotation, both refresh tokens are revoked",
        arguments: [true, false], ["RevokeToken 1", "reread 1"])
    func rotated(isGlobal: Bool, step: String) throws {
        meanwhile(step) { [secret = refreshed(exp: 1_516_242_000)] in $0.refreshSession(with: secret) }
        let report = try world.signOut(globally: isGlobal)
        let expected = ReportSummary(
            .complete, globalSignOut: isGlobal ? .done : .notRequested, revocation: .done,
            tokensValidUntil: 1_516_242_000)
        #expect(try world.summary(report) == expected)
        #expect(revoked == [SampleToken.refresh, "rotated"])
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("Row 29: what comes in while the new refresh token is revoked is read again too, and revoked")
    func rotatedTwice() throws {
        meanwhile("reread 1") { [secret = refreshed()] in $0.refreshSession(with: secret) }
        meanwhile("RevokeToken 2") { [secret = refreshed("again")] in $0.refreshSession(with: secret) }
        #expect(try world.summary(world.signOut()) == ReportSummary(.complete, revocation: .done))
        #expect(revoked == [SampleToken.refresh, "rotated", "again"])
        #expect(world.journal.keyring == "look reread reread reread delete look")
        world.expectSignedOut()
    }

    @Test("Row 23b: a session that is saved in the same place while the new refresh token is revoked is not touched")
    func replacedAfterRotation() throws {
        meanwhile("reread 1") { [secret = refreshed()] in $0.refreshSession(with: secret) }
        meanwhile("RevokeToken 2") { [another] in $0.replaceSession(with: another, as: "another") }
        #expect(try world.summary(world.signOut()) == changed())
        #expect(revoked == [SampleToken.refresh, "rotated"])
        #expect(world.storedSessions == [another?.text])
    }

    @Test("Row 23: where it cannot be read again after that, what is open of both refresh tokens stays open")
    func lockedAfterRotation() throws {
        world.transport.script("RevokeToken", .ok(), .exception("ForbiddenException"))
        meanwhile("reread 1") { [secret = refreshed()] in $0.refreshSession(with: secret) }
        meanwhile("RevokeToken 2") { $0.lockedFromCall = 0 }
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, revocation: .failed, failure: .keyringLocked, revocationError: .forbidden,
            openSteps: StepsLeft(revoke: ["rotated"], deletions: 1))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 29: where it was refreshed meanwhile without rotation, the one refresh token is revoked once")
    func refreshedWithoutRotation() throws {
        meanwhile("reread 1") { [secret = refreshed(SampleToken.refresh, exp: 1_516_242_000)] in
            $0.refreshSession(with: secret)
        }
        let report = try world.signOut()
        let expected = ReportSummary(.complete, revocation: .done, tokensValidUntil: 1_516_242_000)
        #expect(try world.summary(report) == expected)
        #expect(revoked == [SampleToken.refresh])
        world.expectSignedOut()
    }

    @Test("Row 29: what this sign-out refreshed itself is no news, and what another process made of that is")
    func rotatedAgain() throws {
        let world = FakeWorld.signedIn(access: AnyCall.expired)
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: "rotated"))
        world.journal.whenBegun["reread 2"] = { [store = world.store, secret = refreshed("again")] in
            store.refreshSession(with: secret)
        }
        #expect(try world.signOut(globally: true).outcome == .complete)
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated", "again"])
        world.expectSignedOut()
    }

    @Test("Where only the new refresh token cannot be revoked, it alone is open")
    func newerNotRevoked() throws {
        world.transport.script("RevokeToken", .ok(), .exception("ForbiddenException"))
        meanwhile("reread 1") { [secret = refreshed()] in $0.refreshSession(with: secret) }
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .failed, revocationError: .forbidden, openSteps: StepsLeft(revoke: ["rotated"]))
        #expect(try world.summary(report) == expected)
        #expect(report.revocationFailure?.token?.text == "rotated")
        world.expectSignedOut()
    }

    @Test("Where neither can be revoked, both are open, and the first failure is told")
    func neitherRevoked() throws {
        world.transport.script("RevokeToken", .exception("ForbiddenException"), .exception("UnauthorizedException"))
        meanwhile("reread 1") { [secret = refreshed()] in $0.refreshSession(with: secret) }
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .failed, revocationError: .forbidden,
            openSteps: StepsLeft(revoke: [SampleToken.refresh, "rotated"]))
        #expect(try world.summary(report) == expected)
        world.expectSignedOut()
    }

    @Test("Where GlobalSignOut can be retried, the new refresh token is held back with the old one")
    func newerHeldBack() throws {
        world.transport.script("GlobalSignOut", .exception("ForbiddenException"))
        meanwhile("reread 1") { [secret = refreshed()] in $0.refreshSession(with: secret) }
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .notAttempted, globalSignOutError: .forbidden,
            revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh, "rotated"]))
        #expect(try world.summary(report) == expected)
        #expect(revoked == [])
        world.expectSignedOut()
    }

    @Test(
        "Row 25b: a sign-out that is cancelled before the new refresh token is revoked deletes, and leaves it open",
        arguments: [
            (Moment.after("RevokeToken 1"), true, SignOutReport.Remote.notAttempted.rawValue),
            (.in("RevokeToken 2"), false, SignOutReport.Remote.notAttempted.rawValue),
            (.in("RevokeToken 2"), true, SignOutReport.Remote.unknown.rawValue),
        ])
    func newerCancelled(moment: Moment, isSent: Bool, remote: Int32) throws {
        world.transport.isSentWhenCancelled = isSent
        meanwhile("reread 1") { [secret = refreshed()] in $0.refreshSession(with: secret) }
        world.cancel(moment)
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: try #require(SignOutReport.Remote(rawValue: remote)), revocationError: .cancelled,
            openSteps: StepsLeft(revoke: ["rotated"]))
        #expect(try world.summary(report) == expected)
        world.expectSignedOut()
    }

    @Test("Row 8: an app client without token revocation has none for the new refresh token either")
    func newerNotEnabled() throws {
        world.transport.always("RevokeToken", .exception("UnsupportedOperationException"))
        meanwhile("reread 1") { [secret = refreshed()] in $0.refreshSession(with: secret) }
        #expect(try world.summary(world.signOut()) == ReportSummary(.complete, revocation: .notEnabled))
        world.expectSignedOut()
    }

    @Test("Row 9: where only the second reading shows a refresh token, it is revoked, and that is told")
    func newerAlone() throws {
        world.store.sessions = [nil]
        meanwhile("reread 1") { [secret = refreshed()] in $0.refreshSession(with: secret) }
        let report = try world.signOut()
        let expected = ReportSummary(.partial, revocation: .done, invalidSessionError: .invalidSession)
        #expect(try world.summary(report) == expected)
        #expect(revoked == ["rotated"])
        world.expectSignedOut()
    }

    @Test("A session that is gone when it is read again is signed out, and no delete is asked for")
    func gone() throws {
        meanwhile("RevokeToken 1") { $0.sessions = [] }
        #expect(try world.summary(world.signOut()) == ReportSummary(.complete, revocation: .done))
        #expect(world.journal.keyring == "look reread look")
        world.expectSignedOut()
    }

    @Test("One that goes between the second reading and the delete is signed out too")
    func goneInDelete() throws {
        meanwhile("delete 1") { $0.sessions = [] }
        #expect(try world.summary(world.signOut()) == ReportSummary(.complete, revocation: .done))
        world.expectSignedOut()
    }

    @Test(
        "Row 23: where it cannot be read again nothing is deleted, and the deletion and what is open at Cognito stay so",
        arguments: [Status.keyringLocked, .keyringUnavailable, .keyringFailed], [true, false])
    func notReadAgain(status: Status, isRevoked: Bool) throws {
        world.store.rereadFailure = AuthFailure(status)
        if !isRevoked { world.transport.goOffline() }
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, revocation: isRevoked ? .done : .failed, failure: status,
            revocationError: isRevoked ? nil : .hostNotFound,
            openSteps: StepsLeft(revoke: isRevoked ? [] : [SampleToken.refresh], deletions: 1))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.keyring == "look reread")
        #expect(world.store.sessions.count == 1)
        #expect(world.events.isEmpty)
    }
}
