// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Linux
import SecretMemory
import Testing

/// Real keyrings are slow, and one process has one: a test at a time.
@Suite("The contract of SessionStore", .serialized)
struct SessionStoreContract {
    // MARK: Items

    @Test("Nothing is there before something is stored", arguments: SessionStores.all)
    func nothing(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        #expect(try subject.found() == [])
        #expect(try subject.found(.device) == [])
    }

    @Test("What is stored is found, byte for byte, with its attributes", arguments: SessionStores.all)
    func stored(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        let bytes = (0..<64 * 1024).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let secret = bytes.withUnsafeBytes { SecretBytes(copying: $0) }
        try subject.store.create(secret, ItemAttributes(.session, session: "one"), subject.limit())
        let item = try #require(try subject.items().first)
        #expect(item.secret?.bytes == bytes)
        #expect(item.attributes == ItemAttributes(.session, session: "one"))
    }

    @Test("An item without the attribute `session` is found without it", arguments: SessionStores.all)
    func withoutSession(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("plain", nil)
        #expect(try subject.items().map(\.attributes) == [ItemAttributes(.session)])
    }

    @Test("The kinds are kept apart", arguments: SessionStores.all)
    func kinds(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("a session", nil)
        try subject.put("a device", nil, .device)
        #expect(try subject.found() == ["a session"])
        #expect(try subject.found(.device) == ["a device"])
        #expect(try subject.items(.device).map(\.attributes) == [ItemAttributes(.device)])
    }

    @Test("All items of a kind are found, whatever their `session`", arguments: SessionStores.all)
    func all(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        for session in [nil, "two", "one"] { try subject.put(session ?? "plain", session) }
        #expect(try Set(subject.found()) == ["one", "two", "plain"])
    }

    @Test("The newest of several that were stored at once is found first", arguments: SessionStores.all)
    func newestOfSecond(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        for session in ["one", "two", "three"] { try subject.put(session, session) }
        let found = try subject.found()
        withKnownIssue("Keyrings count in seconds when something was stored", isIntermittent: true) {
            #expect(found == ["three", "two", "one"])
        } when: {
            subject.keyring != nil
        }
    }

    @Test("Other clients' items are neither found nor replaced nor deleted", arguments: SessionStores.real)
    func clients(implementation: Implementation<any SessionStoreSubject>) throws {
        let mine = try implementation.make()
        let other = try implementation.make()
        try mine.put("mine", nil)
        try other.put("other's", nil)
        #expect(try mine.found() == ["mine"])
        try mine.delete(try mine.items())
        #expect(try other.found() == ["other's"])
    }

    // MARK: Storing

    @Test("A new item replaces no other", arguments: SessionStores.all)
    func created(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("plain", nil)
        try subject.put("one", "one")
        try subject.put("two", "two")
        #expect(try Set(subject.found()) == ["plain", "one", "two"])
    }

    @Test("An update changes the secret of its item where that is, and no other", arguments: SessionStores.all)
    func updated(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        try subject.put("two", "two")
        let item = try #require(try subject.items().first { $0.secret?.text == "one" })
        try subject.store.update(item, SecretBytes("another"), subject.limit())
        #expect(try Set(subject.found()) == ["another", "two"])
        let again = try #require(try subject.items().first { $0.secret?.text == "another" })
        #expect(again.path == item.path)
        #expect(again.attributes == item.attributes)
    }

    @Test("An update of an item that is gone changes nothing, and says so", arguments: SessionStores.all)
    func updatedTooLate(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        try subject.delete(items)
        let failure = try #require(throws: AuthFailure.self) {
            try subject.store.update(items[0], SecretBytes("another"), subject.limit())
        }
        #expect(failure.status == .sessionChanged)
        #expect(try subject.found() == [])
    }

    @Test("Items that are read again are as they are now, without those that are gone", arguments: SessionStores.all)
    func reread(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        for session in ["one", "two", "three"] { try subject.put(session, session) }
        let items = try subject.items()
        let named = { (name: String) in items.filter { $0.secret?.text == name } }
        try subject.delete(named("one"))
        try subject.store.update(try #require(named("two").first), SecretBytes("another"), subject.limit())
        let again = try subject.store.reread(named("one") + named("two"), subject.limit())
        #expect(again.map { $0.secret?.text } == ["another"])
        #expect(again.map(\.attributes) == [ItemAttributes(.session, session: "two")])
        #expect(try subject.store.reread([], subject.limit()).isEmpty)
    }

    // MARK: Deleting

    @Test(
        "Exactly the items that are given are deleted, whatever is beside them", arguments: SessionStores.all,
        [["one"], ["plain"], ["one", "two"], ["one", "two", "plain"], []])
    func deleted(implementation: Implementation<any SessionStoreSubject>, given: [String]) throws {
        let subject = try implementation.make()
        try subject.put("plain", nil)
        try subject.put("one", "one")
        try subject.put("two", "two")
        try subject.put("device", nil, .device)
        let items = try subject.items()
        try #require(items.count == 3)
        try subject.delete(items.filter { given.contains($0.secret?.text ?? "") })
        #expect(try Set(subject.found()) == Set(["one", "two", "plain"]).subtracting(given))
        #expect(try subject.found(.device) == ["device"])
    }

    @Test("To delete what is gone already is no error", arguments: SessionStores.all)
    func deletedTwice(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        try subject.put("two", "two")
        let items = try subject.items()
        try subject.delete(items.filter { $0.secret?.text == "one" })
        try subject.delete(items)
        try subject.delete(items)
        #expect(try subject.found() == [])
    }

    @Test("What is deleted can be stored again", arguments: SessionStores.all)
    func storedAgain(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        for _ in 1...2 {
            try subject.put("one", "one")
            #expect(try subject.found() == ["one"])
            try subject.delete(try subject.items())
        }
    }

    // MARK: A locked collection

    @Test("A locked collection is an error to every function, and nothing happens", arguments: SessionStores.lockable)
    func locked(implementation: Implementation<any LockableStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        try subject.lock()
        defer { try? subject.unlock() }
        try expect(.keyringLocked, of: subject, deleting: items) { subject.limit() }
        try subject.unlock()
        #expect(try subject.found() == ["one"])
    }

    @Test("A collection that is locked and empty is locked", arguments: SessionStores.lockable)
    func lockedEmpty(implementation: Implementation<any LockableStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.lock()
        defer { try? subject.unlock() }
        try expect(.keyringLocked, of: subject, deleting: []) { subject.limit() }
    }

    @Test("Where nothing is locked nobody is asked, and it takes the user no time", arguments: SessionStores.all)
    func nothingToUnlock(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        #expect(try subject.store.unlock(subject.limit(), prompt: subject.limit(-1)) == 0)
        #expect(try subject.found() == ["one"])
    }

    @Test("Where there is a place to store in, none is made, and nobody is asked", arguments: SessionStores.all)
    func nothingToCreate(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        #expect(try subject.store.createCollection(subject.limit(), prompt: subject.limit(-1)) == 0)
        for (status, limit) in [(Status.deadlineExceeded, subject.limit(-1)), (.cancelled, cancelled(subject))] {
            let failure = #expect(throws: AuthFailure.self) {
                try subject.store.createCollection(limit, prompt: subject.limit())
            }
            #expect(failure?.status == status)
        }
    }

    private func cancelled(_ subject: any SessionStoreSubject) -> WaitLimit {
        let cancellation = EventDescriptor()
        cancellation.raise()
        return subject.limit(20_000, cancellation)
    }

    // MARK: Limits

    @Test("A call that was cancelled before does nothing", arguments: SessionStores.all)
    func cancelled(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        let cancellation = EventDescriptor()
        cancellation.raise()
        try expect(.cancelled, of: subject, deleting: items) { subject.limit(20_000, cancellation) }
        expectUnlockingFails(.cancelled, subject, subject.limit(20_000, cancellation))
        #expect(try subject.found() == ["one"])
    }

    @Test("A call whose time was over before does nothing", arguments: SessionStores.all)
    func late(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        try expect(.deadlineExceeded, of: subject, deleting: items) { subject.limit(-1) }
        expectUnlockingFails(.deadlineExceeded, subject, subject.limit(-1))
        #expect(try subject.found() == ["one"])
    }

    @Test("A keyring that hangs costs every function its time and no more", arguments: SessionStores.lockable)
    func hangs(implementation: Implementation<any LockableStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        subject.hang()
        defer { subject.wake() }
        let took = try subject.milliseconds {
            try expect(.deadlineExceeded, of: subject, deleting: items) { subject.limit(200) }
            expectUnlockingFails(.deadlineExceeded, subject, subject.limit(200))
        }
        #expect(took >= 800 && took < 5000)
        subject.wake()
        // The first question got no answer: the delete was not asked for, and does not happen later either.
        #expect(try subject.found().contains("one"))
    }

    @Test("A wait for a keyring that hangs can be cancelled", arguments: SessionStores.lockable)
    func cancelledInHang(implementation: Implementation<any LockableStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let items = try subject.items()
        subject.hang()
        defer { subject.wake() }
        let took = try subject.milliseconds {
            try expect(.cancelled, of: subject, deleting: items) {
                let cancellation = EventDescriptor()
                subject.whenHanging { cancellation.raise() }
                return subject.limit(60_000, cancellation)
            }
        }
        #expect(took < 5000)
        subject.wake()
        #expect(try subject.found().contains("one"))
    }

    // MARK: Expectations

    /// That looking, storing and deleting fail so, each with a limit of its own.
    private func expect(
        _ status: Status, of subject: any SessionStoreSubject, deleting items: [StoredItem], _ limit: () -> WaitLimit,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        for kind in [ItemKind.session, .device] {
            let look = try #require(throws: AuthFailure.self, sourceLocation: location) {
                try subject.store.items([kind], limit())
            }
            #expect(look.status == status, "look for \(kind)", sourceLocation: location)
        }
        let store = try #require(throws: AuthFailure.self, sourceLocation: location) {
            try subject.store.create(SecretBytes("new"), ItemAttributes(.session, session: "new"), limit())
        }
        #expect(store.status == status, "create", sourceLocation: location)
        if let item = items.first {
            let update = try #require(throws: AuthFailure.self, sourceLocation: location) {
                try subject.store.update(item, SecretBytes("new"), limit())
            }
            #expect(update.status == status, "update", sourceLocation: location)
            let reread = try #require(throws: AuthFailure.self, sourceLocation: location) {
                try subject.store.reread(items, limit())
            }
            #expect(reread.status == status, "reread", sourceLocation: location)
        }
        guard case .failed(let failure) = subject.store.delete(items, limit()) else {
            Issue.record("the delete did not fail", sourceLocation: location)
            return
        }
        #expect(failure.status == status, "delete", sourceLocation: location)
    }

    private func expectUnlockingFails(
        _ status: Status, _ subject: any SessionStoreSubject, _ limit: WaitLimit,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let failure = #expect(throws: AuthFailure.self, sourceLocation: location) {
            try subject.store.unlock(limit, prompt: subject.limit())
        }
        #expect(failure?.status == status, "unlock", sourceLocation: location)
    }
}
