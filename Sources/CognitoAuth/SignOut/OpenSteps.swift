// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Steps that are to be done, and what doing them needs: the plan of a sign-out or a retry, and what either leaves open.
struct OpenSteps {
    /// The user's `sub`, if it is known.
    let subject: String?
    let isGlobalSignOutOpen: Bool
    /// The one that GlobalSignOut needs.
    private(set) var accessToken: SecretBytes?
    /// The one that refreshes `accessToken`. It is to be revoked too.
    private(set) var refreshToken: SecretBytes?
    /// Others that are to be revoked.
    let otherRefreshTokens: [SecretBytes]
    /// The stored sessions that are still to be deleted from this machine.
    var deletions: [SessionIdentity]

    init(
        subject: String?, isGlobalSignOutOpen: Bool, accessToken: SecretBytes?, refreshToken: SecretBytes?,
        otherRefreshTokens: [SecretBytes], deletions: [SessionIdentity] = []
    ) {
        self.subject = subject
        self.isGlobalSignOutOpen = isGlobalSignOutOpen
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.otherRefreshTokens = otherRefreshTokens
        self.deletions = deletions
    }

    var isEmpty: Bool { !isGlobalSignOutOpen && refreshTokens.isEmpty && deletions.isEmpty }

    /// Whether the keyring must be readable before anything is sent.
    var needsKeyring: Bool { isGlobalSignOutOpen || !deletions.isEmpty }

    /// All that are to be revoked.
    var refreshTokens: [SecretBytes] { [refreshToken].compactMap { $0 } + otherRefreshTokens }

    /// All tokens.
    var secrets: [SecretBytes] { [accessToken].compactMap { $0 } + refreshTokens }

    /// Goes on with what Cognito gave for the refresh token.
    mutating func take(_ tokens: RefreshedTokens) {
        accessToken = tokens.accessToken
        refreshToken = tokens.refreshToken ?? refreshToken
    }

    /// What is left of the remote steps where GlobalSignOut is open or not, and only these refresh tokens are still to be
    /// revoked.
    func left(isGlobalSignOutOpen: Bool, revoking left: [SecretBytes]) -> OpenSteps {
        let isMine: (SecretBytes) -> Bool = { refreshToken?.hasSameBytes(as: $0) ?? false }
        return OpenSteps(
            subject: subject, isGlobalSignOutOpen: isGlobalSignOutOpen,
            accessToken: isGlobalSignOutOpen ? accessToken : nil, refreshToken: left.first(where: isMine),
            otherRefreshTokens: left.filter { !isMine($0) })
    }

    /// These steps, and refresh tokens that are to be revoked too.
    func adding(revoking more: [SecretBytes]) -> OpenSteps {
        OpenSteps(
            subject: subject, isGlobalSignOutOpen: isGlobalSignOutOpen, accessToken: accessToken,
            refreshToken: refreshToken, otherRefreshTokens: otherRefreshTokens + more, deletions: deletions)
    }
}
