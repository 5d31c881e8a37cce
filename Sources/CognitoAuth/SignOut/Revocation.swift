// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What became of RevokeToken, for all refresh tokens of a plan.
struct Revocation {
    private(set) var result = StepResult(.notRequested)
    /// Those that are still to be revoked.
    private(set) var open: [OpenRevocation] = []
    /// Those that need not be revoked any more.
    private(set) var ended: [SecretBytes] = []

    mutating func end(_ token: SecretBytes, _ result: StepResult) {
        ended.append(token)
        self.result = self.result.with(result)
    }

    mutating func leave(_ revocation: OpenRevocation, _ remote: SignOutReport.Remote, _ failure: AuthFailure?) {
        open.append(revocation)
        result = result.with(StepResult(revocation.past.remote(remote), failure))
    }

    /// Nothing is sent, as a retry of GlobalSignOut needs the access token alive, which RevokeToken would end.
    static func heldBack(_ revocations: [OpenRevocation]) -> Revocation {
        notAttempted(revocations) { .heldBack($0) }
    }

    /// Nothing is sent.
    static func notAttempted(
        _ revocations: [OpenRevocation], _ failure: (SecretBytes) -> AuthFailure? = { _ in nil }
    ) -> Revocation {
        var revocation = Revocation()
        for one in revocations { revocation.leave(one, .notAttempted, failure(one.token)) }
        return revocation
    }
}
