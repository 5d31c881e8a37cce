// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Running the remote steps that an earlier sign-out left open. The stored session is not touched.
struct RetrySignOut {
    let client: AuthClient
    let call: Call

    func run(_ token: SecretBytes) -> SignOutReport {
        var report = SignOutReport.unbegunRetry(nil)
        do {
            let plan = try Self.open(token, client.configuration, &report)
            try retry(plan, &report)
        } catch {
            report.failure = error
        }
        report.log("Retry of a sign-out", to: call)
        return report
    }

    /// A retry that cannot begin.
    static func refused(_ token: SecretBytes, _ reason: AuthFailure, _ configuration: Configuration) -> SignOutReport {
        var report = SignOutReport.unbegunRetry(reason)
        _ = try? open(token, configuration, &report)
        return report
    }

    /// Until the steps are run they are open, whatever happens: who keeps only the newest result must not lose them.
    private static func open(
        _ token: SecretBytes, _ configuration: Configuration, _ report: inout SignOutReport
    ) throws(AuthFailure) -> OpenSteps {
        let plan = try PartialFailureToken.decode(token, for: configuration)
        report.partialFailureToken = token
        if plan.isGlobalSignOutOpen { report.globalSignOut = .notAttempted }
        return plan
    }

    private func retry(_ plan: OpenSteps, _ report: inout SignOutReport) throws(AuthFailure) {
        do {
            try run(plan, &report)
        } catch {
            throw error.told(of: .retry)
        }
    }

    private func run(_ plan: OpenSteps, _ report: inout SignOutReport) throws(AuthFailure) {
        guard plan.isGlobalSignOutOpen else {
            // RevokeToken reaches no other session than its own: it needs no keyring, no prompt and no lock.
            let active = try ActiveCall.begin(client, call, needsKeyring: false)
            report.lookedIn(try? active.keyring.items(.session, active.time.whole))
            return try finish(plan, active, &report)
        }
        let active = try ActiveCall.begin(client, call)
        try active.takeLock(.isPassedOver)
        defer { active.ports.lock.release() }
        let stored = try active.keyring.items(.session, active.time.whole)
        report.lookedIn(stored)
        guard !stored.contains(where: { Self.mayBelong(StoredSession($0), to: plan) }) else {
            throw AuthFailure(
                .sessionChanged, "The same user is signed in here again, and would be signed out by this.")
        }
        try finish(plan, active, &report)
    }

    private func finish(
        _ plan: OpenSteps, _ active: ActiveCall, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        var steps = RemoteSteps(
            plan, active.cognito(secrets: plan.secrets),
            TokenRefresh(
                active: active, session: nil, deviceKey: .lookedUp(username: nil, subject: plan.subject)))
        let outcome = steps.run()
        report.record(outcome)
        report.tokensValidUntil = TokenValidity.end(of: plan, outcome.refreshed)
        // Also where it was cancelled: a refresh may have replaced a token meanwhile.
        report.partialFailureToken = PartialFailureToken.encode(outcome.open, for: active.configuration)
        guard outcome.hasBegun else { throw AuthFailure(.cancelled) }
    }

    /// Whether a session that is stored now may be one of the plan's user; in doubt it may.
    private static func mayBelong(_ stored: StoredSession, to plan: OpenSteps) -> Bool {
        guard let subject = stored.subject, let wanted = plan.subject else { return true }
        return subject.isExactly(wanted)
    }
}
