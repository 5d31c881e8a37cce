// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory
import Testing

/// Deleting and looking in one.
extension SessionStoreContract {
    @Test(
        "A removal deletes the items that are given, and shows what is left of the kind", arguments: SessionStores.all,
        [["one"], ["one", "two"], []])
    func removed(implementation: Implementation<any SessionStoreSubject>, given: [String]) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        try subject.put("two", "two")
        try subject.put("device", nil, .device)
        let items = try subject.items().filter { given.contains($0.secret?.text ?? "") }
        for _ in 1...2 {
            let removal = subject.store.remove(items, of: .session, subject.limit())
            #expect(removal.deletion.failure?.status == nil)
            let left = try removal.left.get().map { $0.secret?.text ?? "-" }
            #expect(Set(left) == Set(["one", "two"]).subtracting(given))
        }
        #expect(try Set(subject.found()) == Set(["one", "two"]).subtracting(given))
        #expect(try subject.found(.device) == ["device"])
    }

    @Test("What is locked is not removed, nor taken for gone", arguments: SessionStores.lockable)
    func lockedRemoval(implementation: Implementation<any LockableStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        try subject.lock()
        defer { try? subject.unlock() }
        let removal = subject.store.remove(items, of: .session, subject.limit())
        guard case .failed(let failure) = removal.deletion else {
            Issue.record("the deletion did not fail")
            return
        }
        #expect(failure.status == .keyringLocked)
        let unseen = #expect(throws: AuthFailure.self) { try removal.left.get() }
        #expect(unseen?.status == .keyringLocked)
        try subject.unlock()
        #expect(try subject.found() == ["one"])
    }

    @Test("A removal that a keyring does not answer is never taken for done", arguments: SessionStores.lockable)
    func unansweredRemoval(implementation: Implementation<any LockableStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        subject.hang()
        defer { subject.wake() }
        let removal = subject.store.remove(items, of: .session, subject.limit(200))
        #expect(removal.deletion.failure?.status == .deadlineExceeded)
        let unseen = #expect(throws: AuthFailure.self) { try removal.left.get() }
        #expect(unseen?.status == .deadlineExceeded)
    }
}
