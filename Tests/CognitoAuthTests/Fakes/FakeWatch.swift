// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Testing

/// A watch of a `FakeStore`: each change is a reason to look, and then those that the test has written down come, one after
/// the other.
///
/// Nobody is waited for: where a real one would wait, it ends as `FakeStore.watchEnd` says.
final class FakeWatch: StoreWatch {
    private(set) var isClosed = false
    /// Until when each wait might last.
    private(set) var deadlines: [Int64] = []
    /// Something has changed that `next` has not told.
    var hasReason = false
    private let store: FakeStore
    private let journal: Journal
    private let clock: FakeClock

    init(_ store: FakeStore, _ journal: Journal, _ clock: FakeClock) {
        self.store = store
        self.journal = journal
        self.clock = clock
    }

    func next(_ limit: WaitLimit) throws(AuthFailure) {
        if isClosed { Issue.record("a watch was used that is closed") }
        deadlines.append(limit.deadline)
        journal.begin("next", .keyring, isWritten: false)
        if limit.isCancelled { throw AuthFailure(.cancelled) }
        if clock.monotonicMilliseconds >= limit.deadline { throw AuthFailure(.deadlineExceeded) }
        if !hasReason { try wait(limit) }
        hasReason = false
        journal.end("next")
    }

    private func wait(_ limit: WaitLimit) throws(AuthFailure) {
        if !store.reasons.isEmpty { return store.reasons.removeFirst()() }
        if let end = store.watchEnd { throw end }
        throw clock.waitInVain(limit)
    }

    func close() {
        if isClosed { Issue.record("a watch was closed twice") }
        isClosed = true
    }
}
