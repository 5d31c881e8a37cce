// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Linux
import SecretMemory
import Testing

/// The part where there is no default collection, and the user may have one made.
extension UnlockContract {
    @Test(
        "Where there is no collection nothing is found, and nothing can be stored", arguments: SessionStores.prompting)
    func noCollection(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.removeCollection()
        #expect(try subject.found() == [])
        #expect(try !subject.store.hasCollection(subject.limit()))
        #expect(try subject.store.unlock(subject.limit(), prompt: subject.limit(-1)) == 0)
        try expect(.keyringNoCollection) { try subject.put("one", "one") }
        #expect(try subject.prompts() == 0)
    }

    @Test(
        "The user has one made, in a time that counts for itself, and it is stored in",
        arguments: SessionStores.prompting)
    func collectionMade(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.removeCollection()
        try subject.setUser(.agrees(after: 600))
        let time = try subject.store.createCollection(subject.limit(500), prompt: subject.limit())
        #expect(time >= 600 && time < 5000)
        #expect(try subject.store.hasCollection(subject.limit()))
        #expect(try subject.prompts() == 1)
        try subject.put("one", "one")
        #expect(try subject.found() == ["one"])
        #expect(try subject.store.createCollection(subject.limit(), prompt: subject.limit(-1)) == 0)
        #expect(try subject.prompts() == 1)
    }

    @Test(
        "Whether there is a collection is told of one that is locked too, and asks nobody",
        arguments: SessionStores.prompting)
    func collectionLocked(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.lock()
        #expect(try subject.store.hasCollection(subject.limit()))
        #expect(try subject.prompts() == 0)
        try expect(.deadlineExceeded) { _ = try subject.store.hasCollection(subject.limit(-1)) }
    }

    @Test("A user who dismisses the prompt has none", arguments: SessionStores.prompting)
    func collectionDeclined(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.removeCollection()
        try subject.setUser(.dismisses)
        try expect(.keyringPromptDismissed) {
            _ = try subject.store.createCollection(subject.limit(), prompt: subject.limit())
        }
        try expect(.keyringNoCollection) { try subject.put("one", "one") }
    }

    @Test(
        "A user who does nothing is waited for to the prompt's limit, or until that is cancelled",
        arguments: SessionStores.prompting)
    func collectionUnanswered(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.removeCollection()
        try subject.setUser(.isAway)
        let took = try subject.milliseconds {
            try expect(.deadlineExceeded) {
                _ = try subject.store.createCollection(subject.limit(), prompt: subject.limit(700))
            }
        }
        #expect(took >= 700 && took < 5000)
        let cancellation = EventDescriptor()
        subject.whenPrompting { cancellation.raise() }
        try expect(.cancelled) {
            _ = try subject.store.createCollection(subject.limit(), prompt: subject.limit(60_000, cancellation))
        }
    }

    @Test("A keyring that makes none says that there is none", arguments: SessionStores.prompting)
    func collectionRefused(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.removeCollection()
        try subject.refuseCollection()
        try expect(.keyringNoCollection) {
            _ = try subject.store.createCollection(subject.limit(), prompt: subject.limit())
        }
        #expect(try subject.prompts() == 0)
    }

    @Test("One that somebody else makes meanwhile is as good", arguments: SessionStores.prompting)
    func collectionElsewhere(implementation: Implementation<any PromptingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.removeCollection()
        try subject.setUser(.agreesElsewhere)
        _ = try subject.store.createCollection(subject.limit(), prompt: subject.limit())
        #expect(try subject.prompts() == 1)
        try subject.put("one", "one")
        #expect(try subject.found() == ["one"])
    }

    private func expect(
        _ status: Status, _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) throws {
        let failure = try #require(throws: AuthFailure.self, sourceLocation: location) { try body() }
        #expect(failure.status == status, sourceLocation: location)
    }
}
