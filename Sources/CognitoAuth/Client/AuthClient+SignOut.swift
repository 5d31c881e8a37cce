// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

extension AuthClient {
    /// Signs the user out here, and `globally` on every other device too.
    public func signOut(globally: Bool, timeout: Int64, log: CallLog) -> SignOutReport {
        let service = service(timeout: timeout, log)
        world.turn.take()
        defer { world.turn.giveBack() }

        let items: [StoredItem]
        do {
            items = try world.store.items(.session)
        } catch {
            log.write(.error, "Sign-out: the keyring cannot be read: \(error.status.texts.name)")
            return SignOutReport(failed: error.signOutFailure)
        }
        var report = SignOutReport()
        guard !items.isEmpty else {
            report.wasSignedIn = .no
            report.signedOutLocally = .yes
            if globally { report.globalSignOut = .notAttempted }
            log.write(.info, "Sign-out: nobody was signed in")
            return report
        }
        report.wasSignedIn = .yes

        let stored = items.map(StoredSession.init)
        if stored.contains(where: { $0.session == nil }) {
            report.invalidSessionFailure = AuthFailure(
                .invalidSession,
                "A stored session was damaged or incomplete. It was deleted; what could be read of it was revoked.",
                suggestion: "If a device was lost, sign in again and sign out everywhere.")
        }
        let signedOut = SignedOutSession(stored)
        var validity = TokenValidity()
        for session in stored { validity.include(session.accessToken, session.idToken) }

        let steps = RemoteSteps(
            service, accessToken: signedOut.accessToken, refreshTokens: signedOut.refreshTokens,
            deviceKey: { self.deviceKey(username: signedOut.username, subject: signedOut.subject) },
            keep: { tokens in
                validity.include(tokens.accessToken, tokens.idToken)
                if let session = signedOut.session { self.keep(tokens, of: session, log) }
            })
        steps.run(globally: globally)
        report.record(steps)
        report.tokensValidUntil = validity.end

        deleteAndLook(&report, log)
        // The token goes out also where deleting failed: it is the steps that are open, not the session.
        report.partialFailureToken = steps.partialFailureToken(subject: signedOut.subject, for: configuration)
        log.write(.info, "Sign-out: \(report.outcome.name)")
        return report
    }

    /// Runs the remote steps that an earlier sign-out left open. The stored session is not touched.
    public func retrySignOut(_ text: SecretBytes, timeout: Int64, log: CallLog) -> SignOutReport {
        let token: PartialFailureToken
        do {
            token = try PartialFailureToken(text, for: configuration)
        } catch {
            return SignOutReport(failed: error)
        }
        let service = service(timeout: timeout, log)
        world.turn.take()
        defer { world.turn.giveBack() }

        let isGlobal = token.accessToken != nil
        var report = SignOutReport()
        var stored: [StoredSession] = []
        do {
            stored = try world.store.items(.session).map(StoredSession.init)
            report.signedOutLocally = stored.isEmpty ? .yes : .no
            report.wasSignedIn = stored.isEmpty ? .no : .yes
        } catch {
            // Only GlobalSignOut could reach a session that was saved since.
            if isGlobal { return SignOutReport(failed: error.signOutFailure) }
            report.signedOutLocally = .unknown
        }
        if isGlobal && stored.contains(where: { mayBelong($0, to: token) }) {
            report.failure = AuthFailure(
                .sessionChanged, "The same user is signed in here again, and would be signed out by this.",
                suggestion: "Sign out everywhere if that is what you want.")
            return report
        }

        var validity = TokenValidity()
        validity.include(token.accessToken, nil)
        let steps = RemoteSteps(
            service, accessToken: token.accessToken, refreshTokens: token.refreshTokens,
            deviceKey: { self.deviceKey(username: nil, subject: token.subject) },
            keep: { tokens in validity.include(tokens.accessToken, tokens.idToken) })
        steps.run(globally: isGlobal)
        report.record(steps)
        report.tokensValidUntil = validity.end
        report.partialFailureToken = steps.partialFailureToken(subject: token.subject, for: configuration)
        log.write(.info, "Retry of a sign-out: \(report.outcome.name)")
        return report
    }

    /// Stores what a refresh brought. Where that fails, the sign-out goes on with what it holds.
    private func keep(_ tokens: RefreshedTokens, of session: Session, _ log: CallLog) {
        do {
            try replace(session, with: session.refreshed(with: tokens))
        } catch {
            log.write(.warning, "Sign-out: the renewed tokens were not stored: \(error.status.texts.name)")
        }
    }

    /// Deletes the session and believes only what a second look shows.
    private func deleteAndLook(_ report: inout SignOutReport, _ log: CallLog) {
        var failure: KeyringFailure?
        do {
            try world.store.delete(.session)
        } catch {
            failure = error
        }
        do {
            if try world.store.items(.session).isEmpty {
                report.signedOutLocally = .yes
                return
            }
            report.signedOutLocally = .no
            report.failure = (failure ?? KeyringFailure(.keyringFailed, "the session is still there")).signOutFailure
        } catch {
            report.signedOutLocally = .unknown
            report.failure = (failure ?? error).signOutFailure
        }
        if let status = report.failure?.status {
            log.write(.error, "Sign-out: the session was not deleted: \(status.texts.name)")
        }
    }

    /// Whether a session that is stored now may be one of the token's user; in doubt it may.
    private func mayBelong(_ stored: StoredSession, to token: PartialFailureToken) -> Bool {
        guard let subject = stored.subject, let wanted = token.subject else { return true }
        return subject.isExactly(wanted)
    }
}

extension SignOutReport.Outcome {
    /// For the log.
    var name: String {
        switch self {
        case .complete: "complete"
        case .partial: "partial"
        case .failed: "failed"
        }
    }
}
