// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Linux
import SecretMemory
import Testing

/// The part of SessionStore's that needs a user, or a keyring that can be told when to be silent.
@Suite("The contract of SessionStore, with a user", .serialized)
struct UnlockContract {
    @Test("Looking, storing and deleting never ask the user, who would unlock", arguments: SessionStores.prompting)
    func notAsked(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        try subject.lock()
        try subject.setUser(.agrees(after: 0))
        for call in [
            { _ = try subject.items() }, { try subject.put("two", "two") }, { try subject.delete(items) },
        ] {
            let failure = try #require(throws: AuthFailure.self) { try call() }
            #expect(failure.status == .keyringLocked)
        }
        #expect(try subject.prompts() == 0)
    }

    @Test("The user unlocks, in a time that counts for itself", arguments: SessionStores.prompting)
    func unlocked(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        try subject.lock()
        try subject.setUser(.agrees(after: 600))
        let time = try subject.store.unlock(subject.limit(500), prompt: subject.limit())
        #expect(time >= 600 && time < 5000)
        #expect(try subject.prompts() == 1)
        #expect(try subject.found() == ["one"])
        #expect(try subject.store.unlock(subject.limit(), prompt: subject.limit()) == 0)
        #expect(try subject.prompts() == 1)
    }

    @Test("A user who dismisses the prompt leaves it locked", arguments: SessionStores.prompting)
    func dismissed(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        try subject.lock()
        try subject.setUser(.dismisses)
        try expectUnlocking(.keyringPromptDismissed, subject, prompt: subject.limit())
    }

    @Test("A user who does nothing is waited for to the prompt's limit", arguments: SessionStores.prompting)
    func unanswered(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.lock()
        try subject.setUser(.isAway)
        let took = try subject.milliseconds {
            try expectUnlocking(.deadlineExceeded, subject, prompt: subject.limit(700))
        }
        #expect(took >= 700 && took < 5000)
    }

    @Test("The wait for the user can be cancelled", arguments: SessionStores.prompting)
    func promptCancelled(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.lock()
        try subject.setUser(.isAway)
        let cancellation = EventDescriptor()
        subject.whenPrompting { cancellation.raise() }
        let took = try subject.milliseconds {
            try expectUnlocking(.cancelled, subject, prompt: subject.limit(60_000, cancellation))
        }
        #expect(took < 5000)
    }

    @Test(
        "A delete that was asked for and not answered may happen yet", arguments: SessionStores.prompting,
        [true, false])
    func deleteUnanswered(implementation: Implementation<any PromptingStoreSubject>, isCancelled: Bool) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        try subject.hangInDelete()
        let cancellation = EventDescriptor()
        if isCancelled { subject.whenHangingInDelete { cancellation.raise() } }
        let deletion = subject.store.delete(items, subject.limit(isCancelled ? 20_000 : 300, cancellation))
        guard case .unanswered(let failure) = deletion else {
            Issue.record("it says \(deletion)")
            return
        }
        #expect(failure.status == (isCancelled ? .cancelled : .deadlineExceeded))
    }

    private func expectUnlocking(
        _ status: Status, _ subject: any PromptingStoreSubject, prompt: WaitLimit,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let failure = try #require(throws: AuthFailure.self, sourceLocation: location) {
            try subject.store.unlock(subject.limit(), prompt: prompt)
        }
        #expect(failure.status == status, sourceLocation: location)
        #expect(try subject.prompts() == 1, sourceLocation: location)
        let look = try #require(throws: AuthFailure.self, sourceLocation: location) { try subject.items() }
        #expect(look.status == .keyringLocked, sourceLocation: location)
    }
}
