// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// When an access token is renewed before it is used.
enum SessionRefresh {
    /// Less than this many seconds left count as none.
    static let margin: Int64 = 10

    /// Whether a session is to be renewed before it is handed out. One whose access token does not tell,
    /// and that nothing can renew, is handed out: it may be good.
    static func isNeeded(_ session: Session, at unixSeconds: Int64) -> Bool {
        if session.refreshToken == nil && TokenClaims(session.accessToken)?.expiresAt == nil { return false }
        return isNeeded(session.accessToken, at: unixSeconds)
    }

    /// Whether `accessToken` is expired or about to, or does not tell.
    static func isNeeded(_ accessToken: SecretBytes, at unixSeconds: Int64) -> Bool {
        guard let expiresAt = TokenClaims(accessToken)?.expiresAt else { return true }
        return expiresAt < unixSeconds + margin
    }
}
