// SPDX-License-Identifier: Apache-2.0

/// Revoking what unfinished sign-outs left open, where a call that has done its own work comes by. It waits for nobody, has
/// little time, and changes nothing of the call's outcome.
struct PassingRevocation {
    let active: ActiveCall
    /// The attribute `session` of the item that the call itself has just written; nil if it has none.
    let own: String?

    init(active: ActiveCall, except own: String? = nil) {
        self.active = active
        self.own = own
    }

    /// In milliseconds.
    private static let time: Int64 = 3000

    /// No lock may be held. Returns how many sign-outs are left; nil if nothing was tried.
    func run() -> Int? {
        let now = active.ports.clock.monotonicMilliseconds
        let noTime = WaitLimit(deadline: now, cancellation: nil)
        guard !active.call.cancellation.isCancelled, let scope = try? active.ports.resumeLock.take(noTime) else {
            return nil
        }
        defer { active.ports.resumeLock.release() }
        if case .heldElsewhere = scope { return nil }
        return revoke(until: min(now + Self.time, active.time.network.deadline))
    }

    private func revoke(until end: Int64) -> Int? {
        let limit = WaitLimit(deadline: end, cancellation: active.call.cancellation)
        guard let look = resting(limit) else { return nil }
        let digest = active.ports.digest
        var left = look.unfinished.count
        for one in look.unfinished {
            let isOwn = own.map(one.item.attributes.isOf) ?? false
            guard !isOwn, let steps = one.steps, !steps.isGlobalSignOutOpen,
                !look.ended.contains(where: { one.names($0, digest) })
            else { continue }
            var report = SignOutReport.unbegunRetry(nil)
            try? ResumedSignOut(active: active, limit: limit).run(one, &report)
            if report.kept == .no { left -= 1 }
            // Where Cognito cannot be reached for one, it cannot for the others.
            if report.revocationFailure?.status.isAboutConnection == true { break }
        }
        return left
    }

    /// A look while nobody signs out: a sign-out that is under way has the session's lock.
    private func resting(_ limit: WaitLimit) -> Look? {
        let now = active.ports.clock.monotonicMilliseconds
        guard let scope = try? active.ports.lock.take(WaitLimit(deadline: now, cancellation: nil)) else { return nil }
        defer { active.ports.lock.release() }
        if case .heldElsewhere = scope { return nil }
        return try? active.look(limit)
    }
}
