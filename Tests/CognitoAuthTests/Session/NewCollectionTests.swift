// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Saving where the keyring has no default collection")
struct NewCollectionTests {
    let world = FakeWorld()
    private var store: FakeStore { world.store }

    init() {
        store.hasCollection = false
        world.promptTimeout = 120_000
    }

    private func save(_ session: Session = FakeWorld.session()) throws -> Status? {
        do {
            try world.save(session)
            return nil
        } catch let error as AuthFailure {
            return error.status
        }
    }

    /// The user was asked once, and nothing is stored.
    private func expectOnlyAsked(_ location: SourceLocation = #_sourceLocation) {
        #expect(world.journal.keyring == "unlock look create createCollection", sourceLocation: location)
        #expect(store.items.isEmpty, sourceLocation: location)
        #expect(world.events.isEmpty, sourceLocation: location)
        #expect(!world.lock.isTaken, sourceLocation: location)
    }

    @Test("A save that may not ask does not, and says what would help")
    func notAllowed() throws {
        world.promptTimeout = nil
        let failure = try #require(throws: AuthFailure.self) { try world.save(FakeWorld.session()) }
        #expect(failure.status == .keyringNoCollection)
        #expect(
            failure.message == "The keyring has no default collection: none was created yet, or none is open.")
        #expect(failure.suggestion.contains("allow_prompt"))
        #expect(world.journal.line == "take look create release")
        #expect(store.prompts.isEmpty)
        #expect(store.items.isEmpty)
    }

    @Test("A save that may ask does, with no lock held, and stores in the new collection after it has looked again")
    func agreed() throws {
        world.journal.whenBegun["createCollection 1"] = { [lock = world.lock] in #expect(!lock.isTaken) }
        #expect(try save() == nil)
        #expect(
            world.journal.line == "unlock take look create release createCollection take look create release")
        #expect(store.prompts.count == 1)
        #expect(store.sessions.count == 1)
        #expect(world.events == [.sessionSaved])
        #expect(!world.lock.isTaken)
    }

    @Test("A device's key is stored in the new collection too")
    func deviceKey() throws {
        try world.save(FakeWorld.session(), deviceKey: "eu-west-1_key")
        #expect(store.sessions.count == 1)
        #expect(store.devices.count == 1)
        #expect(store.prompts.count == 1)
    }

    @Test("Where the user declines nothing is stored")
    func declined() throws {
        store.promptFailure = AuthFailure(.keyringPromptDismissed)
        #expect(try save() == .keyringPromptDismissed)
        expectOnlyAsked()
    }

    @Test("A prompt that is not answered in its time ends the save")
    func unanswered() throws {
        store.promptTime = 120_000
        #expect(try save() == .deadlineExceeded)
        #expect(world.clock.monotonicMilliseconds == 1_120_000)
        expectOnlyAsked()
    }

    @Test("A save that is cancelled while it asks ends there, and says that nothing is stored")
    func cancelled() throws {
        world.cancel(.in("createCollection 1"))
        let failure = try #require(throws: AuthFailure.self) { try world.save(FakeWorld.session()) }
        #expect(failure.status == .cancelled)
        #expect(failure.message.hasSuffix("(the session was not stored)"))
        expectOnlyAsked()
    }

    @Test("A keyring that creates none is asked once, and the save says that there is none")
    func refused() throws {
        store.refusesCollection = true
        #expect(try save() == .keyringNoCollection)
        expectOnlyAsked()
    }

    @Test("A collection that is gone again after the prompt is not asked for a second time")
    func goneAgain() throws {
        world.journal.whenDone["createCollection 1"] = { [store] in store.hasCollection = false }
        #expect(try save() == .keyringNoCollection)
        #expect(store.prompts.count == 1)
        #expect(!world.lock.isTaken)
    }

    @Test("A collection that somebody else makes is used, whatever becomes of the prompt")
    func madeMeanwhile() throws {
        store.getsCollectionMeanwhile = true
        store.promptFailure = AuthFailure(.keyringPromptDismissed)
        #expect(try save() == nil)
        #expect(store.sessions.count == 1)
    }

    @Test("A collection that is there when the prompt would come is used, and nobody is asked")
    func madeBefore() throws {
        world.journal.whenBegun["createCollection 1"] = { [store] in store.hasCollection = true }
        #expect(try save() == nil)
        #expect(store.prompts.isEmpty)
    }

    @Test("Row 31: who signed in while the user was asked is not replaced by another user")
    func signedInMeanwhile() throws {
        world.journal.whenBegun["createCollection 1"] = { [store] in store.sessions = [FakeWorld.item()] }
        let bob = FakeWorld.session(access: SampleToken.access(sub: "sub-of-bob", username: "bob"), username: "bob")
        #expect(try save(bob) == .alreadySignedIn)
        #expect(world.storedSessions == [FakeWorld.item()?.text])
    }

    @Test("Row 31: while another user is signed in nobody is asked")
    func otherUser() throws {
        store.sessions = [FakeWorld.item()]
        let bob = FakeWorld.session(access: SampleToken.access(sub: "sub-of-bob", username: "bob"), username: "bob")
        #expect(try save(bob) == .alreadySignedIn)
        #expect(store.prompts.isEmpty)
    }

    @Test("Two prompts share the time that they may take, and neither counts as the call's")
    func sharedTime() throws {
        store.lockedFromCall = 0
        store.promptTime = 50_000
        #expect(try save() == nil)
        #expect(store.prompts.map(\.deadline) == [1_120_000, 1_120_000])
        let last = try #require(store.limits.last { $0.step == "create" })
        #expect(last.limit.deadline == 1_130_000)
    }

    @Test("No other call offers to create a collection", arguments: AnyCall.allCases.filter { $0 != .save })
    func otherCalls(call: AnyCall) throws {
        let world = call.world()
        world.store.hasCollection = false
        world.promptTimeout = 120_000
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.line == "unlock \(call.line)")
        #expect(world.store.prompts.isEmpty)
    }

    @Test(
        "Row 18b: where a look cannot see anything, a sign-out knows nothing and does nothing",
        arguments: [false, true])
    func hidden(globally: Bool) throws {
        let world = FakeWorld.signedIn()
        world.promptTimeout = 120_000
        world.store.failingLooks = [1: AuthFailure(.keyringNoCollection)]
        let report = try world.signOut(globally: globally)
        #expect(report.outcome == .failed)
        #expect(report.failure?.status == .keyringNoCollection)
        #expect(report.wasSignedIn == .unknown)
        #expect(report.partialFailureToken == nil)
        #expect(world.journal.line == "unlock take look release")
        #expect(world.store.sessions.count == 1)
    }

    @Test("A sign-out or retry of what cannot be seen says which keyring to open")
    func advice() {
        for situation in [Situation.signOut, .retry, .openDeletion] {
            let suggestion = AuthFailure(.keyringNoCollection, in: situation).suggestion
            #expect(suggestion.hasPrefix("Open the keyring that the session is in"))
        }
    }
}
