// SPDX-License-Identifier: Apache-2.0

internal import Linux

/// The threads that want the lock of one client, in the order in which they came. The first of them has it.
final class ThreadQueue {
    private let mutex = ThreadMutex()
    private var tickets: [UInt64] = []
    private var lastTicket: UInt64 = 0

    /// Joins the queue at its end.
    func join() -> UInt64 {
        mutex.withLock {
            lastTicket &+= 1
            tickets.append(lastTicket)
            return lastTicket
        }
    }

    func isFirst(_ ticket: UInt64) -> Bool {
        mutex.withLock { tickets.first == ticket }
    }

    /// Leaves the queue, wherever in it.
    func leave(_ ticket: UInt64) {
        mutex.withLock { tickets.removeAll { $0 == ticket } }
    }

    func leaveFirst() {
        mutex.withLock { if !tickets.isEmpty { tickets.removeFirst() } }
    }
}
