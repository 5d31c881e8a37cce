// SPDX-License-Identifier: Apache-2.0

/// When an access token is refreshed before it is used.
enum TokenFreshness {
    /// Less than this many seconds left count as none.
    static let margin: Int64 = 10

    /// Whether a session is to be refreshed before it is handed out. One whose access token has no readable expiry,
    /// and that nothing can refresh, is handed out: it may be good.
    static func isRefreshNeeded(_ session: Session, _ life: TokenLife?, at unixSeconds: Int64) -> Bool {
        if let isOver = life?.isOver(at: unixSeconds, margin: margin) { return isOver }
        let claims = TokenClaims(session.accessToken)
        if session.refreshToken == nil && claims?.expiresAt == nil { return false }
        return isRefreshNeeded(claims, at: unixSeconds)
    }

    /// Whether an access token that says this is expired or about to be, or has no readable expiry.
    static func isRefreshNeeded(_ claims: TokenClaims?, at unixSeconds: Int64) -> Bool {
        guard let expiresAt = claims?.expiresAt else { return true }
        return expiresAt < unixSeconds + margin
    }
}
