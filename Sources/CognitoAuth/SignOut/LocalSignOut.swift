// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The part of a sign-out or a retry that is done on this machine, after Cognito's.
struct LocalSignOut {
    let active: ActiveCall

    /// Ends `read`, the sessions that were read, and reports it. What `remote` leaves open is written into the report's
    /// partial-failure token, with the deletion where that is open too.
    func run(
        _ read: [StoredSession], _ remote: RemoteOutcome, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        let deletion = LocalDeletion(active: active)
        let identities = identities(read, remote, deletion)
        let current: [StoredSession]
        do {
            current = try deletion.reread(read, knownAs: identities)
        } catch {
            report.keep(remote.open, deleting: identities, for: active.configuration)
            throw error
        }
        report.tokensValidUntil = max(report.tokensValidUntil, TokenValidity.end(of: current, nil))
        let open = revokeNewer(current, read, remote, &report)
        switch deletion.run(current) {
        case .signedOut:
            report.signedOutLocally = .yes
            report.keep(open, deleting: [], for: active.configuration)
        case .replaced:
            report.signedOutLocally = .no
            report.keep(open, deleting: [], for: active.configuration)
            throw AuthFailure(
                .sessionChanged,
                "Another session was stored meanwhile, and was left alone. The old one is gone from this machine.",
                in: .signOut)
        case .open(let failure, let answer):
            report.signedOutLocally = answer
            report.keep(open, deleting: identities, for: active.configuration)
            throw failure
        }
    }

    /// A session of 0.1 is known by its refresh token, which this sign-out may have replaced itself.
    private func identities(
        _ read: [StoredSession], _ remote: RemoteOutcome, _ deletion: LocalDeletion
    ) -> [SessionIdentity] {
        let identities = read.map(deletion.identity)
        guard let rotated = remote.refreshed?.tokens.refreshToken else { return identities }
        return identities + [SessionIdentity(refreshToken: rotated, active.ports.digest)]
    }

    /// Revokes the refresh tokens that another process has put into these sessions since they were read, and returns what
    /// is open then.
    private func revokeNewer(
        _ current: [StoredSession], _ read: [StoredSession], _ remote: RemoteOutcome, _ report: inout SignOutReport
    ) -> OpenSteps {
        var known = read.compactMap { $0.refreshToken }
        if let refreshed = remote.refreshed?.tokens.refreshToken { known.append(refreshed) }
        let newer = current.compactMap { $0.refreshToken }.filter { token in
            !known.contains { $0.hasSameBytes(as: token) }
        }
        guard let first = newer.first else { return remote.open }
        if remote.open.isGlobalSignOutOpen {
            report.add(StepResult(.notAttempted, .heldBack(first)))
            return remote.open.adding(revoking: newer)
        }
        let plan = OpenSteps(
            subject: remote.open.subject, isGlobalSignOutOpen: false, accessToken: nil, refreshToken: nil,
            otherRefreshTokens: newer)
        var steps = RemoteSteps(
            plan, active.cognito(secrets: plan.secrets + remote.open.secrets),
            TokenRefresh(active: active, stored: nil, deviceKey: .known(nil)), hasSent: true)
        let outcome = steps.run()
        report.add(outcome.revocation)
        return remote.open.adding(revoking: outcome.open.refreshTokens)
    }
}
