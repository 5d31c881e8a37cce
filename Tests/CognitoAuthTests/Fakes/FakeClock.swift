// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// A clock that stands still. A pause moves it on at once, unless it is cancelled.
final class FakeClock: Clock {
    /// Seven minutes before the tokens of `SampleToken` expire, at first.
    var unixSeconds: Int64 {
        get { unixMilliseconds / 1000 }
        set { unixMilliseconds = newValue * 1000 }
    }
    var monotonicMilliseconds: Int64 = 1_000_000 {
        didSet { unixMilliseconds += monotonicMilliseconds - oldValue }
    }
    /// Called when a wait has begun.
    var whenWaiting: (() -> Void)?
    private(set) var pauses: [Int64] = []
    private(set) var unixMilliseconds: Int64 = 1_516_238_602_000
    private let journal: Journal

    init(_ journal: Journal) { self.journal = journal }

    func pause(milliseconds: Int64, _ limit: WaitLimit) {
        pauses.append(milliseconds)
        journal.begin("pause", .clock, isWritten: false)
        whenWaiting?()
        if limit.isCancelled { return }
        let end = min(monotonicMilliseconds + milliseconds, limit.deadline)
        monotonicMilliseconds = max(monotonicMilliseconds, end)
        journal.end("pause")
    }

    /// Lets the time pass, but not beyond the limit's deadline.
    func wait(_ milliseconds: Int64, _ limit: WaitLimit) {
        monotonicMilliseconds = max(monotonicMilliseconds, min(monotonicMilliseconds + milliseconds, limit.deadline))
    }

    /// Waits for what does not come, and says how that ends.
    func waitInVain(_ limit: WaitLimit) -> AuthFailure {
        whenWaiting?()
        if limit.isCancelled { return AuthFailure(.cancelled) }
        monotonicMilliseconds = max(monotonicMilliseconds, limit.deadline)
        return AuthFailure(.deadlineExceeded)
    }
}
