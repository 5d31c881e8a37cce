// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import Linux
internal import SecretMemory

/// Where a listener's thread leaves arrivals for the call, and the call its answers for the thread.
///
/// Its state is guarded by `mutex`.
final class ArrivalDesk: @unchecked Sendable {
    /// Readable while there are orders for the thread.
    let ordered = EventDescriptor()
    private let arrived = EventDescriptor()
    private let mutex = ThreadMutex()
    private var arrivals: [Arrival] = []
    private var orders = ListenerOrders()

    var isUsable: Bool { ordered.isUsable && arrived.isUsable }

    // Of the call.

    func next(_ limit: WaitLimit) throws(AuthFailure) -> RedirectArrival {
        while true {
            try arrived.wait(limit)
            let arrival = mutex.withLock {
                let first = arrivals.isEmpty ? nil : arrivals.removeFirst()
                if arrivals.isEmpty { arrived.lower() }
                return first
            }
            if let arrival { return RedirectArrival(number: arrival.number, query: arrival.query) }
        }
    }

    func answer(_ arrival: RedirectArrival, with answer: RedirectAnswer) {
        order { $0.answered.append(Arrival(arrival.number, arrival.query, answer)) }
    }

    func endArrivals() {
        order { orders in
            orders.endsArrivals = true
            orders.answered += arrivals
            arrivals = []
            arrived.lower()
        }
    }

    /// Has the listener closed, which ends its thread.
    func close(isCancelled: Bool) { order { $0.close = isCancelled ? .atOnce : .soon } }

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
            orders.answered = []
            ordered.lower()
            return taken
        }
    }

    /// Takes in an arrival. Returns false where there are to be no more.
    func takeIn(_ arrival: Arrival) -> Bool {
        mutex.withLock {
            guard !orders.endsArrivals else { return false }
            arrivals.append(arrival)
            arrived.raise()
            return true
        }
    }
}

/// Who came to the redirect URI.
final class Arrival {
    let number: Int
    let query: SecretBytes
    /// nil: it was not handed out, and nothing is left to do.
    let answer: RedirectAnswer?

    init(_ number: Int, _ query: SecretBytes, _ answer: RedirectAnswer? = nil) {
        self.number = number
        self.query = query
        self.answer = answer
    }
}

/// What the call wants of the listener's thread.
struct ListenerOrders {
    var answered: [Arrival] = []
    var endsArrivals = false
    var close: ListenerClose?
}

/// How long answers have to go out.
enum ListenerClose {
    case soon
    /// The call was cancelled.
    case atOnce
}
