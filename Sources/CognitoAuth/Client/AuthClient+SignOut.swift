// SPDX-License-Identifier: Apache-2.0

import SecretMemory

extension AuthClient {
    /// Signs the user out here, and `globally` on every other device too.
    public func signOut(globally: Bool, _ call: Call) -> SignOutReport {
        var report = SignOutReport(globally: globally)
        do {
            let time = try begin(call)
            try takeSignOutTurn(call, time)
            defer { world.turn.giveBack() }
            try signOut(&report, globally: globally, call, time)
        } catch {
            report.failure = error.signOutFailure
        }
        log(report, "Sign-out", call)
        if report.failure == nil { call.announce(.signedOut) }
        return report
    }

    private func signOut(
        _ report: inout SignOutReport, globally: Bool, _ call: Call, _ time: CallTime
    ) throws(KeyringFailure) {
        let stored = try items(.session, time.whole, call).map(StoredSession.init)
        guard !stored.isEmpty else {
            report.wasSignedIn = .no
            report.signedOutLocally = .yes
            report.revocation = .notRequested
            return
        }
        report.wasSignedIn = .yes
        if stored.contains(where: { $0.session == nil }) {
            report.invalidSessionFailure = AuthFailure(
                .invalidSession,
                "A stored session was damaged or incomplete. It was deleted; what could be read of it was revoked.",
                suggestion: "If a device was lost, sign in again and sign out everywhere.")
        }

        let signedOut = SignedOutSession(stored)
        var isRenewalLost = false
        var validity = TokenValidity()
        for session in stored { validity.include(session.accessToken, session.idToken) }
        let secrets = stored.flatMap { $0.secrets }
        let steps = RemoteSteps(
            service(call, time, secrets: secrets), accessToken: signedOut.accessToken,
            refreshToken: signedOut.refreshToken,
            otherRefreshTokens: signedOut.otherRefreshTokens,
            deviceKey: {
                try? self.deviceKey(username: signedOut.username, subject: signedOut.subject, time.whole, call)
            },
            keep: { tokens in
                validity.include(tokens.accessToken, tokens.idToken)
                guard let session = signedOut.session else { return }
                isRenewalLost = !self.keep(tokens, of: session, call, time)
            })
        let hasBegun = steps.run(globally: globally)
        report.record(steps)
        report.tokensValidUntil = validity.end
        // Goes out also where deleting fails: it is the remote steps that are open, not the session. And where
        // a call was cancelled that holds the only tokens there are.
        if hasBegun || isRenewalLost {
            report.partialFailureToken = steps.partialFailureToken(subject: signedOut.subject, for: configuration)
        }
        guard hasBegun else { throw KeyringFailure(.cancelled, "nothing was revoked or deleted") }
        try deleteAndLook(&report, call, time)
    }

    /// Takes the turn. Another process that hangs, or a missing lock, does not keep a user signed in.
    func takeSignOutTurn(_ call: Call, _ time: CallTime) throws(KeyringFailure) {
        let scope: TurnScope
        do { scope = try world.turn.take(time.whole) } catch { throw KeyringFailure(error.status) }
        switch scope {
        case .everyone: break
        case .thisProcessOnlyForWantOfALock: warnOfMissingLock(call)
        case .thisProcessOnly:
            call.write(.warning, "Sign-out: another process does not end its turn; going on without it")
        }
    }

    /// Stores what a refresh brought, and answers whether it did. Where not, the sign-out goes on with what
    /// it holds.
    private func keep(_ tokens: RefreshedTokens, of session: Session, _ call: Call, _ time: CallTime) -> Bool {
        do {
            try replace(session, with: session.refreshed(with: tokens), call, time)
            return true
        } catch {
            call.write(.warning, "Sign-out: the renewed tokens were not stored: \(error.status.name)")
            return false
        }
    }

    /// Deletes the session and believes only what a second look shows.
    private func deleteAndLook(
        _ report: inout SignOutReport, _ call: Call, _ time: CallTime
    ) throws(KeyringFailure) {
        guard world.clock.monotonicMilliseconds < time.deletion.deadline else {
            throw KeyringFailure(.deadlineExceeded)
        }
        var failure: KeyringFailure?
        do {
            try delete(.session, time.deletion, call)
        } catch {
            failure = error
        }
        let left: [StoredItem]
        do {
            left = try items(.session, time.deletion, call)
        } catch {
            // Where time ran out before the delete was even asked for, nothing is gone.
            report.signedOutLocally = failure?.isAboutTime == true && failure?.mayHappenYet == false ? .no : .unknown
            throw failure ?? error
        }
        report.signedOutLocally = left.isEmpty ? .yes : .no
        if !left.isEmpty { throw failure ?? KeyringFailure(.keyringFailed, "the session is still there") }
    }

    /// One line on how it ended: what failed is worth more than what did not.
    func log(_ report: SignOutReport, _ what: String, _ call: Call) {
        let failures = [
            ("", report.failure), ("GlobalSignOut: ", report.globalSignOutFailure),
            ("RevokeToken: ", report.revocationFailure), ("stored session: ", report.invalidSessionFailure),
        ]
        var line = "\(what): \(report.outcome.name)"
        for (step, failure) in failures {
            guard let failure else { continue }
            line += "; \(step)\(failure.status.name)"
        }
        call.write(report.outcome.logLevel, line)
    }
}

extension SignOutReport.Outcome {
    var name: String {
        switch self {
        case .complete: "complete"
        case .partial: "partial"
        case .failed: "failed"
        }
    }

    var logLevel: LogLevel {
        switch self {
        case .complete: .info
        case .partial: .warning
        case .failed: .error
        }
    }
}
