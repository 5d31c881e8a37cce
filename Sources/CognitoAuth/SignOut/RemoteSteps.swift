// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The part of a sign-out that Cognito does: GlobalSignOut first, then RevokeToken for each refresh token.
///
/// Always in that order and never side by side: revoking first would end the access token that
/// GlobalSignOut needs.
final class RemoteSteps {
    var globalSignOut: SignOutReport.Remote = .notRequested
    var revocation: SignOutReport.Remote = .notRequested
    var globalSignOutFailure: AuthFailure?
    var revocationFailure: AuthFailure?
    /// The tokens as they are after a refresh.
    var accessToken: SecretBytes?
    /// The one that renews `accessToken`.
    var refreshToken: SecretBytes?
    /// Those of other sessions that were found.
    let otherRefreshTokens: [SecretBytes]
    /// What a retry would still have to do, as far as one can.
    var isGlobalSignOutOpen = false
    var openRefreshTokens: [SecretBytes] = []

    var service: CognitoService
    /// Looked up only for a refresh.
    let deviceKey: () -> SecretBytes?
    /// Stores refreshed tokens; the steps go on with them however that ends.
    let keep: (RefreshedTokens) -> Void
    var hasRefreshed = false
    var hasSentGlobalSignOut = false
    var hasSentRevocation = false
    /// Whether anything was sent that ends a session.
    var hasSentAnything: Bool { hasSentGlobalSignOut || globalSignOut == .done || hasSentRevocation }

    init(
        _ service: CognitoService, accessToken: SecretBytes?, refreshToken: SecretBytes?,
        otherRefreshTokens: [SecretBytes],
        deviceKey: @escaping () -> SecretBytes?, keep: @escaping (RefreshedTokens) -> Void
    ) {
        self.service = service
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.otherRefreshTokens = otherRefreshTokens
        self.deviceKey = deviceKey
        self.keep = keep
    }

    /// Answers false if the call was cancelled before anything was sent that ends a session. All steps are
    /// then open.
    func run(globally: Bool) -> Bool {
        let revocationStep = globally ? endEverySession() : .revoke
        switch revocationStep {
        case .revoke: revoke(refreshTokens)
        case .revokeOld:
            revoke(refreshTokens)
            reconsiderAfterLostRefresh()
        case .revokeOthers: revoke(otherRefreshTokens)
        case .holdBack: holdBackRevocation()
        case .cancelled: break
        }
        return hasSentAnything || !service.limit.isCancelled
    }

    /// What GlobalSignOut's end means for RevokeToken.
    enum RevocationStep {
        case revoke
        /// The answer to a refresh was lost, so the newest refresh token may be one that we never saw.
        case revokeOld
        /// A retry of GlobalSignOut needs the access token alive.
        case holdBack
        /// This session's user does not exist any more.
        case revokeOthers
        /// Nothing was sent, and nothing is to be.
        case cancelled
    }

    /// The partial-failure token for the steps that are still open, or nil.
    func partialFailureToken(subject: String?, for configuration: Configuration) -> SecretBytes? {
        let isMine: (SecretBytes) -> Bool = { self.refreshToken?.hasSameBytes(as: $0) ?? false }
        return PartialFailureToken(
            subject: subject, isGlobalSignOutOpen: isGlobalSignOutOpen,
            accessToken: isGlobalSignOutOpen ? accessToken : nil,
            refreshToken: openRefreshTokens.first(where: isMine),
            otherRefreshTokens: openRefreshTokens.filter { !isMine($0) }
        ).encode(for: configuration)
    }
}
