// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The part of a sign-out or a retry that is done on this machine, after Cognito's.
struct LocalSignOut {
    let active: ActiveCall
    let record: SignOutRecord?

    /// Ends `read`, of all the sessions that are to be gone those that may be deleted, and reports it. What `remote` leaves
    /// open is written into the report's partial-failure token, with the deletion where that is open too.
    func run(
        _ read: [StoredSession], of all: [StoredSession], _ remote: RemoteOutcome, _ report: inout SignOutReport
    ) throws(AuthFailure) {
        let deletion = LocalDeletion(active: active)
        // One of 0.1 this sign-out may have refreshed itself.
        let rotated = remote.refreshed?.tokens.refreshToken
        let identities = deletion.identities(all).adding(rotated, active.ports.digest)
        var open = remote.open
        let current: [StoredSession]
        do {
            current = try reread(read, identities, remote, &open, &report)
        } catch {
            report.keep(open, deleting: identities, for: active.configuration, in: record)
            throw error.told(of: .openDeletion)
        }
        switch deletion.run(current, knownAs: identities) {
        case .signedOut:
            report.signedOutLocally = .yes
            report.keep(open, deleting: [], for: active.configuration, in: record)
        case .replaced:
            report.signedOutLocally = .no
            report.keep(open, deleting: [], for: active.configuration, in: record)
            throw AuthFailure(
                .sessionChanged,
                "Another session was stored meanwhile, and was left alone. The old one is gone from this machine.",
                in: .signOut)
        case .open(let failure, let answer):
            report.signedOutLocally = answer
            report.keep(open, deleting: identities, for: active.configuration, in: record)
            throw failure.told(of: .openDeletion)
        }
    }

    /// Reads the sessions again. Where another process has put other refresh tokens into them, those are revoked too, which
    /// takes time: so it begins again then.
    private func reread(
        _ read: [StoredSession], _ identities: [SessionIdentity], _ remote: RemoteOutcome, _ open: inout OpenSteps,
        _ report: inout SignOutReport
    ) throws(AuthFailure) -> [StoredSession] {
        var known = read.refreshTokens + .present([remote.refreshed?.tokens.refreshToken])
        while true {
            let current = try LocalDeletion(active: active).reread(read, knownAs: identities)
            let changed = current.filter { now in !read.contains { $0.item.isSame(as: now.item) } }
            report.tokensValidUntil = max(report.tokensValidUntil, TokenValidity.end(of: changed, nil))
            let newer = current.refreshTokens.filter { !known.has($0) }
            if newer.isEmpty { return current }
            record?.write(open.adding(revoking: newer.toBeRevoked()))
            revoke(newer, &open, &report)
            known += newer
        }
    }

    /// Revokes refresh tokens that nobody knew of before; but where GlobalSignOut can be retried they are held back too.
    private func revoke(_ newer: [SecretBytes], _ open: inout OpenSteps, _ report: inout SignOutReport) {
        if open.isGlobalSignOutOpen {
            report.add(StepResult(.notAttempted, newer.first.map(AuthFailure.heldBack)))
            open = open.adding(revoking: newer.toBeRevoked())
            return
        }
        let plan = OpenSteps(
            subject: open.subject, globalSignOut: nil, accessToken: nil, refreshToken: nil,
            otherRefreshTokens: newer.toBeRevoked())
        let steps = RemoteSteps(
            plan, .first, active.cognito(secrets: plan.secrets + open.secrets),
            TokenRefresh(active: active, stored: nil, deviceKey: .known(nil)), hasSent: true)
        let outcome = steps.run()
        report.add(outcome.revocation)
        open = open.adding(revoking: outcome.open.revocations, ended: outcome.open.ended)
    }
}
