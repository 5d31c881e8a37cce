// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Signing out: Cognito first, then this machine, then a second look.
struct SignOut {
    let client: AuthClient
    let call: Call

    func run(globally: Bool) -> SignOutReport {
        var report = SignOutReport(globally: globally)
        do {
            let active = try ActiveCall.begin(client, call)
            try active.takeLock(.isPassedOver)
            defer { active.ports.lock.release() }
            try signOut(active, globally: globally, &report)
        } catch {
            report.failure = error.situation == .openDeletion ? error : error.told(of: .signOut)
        }
        report.close("Sign-out", call)
        if report.failure == nil { call.announce(.signedOut) }
        return report
    }

    private func signOut(
        _ active: ActiveCall, globally: Bool, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        guard let session = SessionToEnd(try active.keyring.items(.session, active.time.whole)) else {
            report.wasSignedIn = .no
            report.signedOutLocally = .yes
            report.revocation = .notRequested
            return
        }
        report.wasSignedIn = .yes
        if session.isDamaged { report.invalidSessionFailure = .damagedSession }

        var steps = RemoteSteps(
            session.plan(globally: globally), .first, active.cognito(secrets: session.secrets),
            TokenRefresh(active: active, stored: session.refreshable, deviceKey: session.deviceKey))
        let outcome = steps.run()
        report.record(outcome)
        report.tokensValidUntil = TokenValidity.end(of: session.stored, outcome.refreshed)
        warnOfLostTokens(outcome.refreshed)
        if let cancellation = outcome.cancellation {
            // What was refreshed and is in no keyring must not be lost.
            if outcome.refreshed?.isStored == false {
                report.keep(outcome.open, deleting: [], for: active.configuration)
            }
            throw cancellation
        }
        report.keep(outcome.open, deleting: [], for: active.configuration)
        try LocalSignOut(active: active).run(session.stored, outcome, &report)
    }

    private func warnOfLostTokens(_ refreshed: RefreshedSession?) {
        guard case .failed(let failure) = refreshed?.storing else { return }
        call.write(.warning, .joining("Sign-out: the refreshed tokens were not stored: ", failure.status.name))
    }
}

extension AuthFailure {
    static var damagedSession: AuthFailure {
        AuthFailure(
            .invalidSession,
            "A stored session was damaged or incomplete. It was deleted; what could be read of it was revoked.",
            in: .damagedSession)
    }
}
