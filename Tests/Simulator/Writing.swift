// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// What a sign-out that is kept must have written down before it goes on, so that whoever finishes it knows.
extension World {
    func checkWritten(beforeDeletionBy run: Run) {
        guard run.isSignOut, let record = kept(by: run) else { return }
        if record.tokens.contains(where: run.toldRevoked.contains) {
            violate("deleted a session before it wrote down which of its refresh tokens are revoked")
        }
    }

    /// `revoking`: the refresh token that is to be revoked; nil where something else is asked.
    func checkWritten(beforeRequestOf run: Run, revoking token: Int?) {
        if run.isSignOut, let record = kept(by: run) {
            for token in run.minted where cognito.isLive(token) && !record.tokens.contains(token) {
                violate("went on before it wrote down refresh token \(token)")
            }
        }
        // A retry knows only the record that its token tells of.
        guard run.isSignOut || run.call == .resume, run.refusals == 0, !run.wasBeside else { return }
        let open = keyring.unfinished().filter { $0.content.open != nil }
        if let done = run.globallySignedOut, open.contains(where: { $0.content.open == done }) {
            violate("went on before it wrote down that GlobalSignOut is done")
        }
        guard let token else { return }
        let family = cognito.refreshTokens[token].family
        // Two sign-outs of one session, where one went on without the lock: each does its own, whatever is left of the other.
        let isAnothers = keyring.unfinished().contains { $0.content.open == nil && $0.tokens.contains(token) }
        if run.heldBack.contains(family), !isAnothers, open.contains(where: { $0.tokens.contains(token) }) {
            violate("sent RevokeToken before a GlobalSignOut that can still be done")
        }
    }

    /// The unfinished sign-out that a call has written, where the keyring has done all that it was asked.
    private func kept(by run: Run) -> SimulatedKeyring.Item? {
        guard run.refusals == 0, !run.wasBeside, let record = run.record,
            keyring.items.contains(where: { $0 === record })
        else { return nil }
        return record
    }

    /// `access`: what GlobalSignOut was sent with by a resume.
    func checkAge(ofSignOutWith access: Int, _ run: Run) {
        guard surroundings.hasSteadyClocks else { return }
        for record in keyring.unfinished() where record.content.open == access {
            let age = World.epoch + now + run.program.clockOffset - record.content.signedOutAt
            if age > 86_400_000 + Int64(run.timeout) { violate("a resume sent GlobalSignOut more than a day later") }
        }
    }
}
