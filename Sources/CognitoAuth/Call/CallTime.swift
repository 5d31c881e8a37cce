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
    /// For a look that nothing depends on: a keyring that hangs must leave the network its time.
    let glance: WaitLimit

    init(_ call: Call, from now: Int64) {
        let deadline = now + call.options.timeout
        let share = min(5000, call.options.timeout / 3)
        whole = WaitLimit(deadline: deadline, cancellation: call.cancellation)
        network = WaitLimit(deadline: deadline - share, cancellation: call.cancellation)
        deletion = WaitLimit(deadline: deadline, cancellation: nil)
        glance = WaitLimit(deadline: now + share, cancellation: call.cancellation)
    }

    private init(whole: WaitLimit, network: WaitLimit, deletion: WaitLimit, glance: WaitLimit) {
        self.whole = whole
        self.network = network
        self.deletion = deletion
        self.glance = glance
    }

    /// The limits of a call in which somebody else took `milliseconds` of the time.
    func extended(by milliseconds: Int64) -> CallTime {
        CallTime(
            whole: whole.extended(by: milliseconds), network: network.extended(by: milliseconds),
            deletion: deletion.extended(by: milliseconds), glance: glance.extended(by: milliseconds))
    }
}
