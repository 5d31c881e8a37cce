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
    /// The one that renews `accessToken`.
    private var refreshToken: SecretBytes?
    /// Those of other sessions that were found.
    private let otherRefreshTokens: [SecretBytes]
    /// What a retry would still have to do, as far as one can.
    private var isGlobalSignOutOpen = false
    private var openRefreshTokens: [SecretBytes] = []

    private var service: CognitoService
    /// Looked up only for a refresh.
    private let deviceKey: () -> SecretBytes?
    /// Stores refreshed tokens; the steps go on with them however that ends.
    private let keep: (RefreshedTokens) -> Void
    private var hasRefreshed = false
    private var hasSentGlobalSignOut = false
    private var hasSentRevocation = false
    /// Whether anything was sent that ends a session.
    private var hasSentAnything: Bool { hasSentGlobalSignOut || globalSignOut == .done || hasSentRevocation }

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
    private enum RevocationStep {
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
        hasSentGlobalSignOut = hasSentGlobalSignOut || failure.wasSent
        var told = failure.authFailure(of: .globalSignOut)
        told.token = accessToken
        if failure.status == .userNotFound { return finishWithoutUser() }
        if failure.status == .cancelled && !hasSentGlobalSignOut { return stopInTime() }
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
        case .tokenExpired where refreshToken == nil:
            told.suggestion = Self.signInAgain
            return giveUpGlobalSignOut(told, as: .failed)
        case .tokenExpired where !hasRefreshed:
            return refresh() ?? endEverySession()
        case .tokenExpired, .other:
            told.suggestion = Self.suggestion(for: failure.status)
            let isUnsent = failure.status == .cancelled && !failure.wasSent
            return leaveGlobalSignOutOpen(told, as: isUnsent ? remoteWithoutRefresh : Self.remote(after: failure))
        }
    }

    /// Renews the tokens. nil: go on with what we hold.
    private func refresh() -> RevocationStep? {
        guard !hasRefreshed, let oldToken = refreshToken else { return nil }
        hasRefreshed = true
        let failure: RequestFailure
        do {
            let deviceKey = deviceKey()
            if let deviceKey { service.secrets.append(deviceKey) }
            let tokens = try service.refresh(oldToken, deviceKey: deviceKey)
            service.secrets += tokens.secrets
            accessToken = tokens.accessToken
            refreshToken = tokens.refreshToken ?? oldToken
            keep(tokens)
            return nil
        } catch {
            failure = error
        }
        if failure.status == .userNotFound { return finishWithoutUser() }
        if failure.status == .cancelled && !hasSentGlobalSignOut { return stopInTime() }

        var told = failure.authFailure(of: .getTokensFromRefreshToken)
        told.token = accessToken
        if failure.hasLostAnswer {
            told.suggestion = Self.signInAgain
            _ = giveUpGlobalSignOut(told, as: remoteWithoutRefresh)
            return .revokeOld
        }
        if Self.isCurable(failure) {
            told.suggestion = Self.suggestion(for: failure.status)
            return leaveGlobalSignOutOpen(told, as: remoteWithoutRefresh)
        }
        told.suggestion = Self.signInAgain
        return giveUpGlobalSignOut(told, as: remoteWithoutRefresh)
    }

    /// What became of GlobalSignOut if the tokens for it could not be had: perhaps Cognito refused it before.
    private var remoteWithoutRefresh: SignOutReport.Remote { hasSentGlobalSignOut ? .failed : .notAttempted }

    /// The answer to a refresh was lost. Revoked is then only what the old token stood for; and if not even
    /// that was, the old token may still be good for all of it.
    private func reconsiderAfterLostRefresh() {
        if revocation == .done { revocation = .unknown }
        guard let refreshToken, openRefreshTokens.contains(where: { $0.hasSameBytes(as: refreshToken) }),
            let status = globalSignOutFailure?.status
        else { return }
        isGlobalSignOutOpen = true
        globalSignOutFailure?.suggestion = Self.suggestion(for: status)
    }

    private func finishWithoutUser() -> RevocationStep {
        globalSignOut = .done
        return .revokeOthers
    }

    private func stopInTime() -> RevocationStep {
        globalSignOut = .notAttempted
        isGlobalSignOutOpen = true
        revocation = .notAttempted
        openRefreshTokens = refreshTokens
        return .cancelled
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

    /// All that are to be revoked.
    private var refreshTokens: [SecretBytes] { (refreshToken.map { [$0] } ?? []) + otherRefreshTokens }

    private func revoke(_ tokens: [SecretBytes]) {
        for token in tokens {
            do {
                try service.revoke(token)
                hasSentRevocation = true
                if revocation == .notRequested { revocation = .done }
            } catch {
                if error.status == .unsupportedOperation {
                    if revocationFailure == nil { revocation = .notEnabled }
                    continue
                }
                if error.status == .cancelled && !error.wasSent && !hasSentAnything {
                    revocation = .notAttempted
                    openRefreshTokens = tokens
                    return
                }
                hasSentRevocation = hasSentRevocation || error.wasSent
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
        if failure.status == .cancelled && !failure.wasSent { return .notAttempted }
        return failure.hasLostAnswer ? .unknown : .failed
    }

    private static func suggestion(for status: Status) -> String {
        switch status {
        case .hostNotFound, .connectionFailed, .networkTimedOut, .connectionLost, .networkFailed, .proxyFailed,
            .deadlineExceeded:
            "Check the network connection, then retry with the partial-failure token."
        case .cancelled: "Retry with the partial-failure token when you want it done."
        case .tooManyRequests, .internalError:
            "Retry with the partial-failure token in a minute."
        case .tlsFailed: "\(status.suggestion) Then retry with the partial-failure token."
        case .invalidResponse:
            "Check whether a proxy or a sign-in page of this network answers in Cognito's place, then retry with the partial-failure token."
        default:
            "Retry with the partial-failure token. If that is refused too, ask who runs the service to end the user's sessions."
        }
    }
}
