// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// A clock that stands still. A pause moves it on at once, unless it is cancelled.
final class FakeClock: Clock {
    /// Seven minutes before the tokens of `SampleToken` expire.
    var unixSeconds: Int64 = 1_516_238_602
    var monotonicMilliseconds: Int64 = 1_000_000
    private(set) var pauses: [Int64] = []
    private let journal: Journal

    init(_ journal: Journal) { self.journal = journal }

    func pause(milliseconds: Int64, _ limit: WaitLimit) {
        pauses.append(milliseconds)
        journal.begin("pause", .clock, isWritten: false)
        if limit.isCancelled { return }
        monotonicMilliseconds = min(monotonicMilliseconds + milliseconds, limit.deadline)
        journal.end("pause")
    }

    /// Waits for what does not come.
    func waitInVain(_ limit: WaitLimit) {
        monotonicMilliseconds = max(monotonicMilliseconds, limit.deadline)
    }
}
