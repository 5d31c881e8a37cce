// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Signing out: the browser first, where it has a part, then Cognito, then this machine, then a second look.
struct SignOut {
    let client: AuthClient
    let call: Call

    func run(globally: Bool) -> SignOutReport {
        var report = SignOutReport(globally: globally)
        do {
            var active = try ActiveCall.begin(client, call)
            let browser = try signOutOfBrowser(&active, &report)
            try active.takeLock(.isPassedOver)
            defer { active.ports.lock.release() }
            try signOut(active, after: browser, globally: globally, &report)
        } catch {
            report.failure = error.situation == .openDeletion ? error : error.told(of: .signOut)
        }
        report.close("Sign-out", call)
        if report.failure == nil { call.announce(.signedOut) }
        return report
    }

    /// What was done in the browser.
    private struct BrowserPart {
        /// Who was signed in then.
        let identities: [SessionIdentity]
        /// Why the browser may still be signed in.
        let failure: AuthFailure?
    }

    /// Nothing is sent or deleted before it is over, so that who cancels it is signed in as before. nil: it has no part.
    private func signOutOfBrowser(
        _ active: inout ActiveCall, _ report: inout SignOutReport
    ) throws(AuthFailure) -> BrowserPart? {
        guard BrowserLogout.isConfigured(active.configuration.hostedUI), !call.options.skipsBrowser,
            let session = SessionToEnd(try active.keyring.items(.session, active.time.whole)), session.isOfHostedUI
        else { return nil }
        report.wasSignedIn = .yes
        return BrowserPart(
            identities: LocalDeletion(active: active).identities(session.stored),
            failure: try BrowserLogout.run(&active))
    }

    private func signOut(
        _ active: ActiveCall, after browser: BrowserPart?, globally: Bool, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        guard let session = SessionToEnd(try active.keyring.items(.session, active.time.whole)) else {
            // Where the browser was open, another process may have signed out meanwhile.
            report.wasSignedIn = browser == nil ? .no : .yes
            report.signedOutLocally = .yes
            report.revocation = .notRequested
            report.hostedUIFailure = browser?.failure
            report.keep(.nothing, deleting: [], for: active.configuration)
            return
        }
        report.wasSignedIn = .yes
        let deletion = LocalDeletion(active: active)
        if let browser, !session.stored.allSatisfy({ deletion.isOne(of: browser.identities, $0) }) {
            // Who signed in while the browser was open has not asked to be signed out.
            throw AuthFailure(
                .sessionChanged,
                "Another session was stored while the browser was open. Nothing was revoked or deleted.")
        }
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
        report.hostedUIFailure = browser?.failure
        report.keep(outcome.open, deleting: [], for: active.configuration)
        // A mark too many costs a password that is typed again.
        let inDoubt = client.configuration.hostedUI.origin != nil
        if browser == nil || browser?.failure != nil, session.mayBeInBrowser(inDoubt: inDoubt) {
            BrowserMark(active: active).set()
        }
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
