// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// RevokeToken, for each refresh token.
extension RemoteSteps {
    /// All that are to be revoked.
    var refreshTokens: [SecretBytes] { (refreshToken.map { [$0] } ?? []) + otherRefreshTokens }

    func revoke(_ tokens: [SecretBytes]) {
        for token in tokens {
            do {
                try service.revoke(token)
                hasSentRevocation = true
                if revocation == .notRequested { revocation = .done }
            } catch {
                hasSentRevocation = hasSentRevocation || error.wasSent
                if error.status == .unsupportedOperation {
                    if revocationFailure == nil { revocation = .notEnabled }
                    continue
                }
                if error.status == .cancelled && !error.wasSent && !hasSentAnything {
                    revocation = .notAttempted
                    openRefreshTokens = tokens
                    return
                }
                openRefreshTokens.append(token)
                guard revocationFailure == nil else { continue }
                revocation = Self.remote(after: error)
                revocationFailure = error.authFailure(of: .revokeToken)
                revocationFailure?.suggestion = Self.suggestion(for: error.status)
                revocationFailure?.token = token
            }
        }
    }

    func holdBackRevocation() {
        guard let token = refreshTokens.first else { return }
        openRefreshTokens = refreshTokens
        revocation = .notAttempted
        var failure = AuthFailure(
            .notAttempted, "The refresh token was not revoked, as signing out on all devices can still be retried.")
        failure.token = token
        revocationFailure = failure
    }
}
