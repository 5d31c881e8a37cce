// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CognitoAuth

@Suite("Row 23: retrying the deletion of a session that has changed since")
struct RetryOfChangedSessionTests {
    // MARK: It was refreshed since

    @Test(
        "A session that was refreshed since with rotation is deleted, and both refresh tokens are revoked",
        arguments: [OpenDeletion.revocation, .all])
    func refreshedSince(open: OpenDeletion) throws {
        let (world, token) = try open.undeleted()
        world.store.refreshSession(with: FakeWorld.item(access: AnyCall.renewed, refresh: "rotated"))
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.tokensValidUntil == 1_516_242_000)
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == [SampleToken.refresh, "rotated"])
        #expect(world.store.sessions.isEmpty)
    }

    @Test(
        "Where Cognito cannot be reached then, both refresh tokens are open",
        arguments: [OpenDeletion.revocation, .all])
    func refreshedSinceAndOffline(open: OpenDeletion) throws {
        let (world, token) = try open.undeleted()
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

    @Test("So it is where it is refreshed while the retry runs, whatever was open", arguments: OpenDeletion.allCases)
    func refreshedMeanwhile(open: OpenDeletion) throws {
        let (world, token) = try open.undeleted()
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

    @Test("Where the session is gone already, only what is open at Cognito is done", arguments: OpenDeletion.allCases)
    func gone(open: OpenDeletion) throws {
        let (world, token) = try open.undeleted()
        world.store.sessions = []
        let report = try world.retry(token)
        var complete = open.expected(.complete, wasSignedIn: .no)
        if open != .all { complete.tokensValidUntil = 0 }
        #expect(try world.summary(report) == complete)
        #expect(world.journal.network == open.network)
        #expect(world.journal.keyring == "look")
    }

    @Test("Where it is gone and Cognito cannot be reached, the deletion is not open any more")
    func goneAndOffline() throws {
        let (world, token) = try OpenDeletion.revocation.undeleted()
        world.store.sessions = []
        world.transport.goOffline()
        let report = try world.retry(token)
        #expect(report.outcome == .partial)
        #expect(try world.summary(report).openSteps == StepsLeft(revoke: [SampleToken.refresh]))
    }

    @Test("Where it is gone, one look is enough: a keyring that is locked later changes nothing")
    func goneAndLocked() throws {
        let (world, token) = try OpenDeletion.revocation.undeleted()
        world.store.sessions = []
        world.journal.whenBegun["RevokeToken 1"] = { [store = world.store] in store.lockedFromCall = 0 }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .yes)
    }

    @Test("One that goes while the retry runs is signed out too", arguments: ["reread 1", "delete 1"])
    func goesMeanwhile(step: String) throws {
        let (world, token) = try OpenDeletion.nothing.undeleted()
        world.journal.whenBegun[step] = { [store = world.store] in store.sessions = [] }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .yes)
        #expect(report.partialFailureToken == nil)
    }

    // MARK: Another session is stored

    @Test(
        "Where another session is stored too, it stays, and the retry is complete with the user not signed out here",
        arguments: OpenDeletion.allCases, [true, false])
    func another(open: OpenDeletion, isOldOneGone: Bool) throws {
        let (world, token) = try open.undeleted()
        if isOldOneGone { world.store.sessions = [] }
        // Of the same user it would be ended by a GlobalSignOut.
        let another = OpenDeletion.another(open == .all ? "bob" : "alice")
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
        let (world, token) = try OpenDeletion.revocation.undeleted()
        world.store.replaceSession(with: OpenDeletion.another("alice"), as: "another")
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .no)
        #expect(world.transport.requests.map { $0.body["Token"] } == [SampleToken.refresh])
        #expect(world.journal.keyring == "look")
        #expect(world.storedSessions == [OpenDeletion.another("alice")?.text])
    }

    @Test(
        "Row 23b: one that appears while the retry runs stays, and the retry failed and says so",
        arguments: ["reread 1", "delete 1", "look 2"], [true, false])
    func appears(step: String, isInPlace: Bool) throws {
        let (world, token) = try OpenDeletion.revocation.undeleted()
        guard step == "reread 1" || !isInPlace else { return }
        world.journal.whenBegun[step] = { [store = world.store] in
            isInPlace
                ? store.replaceSession(with: OpenDeletion.another("alice"), as: "another")
                : store.addSession(OpenDeletion.another("alice"), as: "another")
        }
        let report = try world.retry(token)
        #expect(report.failure?.status == .sessionChanged)
        #expect(
            report.failure?.suggestion == "Load the session that is stored now. Sign out again if it is to end too.")
        #expect(report.revocation == .done)
        #expect(report.signedOutLocally == .no)
        #expect(report.partialFailureToken == nil)
        #expect(world.storedSessions == [OpenDeletion.another("alice")?.text])
    }

    @Test("A global retry beside another session of the same user is refused; beside the old session it is not")
    func sameUserSignedIn() throws {
        let (world, token) = try OpenDeletion.all.undeleted()
        world.store.addSession(OpenDeletion.another("alice"), as: "another")
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == OpenDeletion.all.expected(
                    .failed, isDone: false, signedOut: .no, wasSignedIn: .yes, failure: .sessionChanged,
                    left: OpenDeletion.all.steps))
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(world.journal.onlyLooks)
        #expect(world.store.sessions.count == 2)
    }
}
