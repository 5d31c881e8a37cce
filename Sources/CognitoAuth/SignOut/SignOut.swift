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
            try signOutLocked(active, after: browser, globally: globally, &report)
            finishOthers(active, &report)
        } catch {
            report.failure = error.situation == .openDeletion ? error : error.told(of: .signOut)
        }
        report.close("Sign-out", call)
        if report.failure == nil { call.announce(.signedOut) }
        return report
    }

    private func signOutLocked(
        _ active: ActiveCall, after browser: BrowserPart?, globally: Bool, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        try active.takeLock(.isPassedOver)
        defer { active.ports.lock.release() }
        try signOut(active, after: browser, globally: globally, &report)
    }

    /// What earlier sign-outs left, unless Cognito cannot be reached.
    private func finishOthers(_ active: ActiveCall, _ report: inout SignOutReport) {
        let failures = [report.globalSignOutFailure, report.revocationFailure].compactMap { $0 }
        let mine = report.kept == .no ? 0 : 1
        guard report.unfinishedCount > mine, failures.allSatisfy({ !$0.status.isAboutConnection }) else { return }
        if let left = PassingRevocation(active: active, except: report.record).run() { report.unfinishedCount = left }
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
            let session = SessionToEnd(try active.look(active.time.whole).sessions), session.isOfHostedUI
        else { return nil }
        report.wasSignedIn = .yes
        return BrowserPart(
            identities: LocalDeletion(active: active).identities(session.stored),
            failure: try BrowserLogout.run(&active))
    }

    private func signOut(
        _ active: ActiveCall, after browser: BrowserPart?, globally: Bool, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        let look = try active.look(active.time.whole)
        report.unfinishedCount = look.unfinished.count
        guard let session = SessionToEnd(look.sessions) else {
            // Where the browser was open, another process may have signed out meanwhile.
            report.wasSignedIn = browser == nil ? .no : .yes
            report.revocation = .notRequested
            report.hostedUIFailure = browser?.failure
            return try finishDeletion(look, active, &report)
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

        let plan = session.plan(globally: globally)
        let record =
            client.configuration.keepsUnfinished ? SignOutRecord.begin(plan, ending: session.stored, active) : nil
        defer { if let kept = record?.kept, kept != .no { report.unfinishedCount += 1 } }
        let steps = RemoteSteps(
            plan, .first, active.cognito(secrets: session.secrets),
            TokenRefresh(active: active, stored: session.refreshable, deviceKey: session.deviceKey), record)
        let outcome = steps.run()
        report.record(outcome)
        report.tokensValidUntil = TokenValidity.end(of: session.stored, outcome.refreshed)
        warnOfLostTokens(outcome.refreshed)
        if let cancellation = outcome.cancellation {
            if takeBack(record, session, active) {
                // What was refreshed and is in no keyring must not be lost.
                if outcome.refreshed?.isStored == false {
                    report.keep(outcome.open, deleting: [], for: active.configuration)
                }
                throw cancellation
            }
            // A sign-out that is written down is not undone.
            report.fail(outcome.open, with: cancellation)
        }
        record?.write(outcome.open)
        report.hostedUIFailure = browser?.failure
        report.keep(outcome.open, deleting: [], for: active.configuration)
        // A mark too many costs a password that is typed again.
        let inDoubt = client.configuration.hostedUI.origin != nil
        if browser == nil || browser?.failure != nil, session.mayBeInBrowser(inDoubt: inDoubt) {
            BrowserMark(active: active).set()
        }
        let ended = InterruptedDeletion(active: active).takeOver(look)
        try LocalSignOut(active: active, record: record).run(
            session.stored + ended, of: session.stored + look.ended, outcome, &report)
    }

    /// Removes what was written down of a sign-out that is not to be. Returns false where it stays: another process that has
    /// seen it may have deleted the session already, and then nobody else knows the refresh token.
    private func takeBack(_ record: SignOutRecord?, _ session: SessionToEnd, _ active: ActiveCall) -> Bool {
        guard let record, record.kept != .no else { return true }
        let items = session.stored.map { $0.item }
        guard let left = try? active.keyring.reread(items, of: .session, active.time.deletion),
            items.allSatisfy({ item in left.contains { $0.attributes == item.attributes } })
        else { return false }
        record.remove(for: .takingBack)
        // It may be gone, and the look after it alone have failed: to go on then would be to go on with nothing written down.
        if record.kept == .unknown { record.remove(for: .takingBack) }
        return record.kept == .no
    }

    /// Nobody is signed in; but what an interrupted sign-out was to delete may still be stored.
    private func finishDeletion(
        _ look: Look, _ active: ActiveCall, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        report.keep(.nothing, deleting: [], for: active.configuration)
        report.signedOutLocally = .yes
        if look.ended.isEmpty { return }
        switch InterruptedDeletion(active: active).run(look) {
        case .signedOut: break
        case .replaced:
            report.signedOutLocally = .no
            throw AuthFailure(.sessionChanged, in: .signOut)
        case .open(let failure, let answer):
            report.signedOutLocally = answer
            let identities = LocalDeletion(active: active).identities(look.ended)
            report.keep(.nothing, deleting: identities, for: active.configuration)
            report.kept = .yes
            throw failure.told(of: .openDeletion)
        }
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
