// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows 18 to 20: asking the user to unlock the keyring")
struct PromptTests {
    /// A world in which the keyring is locked, and the call may ask.
    private func lockedWorld(for call: AnyCall) -> FakeWorld {
        let world = call.world()
        world.store.lockedFromCall = 0
        world.promptTimeout = 120_000
        return world
    }

    /// The call asked, and then did nothing more.
    private func expectOnlyAsked(_ world: FakeWorld, _ location: SourceLocation = #_sourceLocation) {
        #expect(world.journal.line == "unlock", sourceLocation: location)
        #expect(world.events.isEmpty, sourceLocation: location)
        #expect(!world.lock.isTaken, sourceLocation: location)
    }

    @Test("Row 18: a call that may not ask does not, and a locked keyring is an error", arguments: AnyCall.allCases)
    func notAllowed(call: AnyCall) throws {
        let world = call.world()
        world.store.lockedFromCall = 0
        #expect(try call.failure(in: world) == .keyringLocked)
        #expect(world.journal.line == (call == .load ? "look" : "take look release"))
        #expect(world.store.prompts.isEmpty)
        #expect(world.events.isEmpty)
    }

    @Test("Row 19: the user unlocks, and then all goes on as usual", arguments: AnyCall.allCases)
    func unlocked(call: AnyCall) throws {
        let world = lockedWorld(for: call)
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.line == "unlock \(call.line)")
        #expect(world.events == call.events)
        #expect(!world.lock.isTaken)
    }

    @Test("Row 20: the user dismisses the prompt, and nothing is done", arguments: AnyCall.allCases)
    func dismissed(call: AnyCall) throws {
        let world = lockedWorld(for: call)
        world.store.promptFailure = AuthFailure(.keyringPromptDismissed)
        #expect(try call.failure(in: world) == .keyringPromptDismissed)
        expectOnlyAsked(world)
    }

    @Test("A prompt that is not answered in its time ends the call", arguments: AnyCall.allCases)
    func unanswered(call: AnyCall) throws {
        let world = lockedWorld(for: call)
        world.store.promptTime = 120_000
        #expect(try call.failure(in: world) == .deadlineExceeded)
        #expect(world.clock.monotonicMilliseconds == 1_120_000)
        expectOnlyAsked(world)
    }

    @Test("A call that is cancelled while it asks ends there", arguments: AnyCall.allCases)
    func cancelled(call: AnyCall) throws {
        for moment in [Moment.before, .in("unlock 1")] {
            let world = lockedWorld(for: call)
            world.cancel(moment)
            #expect(try call.failure(in: world) == .cancelled)
            expectOnlyAsked(world)
        }
    }

    @Test("A call that is cancelled when the user has unlocked does nothing more", arguments: AnyCall.allCases)
    func cancelledAfterwards(call: AnyCall) throws {
        let world = lockedWorld(for: call)
        world.cancel(.after("unlock 1"))
        #expect(try call.failure(in: world) == .cancelled)
        #expect(world.journal.line == (call == .load ? "unlock look" : "unlock take look release"))
        #expect(world.events.isEmpty)
    }

    @Test(
        "A keyring that is locked again after the prompt is locked; the user is asked once", arguments: AnyCall.allCases
    )
    func lockedAgain(call: AnyCall) throws {
        let world = lockedWorld(for: call)
        world.journal.whenDone["unlock 1"] = { [store = world.store] in store.lockedFromCall = 0 }
        #expect(try call.failure(in: world) == .keyringLocked)
        #expect(world.store.prompts.count == 1)
    }

    @Test("The prompt has a time of its own and can be cancelled; the rest of unlocking has the call's time")
    func limits() throws {
        let world = lockedWorld(for: .signOut)
        _ = try world.signOut()
        #expect(world.store.prompts.map(\.deadline) == [1_120_000])
        #expect(world.store.prompts.allSatisfy { $0.cancellation != nil })
        let rest = try #require(world.store.limits.first)
        #expect(rest.step == "unlock")
        #expect(rest.limit.deadline == 1_030_000)
        #expect(rest.limit.cancellation != nil)
    }

    @Test("The time that the user took does not count against the call's", arguments: AnyCall.allCases)
    func ownTime(call: AnyCall) throws {
        let world = lockedWorld(for: call)
        world.store.promptTime = 100_000
        #expect(try call.failure(in: world) == nil)
        #expect(world.store.limits.dropFirst().allSatisfy { $0.limit.deadline == 1_130_000 })
        #expect(world.transport.requests.allSatisfy { $0.deadline == 1_125_000 })
    }

    @Test("A keyring that hangs before it can show a prompt costs the call's time, not the prompt's")
    func hangs() throws {
        let world = lockedWorld(for: .signOut)
        world.store.hangsFrom = "unlock 1"
        #expect(try world.summary(world.signOut()) == .failed(.deadlineExceeded))
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
    }

    @Test("No lock is held while the user is asked", arguments: AnyCall.allCases)
    func noLock(call: AnyCall) throws {
        let world = lockedWorld(for: call)
        world.journal.whenBegun["unlock 1"] = { [lock = world.lock] in #expect(!lock.isTaken) }
        world.journal.whenDone["unlock 1"] = { [lock = world.lock] in #expect(!lock.isTaken) }
        #expect(try call.failure(in: world) == nil)
        #expect(world.store.prompts.count == 1)
    }

    @Test("The session is read after the prompt: what was saved meanwhile is what is signed out")
    func readAfterwards() throws {
        let world = lockedWorld(for: .signOut)
        world.journal.whenBegun["unlock 1"] = { [store = world.store] in
            store.sessions = [FakeWorld.item(refresh: "saved-meanwhile")]
        }
        _ = try world.signOut()
        #expect(world.transport.requests.map { $0.body["Token"] } == ["saved-meanwhile"])
    }

    @Test("Row 20: a sign-out whose prompt was dismissed knows nothing, did nothing, and says what to do")
    func report() throws {
        let world = lockedWorld(for: .signOut)
        world.store.promptFailure = AuthFailure(.keyringPromptDismissed)
        let report = try world.signOut()
        #expect(try world.summary(report) == .failed(.keyringPromptDismissed))
        #expect(report.failure?.suggestion == "Sign out again, and accept the keyring's prompt.")
        #expect(world.store.sessions.count == 1)
    }

    @Test(
        "A retry that could not begin gives its token back byte for byte",
        arguments: [Status.keyringPromptDismissed, .deadlineExceeded, .cancelled, .keyringUnavailable])
    func retry(status: Status) throws {
        let world = lockedWorld(for: .retry)
        world.store.promptFailure = AuthFailure(status)
        let token = try AnyCall.token()
        let report = try world.retry(token)
        #expect(report.failure?.status == status)
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(report.globalSignOut == .notAttempted)
        #expect(report.signedOutLocally == .unknown)
        #expect(report.failure?.suggestion.contains("etry with the newest token") == true)
        expectOnlyAsked(world)
    }
}
