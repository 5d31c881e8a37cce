// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row 23: retrying a sign-out whose deletion is open")
struct RetryDeletionTests {
    /// The remote steps that are open beside the deletion.
    enum Open: CaseIterable, Sendable {
        case nothing, revocation, all

        var network: String {
            switch self {
            case .nothing: ""
            case .revocation: "RevokeToken"
            case .all: "GlobalSignOut RevokeToken"
            }
        }

        var steps: StepsLeft {
            StepsLeft(
                globalSignOut: self == .all ? SampleToken.access() : nil,
                revoke: self == .nothing ? [] : [SampleToken.refresh], deletions: 1)
        }
    }

    /// A world in which the session of a sign-out was not deleted, and the token to retry it with.
    private func undeleted(
        _ open: Open, _ change: (FakeWorld) -> Void = { _ in }
    ) throws -> (world: FakeWorld, token: SecretBytes) {
        let world = FakeWorld.signedIn()
        change(world)
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        if open == .revocation { world.transport.script("RevokeToken", .exception("ForbiddenException")) }
        if open == .all { world.transport.script("GlobalSignOut", .exception("ForbiddenException")) }
        let report = try world.signOut(globally: open == .all)
        #expect(report.failure?.status == .keyringFailed)
        let later = FakeWorld()
        later.store.items = world.store.items
        return (later, try #require(report.partialFailureToken))
    }

    private func expected(
        _ outcome: SignOutReport.Outcome, _ open: Open, isDone: Bool = true, signedOut: SignOutReport.Answer = .yes,
        wasSignedIn: SignOutReport.Answer = .no, failure: Status? = nil, left: StepsLeft? = nil
    ) -> ReportSummary {
        let done = isDone ? SignOutReport.Remote.done : .notAttempted
        return ReportSummary(
            outcome, wasSignedIn: wasSignedIn, signedOutLocally: signedOut,
            globalSignOut: open == .all ? done : .notRequested,
            revocation: open == .nothing ? .notRequested : done, failure: failure,
            tokensValidUntil: isDone ? SampleToken.expiry : 0, openSteps: left)
    }

    /// A session that was saved since.
    private static func another(_ user: String) -> SecretBytes? {
        FakeWorld.item(
            access: SampleToken.access(sub: "sub-of-\(user)", username: user), refresh: "another", username: user,
            savedAt: 1)
    }

    // MARK: The session is there

    @Test("What is open at Cognito is done, then the session is deleted and looked for", arguments: Open.allCases)
    func finishes(open: Open) throws {
        let (world, token) = try undeleted(open)
        let report = try world.retry(token)
        #expect(try world.summary(report) == expected(.complete, open))
        #expect(world.journal.network == open.network)
        #expect(world.journal.keyring == "look reread delete look")
        #expect(world.store.sessions.isEmpty)
        #expect(!world.lock.isTaken)
    }

    @Test("Where the delete was sent and not answered, a retry finishes it too", arguments: [true, false])
    func afterUnanswered(isCarriedOut: Bool) throws {
        let world = FakeWorld.signedIn()
        world.store.hangsFrom = "delete 1"
        let token = try #require(try world.signOut().partialFailureToken)
        world.store.hangsFrom = nil
        if isCarriedOut { world.store.sessions = [] }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .yes)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Where deleting fails again the retry failed, and a third one can finish", arguments: Open.allCases)
    func failsAgain(open: Open) throws {
        let (world, token) = try undeleted(open)
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == expected(
                    .failed, open, signedOut: .no, failure: .keyringAccessDenied, left: StepsLeft(deletions: 1)))
        #expect(report.failure?.suggestion.hasSuffix("Then retry with the same token.") == true)
        world.store.deleteFailure = nil
        let again = try world.retry(try #require(report.partialFailureToken))
        #expect(again.outcome == .complete)
        #expect(again.signedOutLocally == .yes)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Where the second look cannot see, it is unknown whether the user is signed out here")
    func unseen() throws {
        let (world, token) = try undeleted(.nothing)
        world.store.failingLooks = [2: AuthFailure(.keyringLocked)]
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == expected(
                    .failed, .nothing, signedOut: .unknown, failure: .keyringLocked, left: StepsLeft(deletions: 1)))
        #expect(report.failure?.suggestion == "Unlock the keyring, then retry with the same token.")
    }

    @Test("Where Cognito cannot be reached, the session is deleted, and only the remote steps stay open")
    func offline() throws {
        for open in [Open.revocation, .all] {
            let (world, token) = try undeleted(open)
            world.transport.goOffline()
            let report = try world.retry(token)
            #expect(report.outcome == .partial)
            #expect(report.signedOutLocally == .yes)
            var left = open.steps
            left.deletions = 0
            #expect(try world.summary(report).openSteps == left)
            #expect(world.store.sessions.isEmpty)
        }
    }

    @Test("Where both fail, both stay open", arguments: [Open.revocation, .all])
    func nothingWorks(open: Open) throws {
        let (world, token) = try undeleted(open)
        world.transport.goOffline()
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        let report = try world.retry(token)
        #expect(report.outcome == .failed)
        #expect(try world.summary(report).openSteps == open.steps)
        #expect(world.store.sessions.count == 1)
    }

    @Test("Several sessions are all deleted, also where one of them went meanwhile", arguments: [true, false])
    func several(isOneGone: Bool) throws {
        let (world, token) = try undeleted(.nothing) {
            $0.store.addSession(FakeWorld.item(refresh: "second"), as: "second")
            $0.store.addSession(SecretBytes("{}"), as: nil)
        }
        #expect(try StepsLeft(PartialFailureToken.decode(token, for: world.client.configuration)).deletions == 3)
        if isOneGone { world.store.items.removeFirst() }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .yes)
        #expect(world.transport.requests.isEmpty)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("An access token that has expired since is refreshed, and with rotation the new refresh token is revoked")
    func refreshes() throws {
        let (world, token) = try undeleted(.all)
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: "rotated"))
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(world.journal.network == "GetTokensFromRefreshToken GlobalSignOut RevokeToken")
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated"])
        #expect(world.store.sessions.isEmpty)
    }

    // MARK: It was refreshed since

    @Test(
        "A session that was refreshed since with rotation is deleted, and both refresh tokens are revoked",
        arguments: [Open.revocation, .all])
    func refreshedSince(open: Open) throws {
        let (world, token) = try undeleted(open)
        world.store.refreshSession(with: FakeWorld.item(access: AnyCall.renewed, refresh: "rotated"))
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.tokensValidUntil == 1_516_242_000)
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == [SampleToken.refresh, "rotated"])
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Where Cognito cannot be reached then, both refresh tokens are open", arguments: [Open.revocation, .all])
    func refreshedSinceAndOffline(open: Open) throws {
        let (world, token) = try undeleted(open)
        world.store.refreshSession(with: FakeWorld.item(access: AnyCall.renewed, refresh: "rotated"))
        world.transport.goOffline()
        let report = try world.retry(token)
        #expect(report.outcome == .partial)
        var left = open.steps
        left.revoke.append("rotated")
        left.deletions = 0
        #expect(try world.summary(report).openSteps == left)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("So it is where it is refreshed while the retry runs, whatever was open", arguments: Open.allCases)
    func refreshedMeanwhile(open: Open) throws {
        let (world, token) = try undeleted(open)
        world.journal.whenBegun["reread 1"] = { [store = world.store] in
            store.refreshSession(with: FakeWorld.item(access: AnyCall.renewed, refresh: "rotated"))
        }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.revocation == .done)
        #expect(world.transport.requests("RevokeToken").last?.body["Token"] == "rotated")
        #expect(world.store.sessions.isEmpty)
    }

    // MARK: It is gone

    @Test("Where the session is gone already, only what is open at Cognito is done", arguments: Open.allCases)
    func gone(open: Open) throws {
        let (world, token) = try undeleted(open)
        world.store.sessions = []
        let report = try world.retry(token)
        var complete = expected(.complete, open)
        if open != .all { complete.tokensValidUntil = 0 }
        #expect(try world.summary(report) == complete)
        #expect(world.journal.network == open.network)
        #expect(world.journal.keyring == "look")
    }

    @Test("Where it is gone and Cognito cannot be reached, the deletion is not open any more")
    func goneAndOffline() throws {
        let (world, token) = try undeleted(.revocation)
        world.store.sessions = []
        world.transport.goOffline()
        let report = try world.retry(token)
        #expect(report.outcome == .partial)
        #expect(try world.summary(report).openSteps == StepsLeft(revoke: [SampleToken.refresh]))
    }

    @Test("Where it is gone, one look is enough: a keyring that is locked later changes nothing")
    func goneAndLocked() throws {
        let (world, token) = try undeleted(.revocation)
        world.store.sessions = []
        world.journal.whenBegun["RevokeToken 1"] = { [store = world.store] in store.lockedFromCall = 0 }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .yes)
    }

    @Test("One that goes while the retry runs is signed out too", arguments: ["reread 1", "delete 1"])
    func goesMeanwhile(step: String) throws {
        let (world, token) = try undeleted(.nothing)
        world.journal.whenBegun[step] = { [store = world.store] in store.sessions = [] }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .yes)
        #expect(report.partialFailureToken == nil)
    }

    // MARK: Another session is stored

    @Test(
        "Where another session is stored too, it stays, and the retry is complete with the user not signed out here",
        arguments: Open.allCases, [true, false])
    func another(open: Open, isOldOneGone: Bool) throws {
        let (world, token) = try undeleted(open)
        if isOldOneGone { world.store.sessions = [] }
        // Of the same user it would be ended by a GlobalSignOut.
        let another = Self.another(open == .all ? "bob" : "alice")
        world.store.addSession(another, as: "another")
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.wasSignedIn == .yes)
        #expect(report.signedOutLocally == .no)
        #expect(report.partialFailureToken == nil)
        #expect(world.journal.network == open.network)
        #expect(world.storedSessions == [another?.text])
    }

    @Test("One that is stored in the same place is another session, and not touched")
    func replacedInPlace() throws {
        let (world, token) = try undeleted(.revocation)
        world.store.replaceSession(with: Self.another("alice"), as: "another")
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .no)
        #expect(world.transport.requests.map { $0.body["Token"] } == [SampleToken.refresh])
        #expect(world.journal.keyring == "look")
        #expect(world.storedSessions == [Self.another("alice")?.text])
    }

    @Test(
        "Row 23b: one that appears while the retry runs stays, and the retry failed and says so",
        arguments: ["reread 1", "delete 1", "look 2"], [true, false])
    func appears(step: String, isInPlace: Bool) throws {
        let (world, token) = try undeleted(.revocation)
        guard step == "reread 1" || !isInPlace else { return }
        world.journal.whenBegun[step] = { [store = world.store] in
            isInPlace
                ? store.replaceSession(with: Self.another("alice"), as: "another")
                : store.addSession(Self.another("alice"), as: "another")
        }
        let report = try world.retry(token)
        #expect(report.failure?.status == .sessionChanged)
        #expect(
            report.failure?.suggestion == "Load the session that is stored now. Sign out again if it is to end too.")
        #expect(report.revocation == .done)
        #expect(report.signedOutLocally == .no)
        #expect(report.partialFailureToken == nil)
        #expect(world.storedSessions == [Self.another("alice")?.text])
    }

    @Test("A global retry beside another session of the same user is refused; beside the old session it is not")
    func sameUserSignedIn() throws {
        let (world, token) = try undeleted(.all)
        world.store.addSession(Self.another("alice"), as: "another")
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == expected(
                    .failed, .all, isDone: false, signedOut: .no, wasSignedIn: .yes, failure: .sessionChanged,
                    left: Open.all.steps))
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(world.journal.onlyLooks)
        #expect(world.store.sessions.count == 2)
    }

    // MARK: Nothing can be done

    @Test(
        "Where the keyring cannot be read nothing is sent, and the token comes back byte for byte",
        arguments: Open.allCases, [Status.keyringLocked, .keyringUnavailable])
    func unreadable(open: Open, status: Status) throws {
        let (world, token) = try undeleted(open)
        world.store.failingLooks = [1: AuthFailure(status)]
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == expected(
                    .failed, open, isDone: false, signedOut: .unknown, wasSignedIn: .unknown, failure: status,
                    left: open.steps))
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(world.journal.onlyLooks)
        #expect(world.store.sessions.count == 1)
        #expect(!world.lock.isTaken)
    }

    @Test(
        "Row 25: cancelled before anything was sent the retry does nothing, and the token comes back byte for byte",
        arguments: Open.allCases, [Moment.before, .in("take 1"), .in("look 1"), .after("look 1")])
    func cancelled(open: Open, moment: Moment) throws {
        let (world, token) = try undeleted(open)
        world.cancel(moment)
        let report = try world.retry(token)
        #expect(report.failure?.status == .cancelled)
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(report.signedOutLocally != .yes)
        #expect(world.journal.onlyLooks)
        #expect(world.store.sessions.count == 1)
    }

    @Test(
        "Row 25b: cancelled later it deletes all the same",
        arguments: [
            Moment.in("RevokeToken 1"), .after("RevokeToken 1"), .in("reread 1"), .in("delete 1"), .in("look 2"),
        ])
    func cancelledLater(moment: Moment) throws {
        let (world, token) = try undeleted(.revocation)
        world.cancel(moment)
        let report = try world.retry(token)
        #expect(report.outcome != .failed)
        #expect(report.signedOutLocally == .yes)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Where it cannot be read again, the remote steps are done and the deletion stays open")
    func notReadAgain() throws {
        let (world, token) = try undeleted(.all)
        world.store.rereadFailure = AuthFailure(.keyringLocked)
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == expected(
                    .failed, .all, signedOut: .no, failure: .keyringLocked, left: StepsLeft(deletions: 1)))
        #expect(!world.journal.hasDeleted)
    }

    // MARK: The token

    @Test("The token of an open deletion is of version 2, holds the session's identity, and no token that has ended")
    func content() throws {
        let (world, token) = try undeleted(.nothing)
        let body = try #require(Base64URL.decode(text: String(token.text.split(separator: ".")[1])))
        let identity = try #require(world.store.items.first?.attributes.session)
        #expect(
            try JSONText(body.text)
                == JSONText(
                    strings: [
                        "app_id": "org.example.Mail", "user_pool_id": "eu-west-1_AbCdEfGhI",
                        "client_id": FakeWorld.clientID, "sub": "sub-of-alice",
                    ], numbers: ["version": 2, "global_sign_out": 0],
                    lists: ["deletions": ["session:\(identity)"]]))
    }
}
