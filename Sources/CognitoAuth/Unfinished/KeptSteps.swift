// SPDX-License-Identifier: Apache-2.0

/// What the keyring keeps of the steps that a partial-failure token holds. The keyring's are newer: whoever resumes writes
/// there what is left.
enum KeptSteps {
    /// Nothing, as far as can be seen: the token is all that there is.
    case none
    case found(UnfinishedSignOut)
    /// Another process has finished them while this one waited.
    case finished

    /// To be called before the resume lock is taken: what is there then, and not afterwards, was finished in between.
    static func look(_ plan: OpenSteps, _ active: ActiveCall) -> UnfinishedSignOut? {
        (try? active.look(active.glance)).flatMap { find(plan, $0) }
    }

    static func find(_ plan: OpenSteps, _ look: Look) -> UnfinishedSignOut? {
        guard let record = plan.record else { return nil }
        let found = look.unfinished.filter { $0.item.attributes.isOf(record) }
        // Where one went on without the lock, two sign-outs of one session are kept, and each has its own refresh token.
        let own = found.first { one in one.steps?.refreshTokens.contains { plan.refreshTokens.has($0) } == true }
        return own ?? found.first
    }

    /// To be called with the resume lock held.
    static func claim(_ plan: OpenSteps, seen: UnfinishedSignOut?, _ active: ActiveCall) -> KeptSteps {
        guard let look = try? active.look(active.glance) else { return .none }
        if let found = find(plan, look) { return found.steps == nil ? .none : .found(found) }
        // One that was given up is gone too, only of a revocation it is known what finishing it has done, and a retry that could
        // not read what is kept may have got another refresh token.
        guard let seen, !ResumeSignOuts.isOld(seen, active), look.unfinished.count < ResumeSignOuts.maximumCount,
            !plan.needsKeyring, let steps = seen.steps,
            steps.adding(plan.refreshTokens, active.ports.digest).revocations.count == steps.revocations.count
        else { return .none }
        return .finished
    }
}
