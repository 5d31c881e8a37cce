// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The refresh token of a session that nobody will hold, which is to end.
struct UnheldToken {
    let token: SecretBytes
    let active: ActiveCall

    /// In milliseconds.
    private static let time: Int64 = 2000

    /// Revokes it. Nobody may cut that short, or the token lives on. So it has little time: enough for the request to be
    /// sent. Returns `failure`, which says so where the token may live on.
    func revoke(_ cognito: CognitoService, after failure: AuthFailure) -> AuthFailure {
        let end = active.ports.clock.monotonicMilliseconds + Self.time
        let limit = WaitLimit(deadline: min(end, active.time.deletion.deadline), cancellation: nil)
        do {
            try cognito.within(limit).revoke(token)
            return failure
        } catch {
            // Without revocation there is nothing that could have been done.
            if error.status == .unsupportedOperation { return failure }
            let told = error.authFailure(of: .revokeToken)
            active.call.write(
                .warning,
                .joining("The refresh token of a session that nobody holds was not revoked: ", told.status.name))
            return failure.adding(
                .joining(" A refresh token that no keyring holds may still be good. ", told.message), token: token)
        }
    }
}
