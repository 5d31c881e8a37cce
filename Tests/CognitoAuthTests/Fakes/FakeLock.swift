// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Testing

/// A turn that is free unless a test says otherwise, and writes down who had it.
final class FakeTurn: Turn {
    /// Whom the turn keeps out.
    var scope = TurnScope.everyone
    /// Another thread has it, and does not give it back.
    var isHeld = false
    /// Whether it was taken and not given back.
    private(set) var isTaken = false
    private let journal: Journal
    private let clock: FakeClock

    init(_ journal: Journal, _ clock: FakeClock) {
        self.journal = journal
        self.clock = clock
    }

    func take(_ limit: WaitLimit) throws(WaitFailure) -> TurnScope {
        if isHeld {
            journal.begin("wait")
            if limit.isCancelled { throw .cancelled }
            clock.waitInVain(limit)
            throw .deadlineExceeded
        }
        journal.begin("take")
        if isTaken { Issue.record("the turn was taken twice") }
        isTaken = true
        return scope
    }

    func giveBack() {
        journal.begin("giveBack")
        if !isTaken { Issue.record("a turn was given back that was not taken") }
        isTaken = false
    }
}
