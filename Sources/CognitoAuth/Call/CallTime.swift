// SPDX-License-Identifier: Apache-2.0

/// The limits of one call's parts.
///
/// The network part ends a third of the time, and at most 5 s, before the whole: a server that stalls
/// must leave the deletion its time.
struct CallTime {
    /// For all that comes before the deletion.
    let whole: WaitLimit
    let network: WaitLimit
    /// For the deletion, which nobody may cut short once it has begun.
    let deletion: WaitLimit

    init(_ call: Call, from now: Int64) {
        let deadline = now + call.options.timeout
        whole = WaitLimit(deadline: deadline, cancellation: call.cancellation)
        network = WaitLimit(deadline: deadline - min(5000, call.options.timeout / 3), cancellation: call.cancellation)
        deletion = WaitLimit(deadline: deadline, cancellation: nil)
    }

    private init(whole: WaitLimit, network: WaitLimit, deletion: WaitLimit) {
        self.whole = whole
        self.network = network
        self.deletion = deletion
    }

    /// The limits of a call in which somebody else took `milliseconds` of the time.
    func extended(by milliseconds: Int64) -> CallTime {
        CallTime(
            whole: whole.extended(by: milliseconds), network: network.extended(by: milliseconds),
            deletion: deletion.extended(by: milliseconds))
    }
}
