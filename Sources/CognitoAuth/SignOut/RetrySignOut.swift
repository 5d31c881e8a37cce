// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Running the steps that an earlier sign-out left open. No session but its own is touched.
struct RetrySignOut {
    let client: AuthClient
    let call: Call

    func run(_ token: SecretBytes) -> SignOutReport {
        var report = SignOutReport.unbegunRetry(nil)
        var isDeletionOpen = false
        do {
            let plan = try Self.open(token, client.configuration, &report)
            isDeletionOpen = !plan.deletions.isEmpty
            try retry(plan, &report)
        } catch {
            report.failure = error
        }
        report.close("Retry of a sign-out", call)
        // Where no deletion was open, the sign-out has announced it.
        if isDeletionOpen, report.failure == nil, report.signedOutLocally == .yes { call.announce(.signedOut) }
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
        report.keep(token, of: plan)
        return plan
    }

    private func retry(_ plan: OpenSteps, _ report: inout SignOutReport) throws(AuthFailure) {
        do {
            try run(plan, &report)
        } catch {
            // What was done is that of a sign-out, and so is what is to be done next.
            throw error.situation == .signOut ? error : error.told(of: .retry)
        }
    }

    private func run(_ plan: OpenSteps, _ report: inout SignOutReport) throws(AuthFailure) {
        var active = try ActiveCall.begin(client, call, needsKeyring: plan.needsKeyring)
        let isBrowserLeft = try signOutOfBrowser(plan, &active, &report)
        guard plan.record != nil else { return try run(plan, nil, isBrowserLeft, active, &report) }
        let seen = KeptSteps.look(plan, active)
        try active.takeResumeLock()
        defer { active.ports.resumeLock.release() }
        switch KeptSteps.claim(plan, seen: seen, active) {
        case .none: try run(plan, nil, isBrowserLeft, active, &report)
        case .found(let kept): try run(plan, kept, isBrowserLeft, active, &report)
        case .finished:
            report.lookedIn(try? active.look(active.glance))
            report.revocation = .done
            report.keep(.nothing, deleting: [], for: active.configuration)
        }
    }

    /// Runs the steps that are not the browser's. `kept`: what the keyring keeps of them, as far as it was seen.
    private func run(
        _ plan: OpenSteps, _ kept: UnfinishedSignOut?, _ isBrowserLeft: Bool, _ active: ActiveCall,
        _ report: inout SignOutReport
    ) throws(AuthFailure) {
        var steps = RetriedSteps(plan)
        steps.take(kept, active, &report)
        defer {
            if steps.record != nil, report.kept == .no, report.unfinishedCount > 0 { report.unfinishedCount -= 1 }
        }
        guard steps.open.needsKeyring else {
            if steps.open.revocations.isEmpty { return }
            // RevokeToken reaches no other session than its own: it needs no keyring, no prompt and no lock.
            let look = try? active.look(active.glance)
            report.lookedIn(look)
            let late = look.flatMap { KeptSteps.find(plan, $0) }
            // What needs the lock is left to a resume.
            if late?.steps?.needsKeyring == false { steps.take(late, active, &report) }
            _ = try finishRemotely(steps.open, steps.record, active, &report)
            return
        }
        try active.takeLock(.isPassedOver)
        defer { active.ports.lock.release() }
        let look = try active.look(active.time.whole)
        report.lookedIn(look)
        steps.take(KeptSteps.find(plan, look), active, &report)
        let plan = steps.open
        let record = steps.record
        let stored = look.sessions + look.ended
        let deletion = LocalDeletion(active: active)
        let mine = stored.filter { deletion.isOne(of: plan.deletions, $0) }
        let others = stored.filter { !deletion.isOne(of: plan.deletions, $0) }
        guard !plan.isGlobalSignOutOpen || !others.contains(where: { plan.mayBeOfUser($0.subject) }) else {
            throw AuthFailure(
                .sessionChanged, "The same user is signed in here again, and would be signed out by this.")
        }
        let outcome = try finishRemotely(
            plan.adding(mine.refreshTokens, client.ports.digest), record, active, &report)
        guard !mine.isEmpty else {
            report.keep(outcome.open, deleting: [], for: active.configuration, in: record)
            return
        }
        if isBrowserLeft { BrowserMark(active: active).set() }
        // A sign-out that the keyring keeps names these sessions, perhaps, and this retry does not know it.
        if record == nil { _ = InterruptedDeletion(active: active).takeOver(look) }
        try finishLocally(mine, others, outcome, record, active, &report)
    }

    /// Before anything is sent, so that who cancels it has all steps open as before. Returns whether the step was open, and the
    /// browser may still be signed in.
    private func signOutOfBrowser(
        _ plan: OpenSteps, _ active: inout ActiveCall, _ report: inout SignOutReport
    ) throws(AuthFailure) -> Bool {
        guard plan.isBrowserOpen else { return false }
        let isGivenUp = call.options.skipsBrowser
        if !isGivenUp { report.hostedUIFailure = try BrowserLogout.run(&active) }
        report.keep(plan, deleting: plan.deletions, for: active.configuration)
        return isGivenUp || report.hostedUIFailure != nil
    }

    /// What is left to be deleted is deleted. Another session that is stored here is nobody's business in a retry.
    private func finishLocally(
        _ mine: [StoredSession], _ others: [StoredSession], _ outcome: RemoteOutcome, _ record: SignOutRecord?,
        _ active: ActiveCall, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        report.tokensValidUntil = max(report.tokensValidUntil, TokenValidity.end(of: mine, nil))
        do {
            try LocalSignOut(active: active, record: record).run(mine, of: mine, outcome, &report)
        } catch {
            guard error.status == .sessionChanged, !others.isEmpty else { throw error }
        }
    }

    private func finishRemotely(
        _ plan: OpenSteps, _ record: SignOutRecord?, _ active: ActiveCall, _ report: inout SignOutReport
    ) throws(AuthFailure) -> RemoteOutcome {
        let steps = RemoteSteps(
            plan, .retry, active.cognito(secrets: plan.secrets),
            TokenRefresh(
                active: active, stored: nil, deviceKey: .lookedUp(username: nil, subject: plan.subject)), record)
        let outcome = steps.run()
        report.record(outcome)
        report.tokensValidUntil = TokenValidity.end(of: plan, outcome.refreshed)
        // Also where it was cancelled: a refresh may have replaced a token meanwhile.
        report.keep(outcome.open, deleting: plan.deletions, for: active.configuration, in: record)
        if let cancellation = outcome.cancellation { throw cancellation }
        return outcome
    }
}
