// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Running what is open at Cognito of one sign-out that the keyring keeps. The resume lock must be held, the session's not, and
/// the sessions that it names must be gone.
struct ResumedSignOut {
    let active: ActiveCall
    /// When its requests end.
    let limit: WaitLimit

    /// How long after a sign-out its GlobalSignOut may be sent, in milliseconds: later it would end sessions that the user
    /// has opened since.
    private static let globalAge: Int64 = 86_400_000

    /// Runs the steps, and keeps what is left of them, or nothing.
    func run(_ found: UnfinishedSignOut, _ report: inout SignOutReport) throws(AuthFailure) {
        report.kept = .yes
        // Whoever had it before may have done some of it, and its place may be another item's.
        let items = try active.keyring.reread([found.item], of: .unfinished, active.time.whole)
        guard let item = items.first(where: { $0.attributes == found.item.attributes }),
            let current = UnfinishedSignOut.read(item, for: active.configuration)
        else {
            // Nobody else resumes: a sign-out that went on without a lock took it back, or somebody threw it away. To revoke
            // what is revoked harms nobody.
            report.kept = .no
            guard let steps = found.steps else { return }
            return try run(steps.withoutGlobalSignOut, found, nil, &report)
        }
        let record = SignOutRecord(current, active)
        switch current.content {
        case .readable(_, let steps): try run(steps, current, record, &report)
        case .damaged:
            report.invalidSessionFailure = .damagedSignOut
            record.remove()
        case .newer:
            report.revocation = .notAttempted
            report.revocationFailure = AuthFailure(
                .notSupported, "A newer version of the library wrote an unfinished sign-out, which was left alone.")
            report.kept = .yes
            return
        }
        report.kept = record.kept
    }

    private func run(
        _ open: OpenSteps, _ current: UnfinishedSignOut, _ record: SignOutRecord?, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        var steps = steps(open, record)
        var end = RemoteSteps.GlobalEnd.notRequested
        var givenUp: AuthFailure?
        if open.isGlobalSignOutOpen {
            try active.takeLock(.isBusy)
            defer { active.ports.lock.release() }
            givenUp = try reasonToGiveUp(open, current)
            if givenUp == nil { end = steps.signOutGlobally() }
            // What is left of it is written down before a save may give it up.
            if end.mayStayOpen { return try finish(steps, after: end, nil, open, record, &report) }
        }
        if givenUp != nil { steps = self.steps(open.withoutGlobalSignOut, record) }
        try finish(steps, after: end, givenUp, open, record, &report)
    }

    private func finish(
        _ steps: RemoteSteps, after end: RemoteSteps.GlobalEnd, _ givenUp: AuthFailure?, _ open: OpenSteps,
        _ record: SignOutRecord?, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        let outcome = steps.revoke(after: end)
        report.record(outcome)
        if let givenUp {
            report.globalSignOut = open.globalSignOut?.remote(.notAttempted) ?? .notAttempted
            report.globalSignOutFailure = givenUp
        }
        report.tokensValidUntil = TokenValidity.end(of: open, outcome.refreshed)
        report.keep(outcome.open, deleting: [], for: active.configuration, in: record)
        if let cancellation = outcome.cancellation { throw cancellation }
    }

    /// Why GlobalSignOut is not to be sent any more; nil: it is. With the session's lock held, so that nobody signs in
    /// meanwhile.
    private func reasonToGiveUp(_ open: OpenSteps, _ current: UnfinishedSignOut) throws(AuthFailure) -> AuthFailure? {
        guard isRecent(current) else {
            return .outlived("It is more than a day old, so that it would end sessions that are newer.")
        }
        let look = try active.look(active.time.whole)
        let isOpen = look.unfinished.contains {
            $0.item.attributes == current.item.attributes && $0.steps?.isGlobalSignOutOpen == true
        }
        if isOpen, !look.sessions.contains(where: { open.mayBeOfUser($0.subject) }) { return nil }
        return .outlived("The same user has signed in here again, and would be signed out by it.")
    }

    private func steps(_ plan: OpenSteps, _ record: SignOutRecord?) -> RemoteSteps {
        let cognito = active.cognito(secrets: plan.secrets).within(limit)
        let refresh = TokenRefresh(
            active: active, stored: nil, deviceKey: .lookedUp(username: nil, subject: plan.subject))
        return RemoteSteps(plan, .resume, cognito, refresh, record)
    }

    /// A clock that was set back tells nothing of how long ago it was.
    private func isRecent(_ current: UnfinishedSignOut) -> Bool {
        current.age(active.ports.clock).map { (0...Self.globalAge).contains($0) } ?? false
    }
}

extension OpenSteps {
    /// Whether the user may be the one with this `sub`; in doubt it may be.
    func mayBeOfUser(_ other: String?) -> Bool {
        guard let subject, let other else { return true }
        return subject.isExactly(other)
    }

    /// The same without GlobalSignOut, and the access token for it.
    var withoutGlobalSignOut: OpenSteps { left(isGlobalSignOutOpen: false, revoking: revocations, ended: []) }
}

extension AuthFailure {
    static var damagedSignOut: AuthFailure {
        AuthFailure(
            .invalidSession,
            "An unfinished sign-out in the keyring was damaged, and was removed. A refresh token in it may still be good.",
            in: .damagedSession)
    }

    /// A GlobalSignOut that is not sent any more.
    fileprivate static func outlived(_ why: String) -> AuthFailure {
        AuthFailure(.notAttempted, .joining("Signing out on all devices was given up. ", why), in: .otherDevices)
    }
}
