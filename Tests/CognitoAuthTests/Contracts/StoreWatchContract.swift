// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Foundation
import Linux
import SecretMemory
import Testing

/// A watch has a connection of its own to the keyring: to it, whatever the store does is done by somebody else.
@Suite("The contract of StoreWatch", .serialized)
struct StoreWatchContract {
    @Test("A new item, a new secret and a deletion are reasons to look", arguments: StoreWatches.all)
    func changes(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        try subject.put("one", "one")
        try expectReason(watch, subject)
        let items = try subject.items()
        try expectQuiet(watch, subject)
        try subject.store.update(try #require(items.first), SecretBytes("another"), subject.limit())
        try expectReason(watch, subject)
        try subject.delete(items)
        try expectReason(watch, subject)
    }

    @Test("What changes before the first wait is not missed", arguments: StoreWatches.all)
    func early(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        try subject.put("one", "one")
        subject.clock.pause(milliseconds: 300, subject.limit())
        try watch.next(subject.limit(200))
        try expectQuiet(watch, subject)
    }

    @Test("A reason that a limit came before is told to who waits next", arguments: StoreWatches.real)
    func late(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        try subject.put("one", "one")
        expectEnd(.deadlineExceeded, watch, subject.limit(20))
        try watch.next(subject.limit())
    }

    @Test("Many changes one after the other are few reasons", arguments: StoreWatches.all)
    func many(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        let worker = subject.keyring == nil ? nil : WorkerThread { try Self.change(subject) }
        if worker == nil { try Self.change(subject) }
        let start = subject.clock.monotonicMilliseconds
        var reasons = 0
        while try hasReason(watch, subject.limit(1000)) { reasons += 1 }
        let took = subject.clock.monotonicMilliseconds - start
        _ = try worker?.value()
        #expect(reasons >= 1 && reasons <= took / 50, "\(reasons) in \(took) ms")
    }

    private static func change(_ subject: any SessionStoreSubject) throws {
        for number in 1...20 { try subject.put("\(number)", "\(number)") }
    }

    @Test("Where nothing happens, a wait ends at its limit", arguments: StoreWatches.all)
    func nothing(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        let took = subject.milliseconds { expectEnd(.deadlineExceeded, watch, subject.limit(500)) }
        #expect(took >= 500)
        expectEnd(.deadlineExceeded, watch, subject.limit(-1))
    }

    @Test("A wait without a limit can be cancelled", arguments: StoreWatches.all)
    func cancelled(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        let cancellation = EventDescriptor()
        subject.whenWaitingForKeyring { cancellation.raise() }
        for _ in 1...2 { expectEnd(.cancelled, watch, WaitLimit(deadline: .max, cancellation: cancellation)) }
    }

    @Test("A watch that is cancelled or late before it begins does not begin", arguments: StoreWatches.all)
    func begins(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        let cancellation = EventDescriptor()
        cancellation.raise()
        for (status, limit) in [
            (Status.cancelled, subject.limit(20_000, cancellation)), (.deadlineExceeded, subject.limit(-1)),
        ] {
            let failure = #expect(throws: AuthFailure.self) { _ = try subject.store.watch(limit) }
            #expect(failure?.status == status)
        }
    }

    @Test("Of two watches each has the reason, and the end of one leaves the other", arguments: StoreWatches.all)
    func two(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        let one = try subject.store.watch(subject.limit())
        let other = try subject.store.watch(subject.limit())
        defer { other.close() }
        try subject.put("one", "one")
        try expectReason(one, subject)
        try expectReason(other, subject)
        one.close()
        try subject.put("two", "two")
        try expectReason(other, subject)
    }

    @Test("Locking and unlocking are reasons to look", arguments: StoreWatches.telling)
    func locks(implementation: Implementation<any TellingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        try subject.lock()
        defer { try? subject.unlock() }
        try expectReason(watch, subject)
        #expect(throws: AuthFailure.self) { try subject.items() }
        try expectQuiet(watch, subject)
        try subject.unlock()
        try expectReason(watch, subject)
        #expect(try subject.found() == ["one"])
    }

    @Test(
        "A keyring that has ended is not started by its watch, and is a reason when it comes back",
        arguments: StoreWatches.restarting)
    func restart(implementation: Implementation<any RestartingStoreSubject>) throws {
        let subject = try implementation.make()
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        try subject.stop()
        // Some lock themselves before they end.
        while try hasReason(watch, subject.limit(500)) {}
        #expect(try !subject.isRunning())
        try subject.start()
        try expectReason(watch, subject)
    }

    @Test("A keyring is watched that is not there, and not started", arguments: StoreWatches.restarting)
    func absent(implementation: Implementation<any RestartingStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.stop()
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        try expectQuiet(watch, subject)
        #expect(try !subject.isRunning())
        try subject.start()
        try expectReason(watch, subject)
    }

    @Test("A watch that was closed leaves nothing behind", arguments: StoreWatches.real)
    func closed(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        usleep(300_000)
        let before = try Held()
        for _ in 1...50 { try subject.store.watch(subject.limit()).close() }
        let watch = try subject.store.watch(subject.limit())
        let during = try Held()
        try subject.put("two", "two")
        try watch.next(subject.limit())
        watch.close()
        #expect(during.descriptors > before.descriptors)
        #expect(during.rules == before.rules + (subject.keyring == .file ? 0 : 5))
        try before.expectAgain()
    }

    @Test("A process that has no descriptors left is told so, and keeps none", arguments: StoreWatches.real)
    func descriptors(implementation: Implementation<any SessionStoreSubject>) throws {
        let subject = try implementation.make()
        try subject.put("one", "one")
        usleep(300_000)
        let before = try Held()
        var hoard: [Int32] = []
        var usual = rlimit()
        getrlimit(__rlimit_resource_t(7), &usual)
        var scarce = rlimit(rlim_cur: rlim_t(before.descriptors + 16), rlim_max: usual.rlim_max)
        setrlimit(__rlimit_resource_t(7), &scarce)
        while case let descriptor = dup(0), descriptor >= 0 { hoard.append(descriptor) }
        let failure = #expect(throws: AuthFailure.self) { _ = try subject.store.watch(subject.limit()) }
        for descriptor in hoard { close(descriptor) }
        setrlimit(__rlimit_resource_t(7), &usual)
        #expect(failure?.status == .outOfResources)
        try before.expectAgain()
    }

    // MARK: Expectations

    /// Waits for a reason, and for all that follow it: some keyrings tell of a change for longer than 100 ms.
    private func expectReason(
        _ watch: any StoreWatch, _ subject: any SessionStoreSubject, _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(throws: Never.self, sourceLocation: location) { try watch.next(subject.limit()) }
        while try hasReason(watch, subject.limit(500)) {}
    }

    private func expectQuiet(
        _ watch: any StoreWatch, _ subject: any SessionStoreSubject, _ location: SourceLocation = #_sourceLocation
    ) throws {
        #expect(try !hasReason(watch, subject.limit(500)), sourceLocation: location)
    }

    private func hasReason(_ watch: any StoreWatch, _ limit: WaitLimit) throws -> Bool {
        do {
            try watch.next(limit)
            return true
        } catch {
            guard error.status == .deadlineExceeded else { throw error }
            return false
        }
    }

    private func expectEnd(
        _ status: Status, _ watch: any StoreWatch, _ limit: WaitLimit, _ location: SourceLocation = #_sourceLocation
    ) {
        let failure = #expect(throws: AuthFailure.self, sourceLocation: location) { try watch.next(limit) }
        #expect(failure?.status == status, sourceLocation: location)
    }
}

extension SessionStoreSubject {
    /// Does something once a call waits.
    func whenWaitingForKeyring(_ action: @escaping @Sendable () -> Void) {
        if let clock = clock as? FakeClock { clock.whenWaiting = action } else { after(milliseconds: 200, action) }
    }
}

/// What this process has open, and the bus has for all its clients.
struct Held {
    let descriptors: Int
    let rules: Int

    /// Foundation keeps some descriptors for each thread that has waited for a program.
    private static let spare = 20

    /// What other threads have only just used, they may close a little later.
    func expectAgain(_ location: SourceLocation = #_sourceLocation) throws {
        var now = try Held()
        for _ in 1...20 where !isLeft(by: now) {
            usleep(100_000)
            now = try Held()
        }
        #expect(isLeft(by: now), "\(self), then \(now)", sourceLocation: location)
    }

    private func isLeft(by later: Held) -> Bool {
        later.descriptors <= descriptors + Self.spare && later.rules == rules
    }

    init() throws {
        descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        guard Surroundings.variable("DBUS_SESSION_BUS_ADDRESS") != nil else {
            rules = 0
            return
        }
        let bus = "org.freedesktop.DBus"
        let printed = try Surroundings.run(
            "/usr/bin/env",
            [
                "gdbus", "call", "--session", "--dest", bus, "--object-path", "/org/freedesktop/DBus", "--method",
                "\(bus).Debug.Stats.GetAllMatchRules",
            ])
        rules = printed.components(separatedBy: "type='signal',").count - 1
    }
}
