// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth

/// What a transfer waits for beside its own end.
///
/// A cancellation ends it at once; but where the request was sent and has patience, its answer is waited for a little
/// longer.
struct TransferWait {
    private enum State {
        case uncancelled
        /// Cancelled; the answer may come until then, on the monotonic clock, in milliseconds.
        case cancelled(until: Int64)
    }

    private let limit: WaitLimit
    private let patience: Int64
    private var state = State.uncancelled

    init(_ limit: WaitLimit, patience: Int64) {
        self.limit = limit
        self.patience = patience
    }

    /// Whether there is still something to wait for at `now`. libcurl itself ends the transfer at the limit's deadline.
    mutating func goesOn(wasSent: Bool, at now: Int64) -> Bool {
        switch state {
        case .uncancelled:
            guard limit.isCancelled else { return true }
            state = .cancelled(until: now + patience)
            return wasSent && patience > 0
        case .cancelled(let end):
            return now < end
        }
    }

    var isCancelled: Bool {
        if case .cancelled = state { return true }
        return false
    }

    /// What is readable once the wait is cancelled; -1 if nothing can change it any more.
    var descriptor: Int32 {
        switch state {
        case .uncancelled: limit.cancellation?.descriptor ?? -1
        case .cancelled: -1
        }
    }

    /// When to look again at the latest, in milliseconds from `now`.
    func longestPause(at now: Int64) -> Int32 {
        switch state {
        case .uncancelled: 1000
        case .cancelled(let end): Int32(clamping: min(max(end - now, 0), 1000))
        }
    }
}
