// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What there is to sign out, put together from all items that were found, the newest first.
///
/// There should be one. Of several, the newest that can be read is the session; the others are revoked
/// as far as they hold a refresh token.
struct SignedOutSession {
    /// The session, if the newest item is whole.
    let session: Session?
    let accessToken: SecretBytes?
    /// That of the same item as `accessToken` first, each one once.
    let refreshTokens: [SecretBytes]
    let subject: String?
    let username: String?

    init(_ stored: [StoredSession]) {
        let main = stored.first { $0.session != nil } ?? stored.first { $0.accessToken != nil }
        session = stored.first?.session
        accessToken = main?.accessToken
        subject = main?.subject
        username = main?.username

        var tokens: [SecretBytes] = []
        for token in [main?.refreshToken] + stored.map({ $0.refreshToken }) {
            guard let token, !tokens.contains(where: { $0.hasSameBytes(as: token) }) else { continue }
            tokens.append(token)
        }
        refreshTokens = tokens
    }
}
