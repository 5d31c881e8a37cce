// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The part of a sign-out that Cognito does: GlobalSignOut first, then RevokeToken for each refresh token. A plan goes
/// in, an outcome comes out.
///
/// Always in that order and never side by side: revoking first would end the access token that GlobalSignOut needs.
struct RemoteSteps {
    private var steps: OpenSteps
    private var cognito: CognitoService
    private let refresh: TokenRefresh
    private var refreshed: RefreshedSession?
    /// Whether anything was sent that ends a session, by these steps or before them.
    private var hasSent: Bool

    init(_ plan: OpenSteps, _ cognito: CognitoService, _ refresh: TokenRefresh, hasSent: Bool = false) {
        steps = plan
        self.cognito = cognito
        self.refresh = refresh
        self.hasSent = hasSent
    }

    /// What the end of GlobalSignOut means for RevokeToken.
    mutating func run() -> RemoteOutcome {
        guard steps.isGlobalSignOutOpen else {
            return outcome(StepResult(.notRequested), revoking: steps.refreshTokens)
        }
        switch endEverySession() {
        case .done: return outcome(StepResult(.done), revoking: steps.refreshTokens)
        case .userIsGone: return outcome(StepResult(.done), revoking: steps.otherRefreshTokens)
        case .givenUp(let step): return outcome(step, revoking: steps.refreshTokens)
        case .refreshIsLost(let step): return outcomeAfterLostRefresh(step)
        case .open(let step): return outcome(step, heldBack, isGlobalSignOutOpen: true)
        case .cancelled:
            let untouched = Revocation(result: StepResult(.notAttempted), open: steps.refreshTokens)
            return outcome(StepResult(.notAttempted), untouched, isGlobalSignOutOpen: true)
        }
    }

    private enum GlobalEnd {
        case done
        /// There is no user left, and no session of this user's to be revoked.
        case userIsGone
        /// It can never work with the tokens that are held.
        case givenUp(StepResult)
        /// The answer to the refresh was lost, so the newest refresh token may be one that we never saw.
        case refreshIsLost(StepResult)
        /// It may work later, and needs the access token alive for that.
        case open(StepResult)
        /// Nothing was sent, and nothing is to be.
        case cancelled
    }

    // MARK: GlobalSignOut

    private mutating func endEverySession() -> GlobalEnd {
        var isRefused = false
        while true {
            if isRefused || isRefreshNeeded, let end = refreshTokens() { return end }
            guard let accessToken = steps.accessToken else { return .givenUp(StepResult(.notAttempted, .noToken)) }
            do {
                try cognito.globalSignOut(accessToken)
                hasSent = true
                return .done
            } catch {
                hasSent = hasSent || error.wasSent
                guard error.reason == .tokenExpired, canRefresh else { return end(error) }
                isRefused = true
            }
        }
    }

    /// Tokens are refreshed once.
    private var canRefresh: Bool { steps.refreshToken != nil && refreshed == nil }

    private var isRefreshNeeded: Bool {
        guard let accessToken = steps.accessToken else { return true }
        return TokenFreshness.isRefreshNeeded(accessToken, at: cognito.ports.clock.unixSeconds)
    }

    private mutating func end(_ failure: RequestFailure) -> GlobalEnd {
        if let end = endWithoutStep(failure) { return end }
        if failure.isFinalForGlobalSignOut(canRefresh: steps.refreshToken != nil) {
            // Where an earlier attempt got no answer, it may have been that one which ended the session.
            let isUnknown = failure.reason == .tokenRevoked && failure.delivery == .unanswered
            return .givenUp(StepResult(isUnknown ? .unknown : .failed, failure.ofGlobalSignOut(steps)))
        }
        let isUnsent = failure.status == .cancelled && !failure.wasSent
        return .open(StepResult(isUnsent ? remoteWithoutTokens : failure.remote, failure.ofGlobalSignOut(steps)))
    }

    /// nil: go on, with what was refreshed if it could be.
    private mutating func refreshTokens() -> GlobalEnd? {
        guard canRefresh, let refreshToken = steps.refreshToken else { return nil }
        let failure: RequestFailure
        do {
            let refreshed = try refresh.run(refreshToken, &cognito)
            steps.take(refreshed.tokens)
            self.refreshed = refreshed
            return nil
        } catch {
            failure = error
        }
        if let end = endWithoutStep(failure) { return end }
        let step = StepResult(remoteWithoutTokens, failure.ofRefresh(steps))
        if failure.delivery == .unanswered { return .refreshIsLost(step) }
        return failure.isCurableForRefresh ? .open(step) : .givenUp(step)
    }

    /// How every step can end, GlobalSignOut and the refresh before it.
    private mutating func endWithoutStep(_ failure: RequestFailure) -> GlobalEnd? {
        if failure.status == .userNotFound {
            hasSent = true
            return .userIsGone
        }
        return failure.status == .cancelled && !hasSent ? .cancelled : nil
    }

    /// What became of GlobalSignOut if the tokens for it could not be had: perhaps Cognito refused it before.
    private var remoteWithoutTokens: SignOutReport.Remote { hasSent ? .failed : .notAttempted }

    // MARK: RevokeToken

    private struct Revocation {
        var result: StepResult
        /// The refresh tokens that are still to be revoked.
        var open: [SecretBytes]
    }

    private mutating func revoke(_ refreshTokens: [SecretBytes]) -> Revocation {
        var revocation = Revocation(result: StepResult(.notRequested), open: [])
        for token in refreshTokens {
            let isFirstFailure = revocation.result.failure == nil
            do {
                try cognito.revoke(token)
                hasSent = true
                if revocation.result.remote == .notRequested { revocation.result = StepResult(.done) }
            } catch {
                hasSent = hasSent || error.wasSent
                if error.status == .unsupportedOperation {
                    if isFirstFailure { revocation.result = StepResult(.notEnabled) }
                    continue
                }
                if error.status == .cancelled && !hasSent {
                    return Revocation(result: StepResult(.notAttempted), open: refreshTokens)
                }
                revocation.open.append(token)
                if isFirstFailure { revocation.result = StepResult(error.remote, error.ofRevocation(token)) }
            }
        }
        return revocation
    }

    /// A retry of GlobalSignOut needs the access token alive, which RevokeToken would end.
    private var heldBack: Revocation {
        guard let token = steps.refreshTokens.first else {
            return Revocation(result: StepResult(.notRequested), open: [])
        }
        return Revocation(result: StepResult(.notAttempted, .heldBack(token)), open: steps.refreshTokens)
    }

    // MARK: Outcome

    private mutating func outcome(_ globalSignOut: StepResult, revoking refreshTokens: [SecretBytes]) -> RemoteOutcome {
        let revocation = revoke(refreshTokens)
        return outcome(globalSignOut, revocation, isGlobalSignOutOpen: false)
    }

    /// Revoked is then only what the old token stood for; and if not even that was, the old token may still be good for
    /// all of it.
    private mutating func outcomeAfterLostRefresh(_ globalSignOut: StepResult) -> RemoteOutcome {
        var revocation = revoke(steps.refreshTokens)
        if revocation.result.remote == .done { revocation.result = StepResult(.unknown) }
        let isOpen = revocation.open.contains { steps.refreshToken?.hasSameBytes(as: $0) ?? false }
        guard isOpen else { return outcome(globalSignOut, revocation, isGlobalSignOutOpen: false) }
        let step = StepResult(globalSignOut.remote, globalSignOut.failure?.told(of: .openStep))
        return outcome(step, revocation, isGlobalSignOutOpen: true)
    }

    private func outcome(
        _ globalSignOut: StepResult, _ revocation: Revocation, isGlobalSignOutOpen: Bool
    ) -> RemoteOutcome {
        RemoteOutcome(
            globalSignOut: globalSignOut, revocation: revocation.result,
            open: steps.left(isGlobalSignOutOpen: isGlobalSignOutOpen, revoking: revocation.open),
            refreshed: refreshed, hasBegun: hasSent || !cognito.limit.isCancelled)
    }
}
