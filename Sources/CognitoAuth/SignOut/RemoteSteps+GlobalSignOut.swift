// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// GlobalSignOut, with a refresh before it where the access token needs one.
extension RemoteSteps {
    func endEverySession() -> RevocationStep {
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
    func reconsiderAfterLostRefresh() {
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
}
