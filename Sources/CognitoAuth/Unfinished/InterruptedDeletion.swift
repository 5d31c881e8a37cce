// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Deleting what sign-outs that were interrupted were to delete. The session's lock must be held.
struct InterruptedDeletion {
    let active: ActiveCall

    /// Deletes all ended sessions of a look that may be, and looks.
    func run(_ look: Look) -> LocalDeletion.Outcome {
        let deletion = LocalDeletion(active: active)
        let ended = takeOver(look)
        let identities = deletion.identities(ended)
        do {
            let current = try deletion.reread(ended, knownAs: identities)
            // Another process may have refreshed one since the look.
            let changed = current.filter { now in !ended.contains { $0 === now } }
            if takeOver(changed, look).count == changed.count {
                let outcome = deletion.run(current, knownAs: identities, for: .tidying)
                if ended.count == look.ended.count { return outcome }
            }
        } catch {
            return .open(error, signedOutLocally: .no)
        }
        return .open(
            AuthFailure(.keyringFailed, detail: "an unfinished sign-out cannot be written"), signedOutLocally: .no)
    }

    /// Writes refresh tokens that only an ended session holds into the unfinished sign-out that names it: they are to be
    /// revoked, and nobody would know them afterwards. Returns the sessions that may be deleted now.
    func takeOver(_ look: Look) -> [StoredSession] { takeOver(look.ended, look) }

    private func takeOver(_ ended: [StoredSession], _ look: Look) -> [StoredSession] {
        let digest = active.ports.digest
        return ended.filter { stored in
            look.unfinished.allSatisfy { one in !one.names(stored, digest) || takeOver(stored, one) }
        }
    }

    private func takeOver(_ stored: StoredSession, _ one: UnfinishedSignOut) -> Bool {
        guard let token = stored.refreshToken else { return true }
        let known: OpenSteps
        switch one.content {
        // Whoever wrote it can read it.
        case .newer: return true
        case .damaged: known = .nothing
        case .readable(_, let steps): known = steps
        }
        if known.knows(token, active.ports.digest) { return true }
        let record = SignOutRecord(one, active)
        let steps = known.adding(revoking: [OpenRevocation(token: token)])
        record.write(steps)
        guard record.kept == .yes else { return false }
        // Who finishes it has what was read of it, also where somebody removes it meanwhile.
        one.content = .readable(signedOutAt: record.signedOutAt, steps)
        return true
    }
}

extension OpenSteps {
    /// Whether `token` is to be revoked, or need not be any more.
    func knows(_ token: SecretBytes, _ digest: any Digest) -> Bool {
        if refreshTokens.has(token) { return true }
        return ended.has(SessionIdentity(refreshToken: token, digest))
    }

    /// These steps, and to revoke those of `tokens` that they do not know.
    @inline(never)
    func adding(_ tokens: [SecretBytes], _ digest: any Digest) -> OpenSteps {
        adding(revoking: tokens.filter { !knows($0, digest) }.toBeRevoked())
    }
}
