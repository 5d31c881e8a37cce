// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import Linux

/// Where a listener's thread leaves arrivals for the call, and the call its answers for the thread.
///
/// Its state is guarded by `mutex`.
final class ArrivalDesk: @unchecked Sendable {
    /// Readable while there are orders for the thread.
    let ordered = EventDescriptor()
    private let arrived = EventDescriptor()
    private let ended = EventDescriptor()
    private let mutex = ThreadMutex()
    private var arrivals: [RedirectArrival] = []
    private var orders = ListenerOrders()
    private let over: RedirectAnswer

    /// `over`: what those are told who are not handed out any more.
    init(over: RedirectAnswer) { self.over = over }

    var isUsable: Bool { ordered.isUsable && arrived.isUsable && ended.isUsable }

    // Of the call.

    func next(_ limit: WaitLimit) throws(AuthFailure) -> RedirectArrival {
        while true {
            try arrived.wait(limit)
            let arrival = mutex.withLock { () -> RedirectArrival? in
                let first = arrivals.first
                if first != nil { arrivals.removeFirst() }
                if arrivals.isEmpty { arrived.lower() }
                return first
            }
            if let arrival { return arrival }
        }
    }

    func answer(_ number: Int, _ answer: RedirectAnswer) {
        order { $0.answers.append((number, answer)) }
    }

    func endArrivals() {
        order { orders in
            orders.endsArrivals = true
            for arrival in arrivals { orders.answers.append((arrival.number, over)) }
            arrivals = []
            arrived.lower()
        }
    }

    /// Has the listener closed and waits for it.
    func close(isCancelled: Bool) {
        order { $0.close = isCancelled ? .atOnce : .soon }
        ended.wait()
    }

    private func order(_ change: (inout ListenerOrders) -> Void) {
        mutex.withLock {
            change(&orders)
            ordered.raise()
        }
    }

    // Of the listener's thread.

    /// What was ordered since the last time.
    func takeOrders() -> ListenerOrders {
        mutex.withLock {
            let taken = orders
            orders.answers = []
            ordered.lower()
            return taken
        }
    }

    func arrive(_ arrival: RedirectArrival) {
        mutex.withLock {
            // The call may have ended the arrivals meanwhile.
            guard !orders.endsArrivals else { return orders.answers.append((arrival.number, over)) }
            arrivals.append(arrival)
            arrived.raise()
        }
    }

    func end() { ended.raise() }
}

/// What the call wants of the listener's thread.
struct ListenerOrders {
    var answers: [(number: Int, answer: RedirectAnswer)] = []
    var endsArrivals = false
    var close: ListenerClose?
}

/// How long answers have to go out.
enum ListenerClose {
    case soon
    /// The call was cancelled.
    case atOnce
}
