// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row 22: a keyring that hangs")
struct HangingKeyringTests {
    let world = FakeWorld.signedIn()

    @Test(
        "In the first look it ends the sign-out in time, with nothing revoked or deleted",
        arguments: [100, 30_000] as [Int64])
    func firstLook(timeout: Int64) throws {
        world.store.hangsFrom = "look 1"
        let report = try world.signOut(timeout: timeout)
        #expect(try world.summary(report) == .failed(.deadlineExceeded))
        #expect(report.failure?.suggestion == "Sign out again; if the keyring hangs, restart it.")
        #expect(world.journal.onlyLooks)
        #expect(world.clock.monotonicMilliseconds == 1_000_000 + timeout)
        world.expectUntouched()
    }

    @Test(
        "In the delete, or in the second look, it is unknown whether the user is signed out here; the tokens are dead",
        arguments: ["delete 1", "look 2"])
    func delete(step: String) throws {
        world.store.hangsFrom = step
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .failed, signedOutLocally: .unknown, globalSignOut: .done, revocation: .done, failure: .deadlineExceeded,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
        #expect(world.events.isEmpty)
        #expect(!world.lock.isTaken)
    }

    @Test("Between the second reading and the delete, no delete is sent: the session is still there")
    func betweenReadingAndDelete() throws {
        world.journal.whenDone["reread 1"] = { [store = world.store] in store.isHanging = true }
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, revocation: .done, failure: .deadlineExceeded,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
        #expect(world.store.sessions.count == 1)
    }

    @Test("In the delete, after RevokeToken failed, the result carries the token for a retry")
    func deleteOffline() throws {
        world.transport.goOffline()
        world.store.hangsFrom = "delete 1"
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .unknown, revocation: .failed, failure: .deadlineExceeded,
            revocationError: .hostNotFound, openSteps: StepsLeft(revoke: [SampleToken.refresh], deletions: 1))
        #expect(try world.summary(report) == expected)
    }

    @Test(
        "Before the delete, in what a renewal asks of it, no delete is sent: the session is still there",
        arguments: ["lookDevice 1", "reread 1", "update 1", "look 2"])
    func renewal(step: String) throws {
        let world = AnyCall.globalSignOut.world()
        world.store.hangsFrom = step
        let report = try world.signOut(globally: true)
        #expect(report.failure?.status == .deadlineExceeded)
        #expect(report.signedOutLocally == .no)
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
        #expect(world.store.sessions.count == 1)
        #expect(!world.lock.isTaken)
    }

    @Test("The client's next sign-out reads the keyring first, and believes what it shows", arguments: [true, false])
    func next(isCarriedOut: Bool) throws {
        world.store.hangsFrom = "delete 1"
        _ = try world.signOut()
        world.store.hangsFrom = nil
        if isCarriedOut { world.store.sessions = [] }
        let report = try world.signOut()
        #expect(report.outcome == .complete)
        #expect(report.wasSignedIn == (isCarriedOut ? .no : .yes))
        let first = "take look RevokeToken reread delete look release"
        #expect(world.journal.line == "\(first) \(isCarriedOut ? "take look release" : first)")
    }

    @Test(
        "It ends a save in time, in the look or in the store, and nothing is announced",
        arguments: ["look 1", "create 1"])
    func save(step: String) throws {
        let world = AnyCall.save.world()
        world.store.hangsFrom = step
        #expect(try AnyCall.save.failure(in: world) == .deadlineExceeded)
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
        #expect(world.events.isEmpty)
        #expect(!world.lock.isTaken)
    }

    @Test("It ends a load in time")
    func load() throws {
        world.store.hangsFrom = "look 1"
        let failure = try #require(throws: AuthFailure.self) { try world.load(timeout: 500) }
        #expect(failure.status == .deadlineExceeded)
        #expect(world.clock.monotonicMilliseconds == 1_000_500)
    }

    @Test(
        "A fetch that cannot store the new tokens hands them back all the same",
        arguments: ["reread 1", "update 1", "look 2"])
    func fetch(step: String) throws {
        let world = AnyCall.fetch.world()
        world.store.hangsFrom = step
        let failure = try #require(throws: SessionFailure.self) { try world.fetch() }
        #expect(failure.failure.status == .deadlineExceeded)
        #expect(failure.unsaved?.session.accessToken.text == AnyCall.renewed)
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
        #expect(world.events.isEmpty)
        #expect(!world.lock.isTaken)
    }

    @Test("A global retry that cannot look gives its token back byte for byte; nothing is sent")
    func retry() throws {
        let world = FakeWorld()
        world.store.hangsFrom = "look 1"
        let token = try AnyCall.token()
        let report = try world.retry(token)
        #expect(report.failure?.status == .deadlineExceeded)
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(report.signedOutLocally == .unknown)
        #expect(world.journal.onlyLooks)
    }
}
