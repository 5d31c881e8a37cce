// SPDX-License-Identifier: Apache-2.0

/// The limits of one call's parts.
///
/// The network part ends a third of the time, and at most 5 s, before the whole: a server that stalls
/// must leave the deletion its time.
struct CallTime {
    private var end: Int64
    /// How much of the time is left to the deletion alone.
    private let share: Int64
    private let cancellation: any Cancellation

    init(_ call: Call, from now: Int64) {
        end = now + call.options.timeout
        share = min(5000, call.options.timeout / 3)
        cancellation = call.cancellation
    }

    /// For all that comes before the deletion.
    var whole: WaitLimit { WaitLimit(deadline: end, cancellation: cancellation) }

    var network: WaitLimit { WaitLimit(deadline: end - share, cancellation: cancellation) }

    /// For the deletion, which nobody may cut short once it has begun.
    var deletion: WaitLimit { WaitLimit(deadline: end, cancellation: nil) }

    /// For what nothing depends on and begins `now`: a keyring that hangs must leave the network its time.
    func glance(from now: Int64) -> WaitLimit { WaitLimit(deadline: min(now + share, end), cancellation: cancellation) }

    /// Of the end, as much as a request takes.
    var reserve: Int64 { share / 2 }

    /// Somebody else took `milliseconds` of the time.
    mutating func extend(by milliseconds: Int64) {
        end += milliseconds
    }
}
