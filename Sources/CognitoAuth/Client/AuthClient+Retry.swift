// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

extension AuthClient {
    /// Runs the remote steps that an earlier sign-out left open. The stored session is not touched.
    public func retrySignOut(_ text: SecretBytes, _ call: Call) -> SignOutReport {
        var report = SignOutReport.unbegunRetry(nil)
        do {
            let token = try open(text, &report)
            try retry(&report, token, call)
        } catch {
            report.failure = error
        }
        log(report, "Retry of a sign-out", call)
        return report
    }

    /// A retry that cannot begin: its steps stay open.
    public func refuseRetry(_ text: SecretBytes, _ reason: AuthFailure) -> SignOutReport {
        var report = SignOutReport.unbegunRetry(reason)
        _ = try? open(text, &report)
        return report
    }

    /// Until the steps are run they are open, whatever happens: who keeps only the newest result must not
    /// lose them.
    private func open(_ text: SecretBytes, _ report: inout SignOutReport) throws(AuthFailure) -> PartialFailureToken {
        let token = try PartialFailureToken(text, for: configuration)
        report.partialFailureToken = text
        if token.isGlobalSignOutOpen { report.globalSignOut = .notAttempted }
        return token
    }

    private func retry(_ report: inout SignOutReport, _ token: PartialFailureToken, _ call: Call) throws(AuthFailure) {
        let isGlobal = token.isGlobalSignOutOpen
        let time: CallTime
        do {
            // RevokeToken needs no keyring, and so no prompt.
            time = try begin(call, needsKeyring: isGlobal)
            try takeSignOutTurn(call, time)
        } catch {
            throw error.retryFailure
        }
        defer { world.turn.giveBack() }

        do throws(KeyringFailure) {
            let stored = try items(.session, time.whole, call).map(StoredSession.init)
            report.signedOutLocally = stored.isEmpty ? .yes : .no
            report.wasSignedIn = stored.isEmpty ? .no : .yes
            if isGlobal && stored.contains(where: { mayBelong($0, to: token) }) {
                throw KeyringFailure(.sessionChanged)
            }
        } catch {
            // Only GlobalSignOut could reach a session that was saved since.
            if isGlobal { throw error.retryFailure }
        }

        var validity = TokenValidity()
        validity.include(token.accessToken, nil)
        let steps = RemoteSteps(
            service(call, time, secrets: token.secrets),
            accessToken: token.accessToken, refreshToken: token.refreshToken,
            otherRefreshTokens: token.otherRefreshTokens,
            deviceKey: { try? self.deviceKey(username: nil, subject: token.subject, time.whole, call) },
            keep: { tokens in validity.include(tokens.accessToken, tokens.idToken) })
        let hasBegun = steps.run(globally: isGlobal)
        report.record(steps)
        report.tokensValidUntil = validity.end
        // Also where it was cancelled: a refresh may have replaced a token meanwhile.
        report.partialFailureToken = steps.partialFailureToken(subject: token.subject, for: configuration)
        guard hasBegun else { throw KeyringFailure(.cancelled).retryFailure }
    }

    /// Whether a session that is stored now may be one of the token's user; in doubt it may.
    private func mayBelong(_ stored: StoredSession, to token: PartialFailureToken) -> Bool {
        guard let subject = stored.subject, let wanted = token.subject else { return true }
        return subject.isExactly(wanted)
    }
}
