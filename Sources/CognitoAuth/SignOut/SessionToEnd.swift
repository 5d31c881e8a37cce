// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What there is to sign out, put together from all sessions that were found, the newest first.
///
/// There should be one. Of several, the newest that can be read is the session; the others are revoked as far as they
/// hold a refresh token.
struct SessionToEnd {
    /// What was read, and is to be deleted; the newest first.
    let stored: [StoredSession]
    /// The one that GlobalSignOut is sent for: the newest that is whole, or what is left of one.
    private let main: StoredSession?
    private let subject: String?

    /// nil: nobody is signed in.
    init?(_ stored: [StoredSession]) {
        guard !stored.isEmpty else { return nil }
        self.stored = stored
        main =
            stored.first { $0.session != nil } ?? stored.first { $0.accessToken != nil }
            ?? stored.first { $0.refreshToken != nil }
        subject = main?.subject
    }

    /// The one that refreshed tokens go in the place of, if it is whole.
    var refreshable: StoredSession? { main.flatMap { $0.session == nil ? nil : $0 } }

    /// Whether the user signed in through the hosted UI, so that the browser may be signed in too.
    var isOfHostedUI: Bool { main?.session?.signInMethod == .hostedUI }

    /// Whether the user may have signed in to any of these sessions in a browser. A damaged session does not say how its
    /// user signed in: `inDoubt` is the answer for it.
    func mayBeInBrowser(inDoubt: Bool) -> Bool {
        stored.contains { $0.signInMethod.map { $0 == .hostedUI } ?? inDoubt }
    }

    var isDamaged: Bool { stored.contains { $0.session == nil } }

    /// The key of the device that the session's user signed in on is looked up by these.
    var deviceKey: TokenRefresh.DeviceKey { .lookedUp(username: main?.username, subject: subject) }

    /// All tokens.
    var secrets: [SecretBytes] { stored.flatMap { $0.secrets } }

    /// What Cognito is to do.
    func plan(globally: Bool) -> OpenSteps {
        OpenSteps(
            subject: subject, globalSignOut: globally ? .answered : nil, accessToken: main?.accessToken,
            refreshToken: main?.refreshToken.map { OpenRevocation(token: $0) },
            otherRefreshTokens: otherRefreshTokens.toBeRevoked())
    }

    /// Those of the other items, each one once.
    private var otherRefreshTokens: [SecretBytes] {
        var others: [SecretBytes] = []
        for token in stored.refreshTokens {
            let isKnown = main?.refreshToken?.hasSameBytes(as: token) ?? false
            if !isKnown && !others.has(token) { others.append(token) }
        }
        return others
    }
}
