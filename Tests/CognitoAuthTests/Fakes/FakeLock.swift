// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Testing

/// A lock that is free unless a test says otherwise, and writes down who had it.
final class FakeLock: SessionLock {
    /// Whom the lock keeps out.
    var scope = LockScope.allProcesses
    /// Another thread has it, and does not release it.
    var isHeld = false
    /// Whether it was taken and not released.
    private(set) var isTaken = false
    private let journal: Journal
    private let clock: FakeClock
    private let channel: Journal.Channel

    init(_ journal: Journal, _ clock: FakeClock, _ channel: Journal.Channel = .lock) {
        self.journal = journal
        self.clock = clock
        self.channel = channel
    }

    private func begin(_ step: String) { journal.begin(channel == .lock ? step : step + "Resume", channel) }

    func take(_ limit: WaitLimit) throws(AuthFailure) -> LockScope {
        if isHeld {
            begin("wait")
            throw clock.waitInVain(limit)
        }
        if case .heldElsewhere = scope { try waitForProcess(limit) }
        begin("take")
        if isTaken { Issue.record("the lock was taken twice") }
        isTaken = true
        return scope
    }

    func release() {
        begin("release")
        if !isTaken { Issue.record("a lock was released that was not taken") }
        isTaken = false
    }

    /// Whether a sign-in has the browser.
    var isSignInReserved = false

    func reserveSignIn() -> Bool {
        defer { isSignInReserved = true }
        return !isSignInReserved
    }

    func releaseSignIn() { isSignInReserved = false }

    /// A third of the time there is, and at most 5 s.
    private func waitForProcess(_ limit: WaitLimit) throws(AuthFailure) {
        let now = clock.monotonicMilliseconds
        let patience = WaitLimit(
            deadline: now + min(5000, (limit.deadline - now) / 3), cancellation: limit.cancellation)
        let end = clock.waitInVain(patience)
        if end.status == .cancelled { throw end }
    }
}
