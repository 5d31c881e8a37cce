// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The part of a sign-out that Cognito does: GlobalSignOut first, then RevokeToken for each refresh token.
///
/// Always in that order and never side by side: revoking first would end the access token that
/// GlobalSignOut needs.
final class RemoteSteps {
    private(set) var globalSignOut: SignOutReport.Remote = .notRequested
    private(set) var revocation: SignOutReport.Remote = .notRequested
    private(set) var globalSignOutFailure: AuthFailure?
    private(set) var revocationFailure: AuthFailure?
    /// The tokens as they are after a refresh.
    private var accessToken: SecretBytes?
    /// The session's own first, then those of other sessions that were found.
    private var refreshTokens: [SecretBytes]
    /// What a retry would still have to do, as far as one can.
    private var isGlobalSignOutOpen = false
    private var openRefreshTokens: [SecretBytes] = []

    private let service: CognitoService
    /// Looked up only for a refresh.
    private let deviceKey: () -> SecretBytes?
    /// Stores refreshed tokens; the steps go on with them however that ends.
    private let keep: (RefreshedTokens) -> Void
    private var hasRefreshed = false

    init(
        _ service: CognitoService, accessToken: SecretBytes?, refreshTokens: [SecretBytes],
        deviceKey: @escaping () -> SecretBytes?, keep: @escaping (RefreshedTokens) -> Void
    ) {
        self.service = service
        self.accessToken = accessToken
        self.refreshTokens = refreshTokens
        self.deviceKey = deviceKey
        self.keep = keep
    }

    func run(globally: Bool) {
        let revocationStep = globally ? endEverySession() : .revoke
        switch revocationStep {
        case .revoke: revoke()
        case .revokeWithOldToken:
            revoke()
            if revocation == .done { revocation = .unknown }
        case .holdBack: holdBackRevocation()
        case .notNeeded: break
        }
    }

    /// What GlobalSignOut's end means for RevokeToken.
    private enum RevocationStep {
        case revoke
        /// The answer to a refresh was lost, so the newest refresh token may be one that we never saw.
        case revokeWithOldToken
        /// A retry of GlobalSignOut needs the access token alive.
        case holdBack
        /// No user is left.
        case notNeeded
    }

    /// The partial-failure token for the steps that are still open, or nil.
    func partialFailureToken(subject: String?, for configuration: Configuration) -> SecretBytes? {
        PartialFailureToken(
            subject: subject, accessToken: isGlobalSignOutOpen ? accessToken : nil, refreshTokens: openRefreshTokens
        ).encode(for: configuration)
    }

    // MARK: GlobalSignOut

    private func endEverySession() -> RevocationStep {
        if accessToken.map({ SessionRefresh.isNeeded($0, at: service.world.clock.unixSeconds) }) ?? true,
            let step = refresh()
        {
            return step
        }
        guard let token = accessToken else {
            let failure = AuthFailure(
                .invalidSession, "The stored session has no token that GlobalSignOut could be sent with.",
                suggestion: Self.signInAgain)
            return giveUpGlobalSignOut(failure, as: .notAttempted)
        }
        do {
            try service.globalSignOut(token)
            globalSignOut = .done
            return .revoke
        } catch {
            return stepAfterFailedGlobalSignOut(error)
        }
    }

    private func stepAfterFailedGlobalSignOut(_ failure: RequestFailure) -> RevocationStep {
        var told = failure.authFailure(of: .globalSignOut)
        told.token = accessToken
        if failure.status == .userNotFound { return finishWithoutUser() }
        switch failure.reason {
        case .tokenRevoked:
            told.status = .sessionEnded
            told.suggestion = Self.signInAgain
            // Where an earlier attempt got no answer, it may have been that one which ended the session.
            return giveUpGlobalSignOut(told, as: failure.hasLostAnswer ? .unknown : .failed)
        case .scopeMissing:
            told.suggestion =
                "Sign in with the scope aws.cognito.signin.user.admin, which GlobalSignOut needs, then sign out everywhere."
            return giveUpGlobalSignOut(told, as: .failed)
        case .userDisabled:
            told.suggestion = "The user is disabled. Ask who runs the service to end the user's sessions."
            return giveUpGlobalSignOut(told, as: .failed)
        case .tokenExpired where refreshTokens.isEmpty:
            told.suggestion = Self.signInAgain
            return giveUpGlobalSignOut(told, as: .failed)
        case .tokenExpired where !hasRefreshed:
            return refresh() ?? endEverySession()
        case .tokenExpired, .other:
            told.suggestion = Self.suggestion(for: failure.status)
            return leaveGlobalSignOutOpen(told, as: Self.remote(after: failure))
        }
    }

    /// Renews the tokens. nil: go on with what we hold.
    private func refresh() -> RevocationStep? {
        guard !hasRefreshed, let refreshToken = refreshTokens.first else { return nil }
        hasRefreshed = true
        let failure: RequestFailure
        do {
            let tokens = try service.refresh(refreshToken, deviceKey: deviceKey())
            accessToken = tokens.accessToken
            if let rotated = tokens.refreshToken { refreshTokens[0] = rotated }
            keep(tokens)
            return nil
        } catch {
            failure = error
        }
        if failure.status == .userNotFound { return finishWithoutUser() }

        var told = failure.authFailure(of: .getTokensFromRefreshToken)
        told.token = accessToken
        if failure.hasLostAnswer {
            told.suggestion = Self.signInAgain
            _ = giveUpGlobalSignOut(told, as: .notAttempted)
            return .revokeWithOldToken
        }
        if Self.isCurable(failure) {
            told.suggestion = Self.suggestion(for: failure.status)
            return leaveGlobalSignOutOpen(told, as: .notAttempted)
        }
        told.suggestion = Self.signInAgain
        return giveUpGlobalSignOut(told, as: .notAttempted)
    }

    private func finishWithoutUser() -> RevocationStep {
        globalSignOut = .done
        return .notNeeded
    }

    private func giveUpGlobalSignOut(_ failure: AuthFailure, as remote: SignOutReport.Remote) -> RevocationStep {
        globalSignOut = remote
        globalSignOutFailure = failure
        return .revoke
    }

    private func leaveGlobalSignOutOpen(_ failure: AuthFailure, as remote: SignOutReport.Remote) -> RevocationStep {
        globalSignOut = remote
        globalSignOutFailure = failure
        isGlobalSignOutOpen = true
        return .holdBack
    }

    // MARK: RevokeToken

    private func revoke() {
        for token in refreshTokens {
            do {
                try service.revoke(token)
                if revocation == .notRequested { revocation = .done }
            } catch {
                if error.status == .unsupportedOperation {
                    if revocationFailure == nil { revocation = .notEnabled }
                    continue
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

    private func holdBackRevocation() {
        guard let token = refreshTokens.first else { return }
        openRefreshTokens = refreshTokens
        revocation = .notAttempted
        var failure = AuthFailure(
            .notAttempted, "The refresh token was not revoked, as signing out on all devices can still be retried.")
        failure.token = token
        revocationFailure = failure
    }

    // MARK: What a failure means

    private static let signInAgain =
        "Other devices may still be signed in. Sign in again, then sign out everywhere."

    /// Whether a refresh that failed like this may work later.
    private static func isCurable(_ failure: RequestFailure) -> Bool {
        failure.serviceException == nil || failure.isTransient
    }

    private static func remote(after failure: RequestFailure) -> SignOutReport.Remote {
        failure.hasLostAnswer ? .unknown : .failed
    }

    private static func suggestion(for status: Status) -> String {
        switch status {
        case .hostNotFound, .connectionFailed, .networkTimedOut, .connectionLost, .networkFailed, .proxyFailed,
            .deadlineExceeded:
            "Check the network connection, then retry with the partial-failure token."
        case .tooManyRequests, .internalError:
            "Retry with the partial-failure token in a minute."
        case .tlsFailed: "\(status.texts.suggestion) Then retry with the partial-failure token."
        case .invalidResponse:
            "Check whether a proxy or a sign-in page of this network answers in Cognito's place, then retry with the partial-failure token."
        default:
            "Retry with the partial-failure token. If that is refused too, ask who runs the service to end the user's sessions."
        }
    }
}
