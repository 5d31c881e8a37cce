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
    /// That of the same item as `accessToken`: the only one that can renew it.
    let refreshToken: SecretBytes?
    /// Those of the other items, each one once.
    let otherRefreshTokens: [SecretBytes]
    let subject: String?
    let username: String?

    init(_ stored: [StoredSession]) {
        let main =
            stored.first { $0.session != nil } ?? stored.first { $0.accessToken != nil }
            ?? stored.first { $0.refreshToken != nil }
        session = stored.first?.session
        accessToken = main?.accessToken
        refreshToken = main?.refreshToken
        subject = main?.subject
        username = main?.username

        var others: [SecretBytes] = []
        for token in stored.compactMap({ $0.refreshToken }) {
            let isKnown = main?.refreshToken?.hasSameBytes(as: token) ?? false
            if !isKnown && !others.contains(where: { $0.hasSameBytes(as: token) }) { others.append(token) }
        }
        otherRefreshTokens = others
    }
}
