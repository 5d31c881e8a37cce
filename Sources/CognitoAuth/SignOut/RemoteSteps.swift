// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The part of a sign-out that Cognito does: GlobalSignOut first, then RevokeToken for each refresh token. A plan goes
/// in, an outcome comes out.
///
/// Always in that order and never side by side: revoking first would end the access token that GlobalSignOut needs.
final class RemoteSteps {
    private var steps: OpenSteps
    private let attempt: Attempt
    private let cognito: CognitoService
    private let refresh: TokenRefresh
    private var refreshed: RefreshedSession?
    /// Whether anything was sent that ends a session, by these steps or before them.
    private var hasSent: Bool
    /// Where what is left is written down as it becomes less; nil where it is not.
    private let record: SignOutRecord?

    /// Which attempt at a sign-out this is.
    enum Attempt {
        case first
        /// What Cognito refuses again is given up: the strongest wish must not end with the weakest result.
        case retry
        /// A retry that nobody waits for. A refresh token that is no good any more needs not be revoked.
        case resume
    }

    init(
        _ plan: OpenSteps, _ attempt: Attempt, _ cognito: CognitoService, _ refresh: TokenRefresh,
        _ record: SignOutRecord? = nil, hasSent: Bool = false
    ) {
        steps = plan
        self.attempt = attempt
        self.cognito = cognito
        self.refresh = refresh
        self.hasSent = hasSent
        self.record = record
    }

    func run() -> RemoteOutcome { revoke(after: signOutGlobally()) }

    /// The first part, which needs the session's lock: GlobalSignOut ends what is signed in here too.
    func signOutGlobally() -> GlobalEnd {
        guard steps.isGlobalSignOutOpen else { return .notRequested }
        let end = endEverySession()
        if case .done = end {
            steps = steps.withRefresh(.answered)  // Whatever refresh token there may be, it has ended.
            record?.write(steps.withoutGlobalSignOut)
        }
        return end
    }

    /// What the end of GlobalSignOut means for RevokeToken.
    func revoke(after end: GlobalEnd) -> RemoteOutcome {
        switch end {
        case .notRequested: return outcome(StepResult(.notRequested), revoking: steps.revocations)
        case .done: return outcome(StepResult(.done), revoking: steps.revocations)
        case .userIsGone:
            let own = steps.refreshToken.map { [$0.token] } ?? []
            return outcome(StepResult(.done), revoking: steps.otherRefreshTokens, ended: own)
        case .givenUp(let step): return outcome(step, revoking: steps.revocations)
        case .refreshIsLost(let step): return outcomeAfterLostRefresh(step)
        case .open(let step): return outcome(step, .heldBack(steps.revocations), isGlobalSignOutOpen: true)
        case .cancelled:
            return outcome(
                StepResult(remote(.notAttempted)), .notAttempted(steps.revocations), isGlobalSignOutOpen: true)
        }
    }

    enum GlobalEnd {
        case notRequested
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

        /// Whether GlobalSignOut may be left open after it.
        var mayStayOpen: Bool {
            switch self {
            case .open, .refreshIsLost, .cancelled: true
            case .notRequested, .done, .userIsGone, .givenUp: false
            }
        }
    }

    // MARK: GlobalSignOut

    private func endEverySession() -> GlobalEnd {
        var isRefused = false
        while true {
            if isRefused || isRefreshNeeded, let end = refreshTokens() { return end }
            guard let accessToken = steps.accessToken else {
                return .givenUp(StepResult(remote(.notAttempted), .noToken))
            }
            do {
                try cognito.globalSignOut(accessToken)
                hasSent = true
                return .done
            } catch {
                hasSent = hasSent || error.wasSent
                if let past = steps.globalSignOut { steps = steps.withGlobalSignOut(StepPast(past, error)) }
                guard error.reason.asksForRefresh, canRefresh else { return end(error) }
                isRefused = true
            }
        }
    }

    /// Tokens are refreshed once.
    private var canRefresh: Bool { steps.refreshToken != nil && refreshed == nil }

    private var isRefreshNeeded: Bool {
        guard let claims = steps.accessToken.flatMap(TokenClaims.init) else { return true }
        return TokenFreshness.isRefreshNeeded(claims, at: cognito.ports.clock.unixSeconds)
            || claims.contradictsAccessToken(of: cognito.configuration.clientID)
    }

    private func end(_ failure: RequestFailure) -> GlobalEnd {
        if let end = endWithoutStep(failure) { return end }
        if failure.isFinalForGlobalSignOut(attempt, canRefresh: steps.refreshToken != nil) {
            return .givenUp(StepResult(remote(.failed), failure.ofGlobalSignOut(steps, attempt)))
        }
        let isUnsent = failure.status == .cancelled && !failure.wasSent
        let remote = isUnsent ? remoteWithoutTokens : remote(.failed)
        return .open(StepResult(remote, failure.ofGlobalSignOut(steps, attempt)))
    }

    /// nil: go on, with what was refreshed if it could be.
    private func refreshTokens() -> GlobalEnd? {
        guard canRefresh, let refreshToken = steps.refreshToken?.token else { return nil }
        let failure: RequestFailure
        do {
            let beginning = cognito.ports.clock.unixSeconds
            let tokens = try refresh.request(refreshToken, cognito)
            steps = steps.taking(tokens)
            record?.writeAtOnce(steps, tokens.refreshToken)
            refreshed = refresh.store(tokens, since: beginning)
            return nil
        } catch {
            failure = error
        }
        steps = steps.withRefresh(StepPast(steps.refresh, failure))
        if let end = endWithoutStep(failure) { return end }
        let step = StepResult(remoteWithoutTokens, failure.ofRefresh(steps))
        if failure.delivery == .unanswered { return .refreshIsLost(step) }
        return failure.isCurableForRefresh ? .open(step) : .givenUp(step)
    }

    /// How every step can end, GlobalSignOut and the refresh before it.
    private func endWithoutStep(_ failure: RequestFailure) -> GlobalEnd? {
        if failure.status == .userNotFound {
            hasSent = true
            return .userIsGone
        }
        return failure.status == .cancelled && !hasSent ? .cancelled : nil
    }

    /// What became of GlobalSignOut if the tokens for it could not be had: perhaps Cognito refused it before.
    private var remoteWithoutTokens: SignOutReport.Remote { remote(hasSent ? .failed : .notAttempted) }

    /// What became of GlobalSignOut, where the latest attempt alone would mean `remote`.
    private func remote(_ remote: SignOutReport.Remote) -> SignOutReport.Remote {
        steps.globalSignOut?.remote(remote) ?? remote
    }

    // MARK: RevokeToken

    private func revoke(_ revocations: [OpenRevocation], after globalSignOut: StepResult) -> Revocation {
        var revocation = Revocation()
        for one in revocations {
            do {
                try cognito.revoke(one.token)
                hasSent = true
                revocation.end(one.token, resultOfRevoking(one.token, after: globalSignOut))
            } catch {
                hasSent = hasSent || error.wasSent
                if error.status == .unsupportedOperation {
                    revocation.end(one.token, StepResult(.notEnabled))
                    continue
                }
                if case .resume = attempt, error.saysTokenEnded {
                    revocation.end(one.token, StepResult(.done))
                    continue
                }
                if error.status == .cancelled && !hasSent { return .notAttempted(revocations) }
                let left = OpenRevocation(token: one.token, past: StepPast(one.past, error))
                revocation.leave(left, error.remote, error.ofRevocation(one.token))
            }
        }
        return revocation
    }

    /// After a refresh whose answer was lost, revoked is only what the old token stood for.
    private func resultOfRevoking(_ token: SecretBytes, after globalSignOut: StepResult) -> StepResult {
        guard steps.refresh == .unanswered, steps.refreshes(with: token) else { return StepResult(.done) }
        return StepResult(.unknown, globalSignOut.failure == nil ? .lostRefreshToken : nil)
    }

    // MARK: Outcome

    private func outcome(
        _ globalSignOut: StepResult, revoking revocations: [OpenRevocation], ended: [SecretBytes] = []
    ) -> RemoteOutcome {
        let revocation = revoke(revocations, after: globalSignOut)
        return outcome(globalSignOut, revocation, isGlobalSignOutOpen: false, ended: ended)
    }

    /// If the old token could not be revoked, it may still be good for all of it.
    private func outcomeAfterLostRefresh(_ globalSignOut: StepResult) -> RemoteOutcome {
        let revocation = revoke(steps.revocations, after: globalSignOut)
        let isOpen = revocation.open.contains { steps.refreshes(with: $0.token) }
        guard isOpen else { return outcome(globalSignOut, revocation, isGlobalSignOutOpen: false) }
        let step = StepResult(globalSignOut.remote, globalSignOut.failure?.told(of: .openStep))
        return outcome(step, revocation, isGlobalSignOutOpen: true)
    }

    private func outcome(
        _ globalSignOut: StepResult, _ revocation: Revocation, isGlobalSignOutOpen: Bool, ended: [SecretBytes] = []
    ) -> RemoteOutcome {
        let digest = cognito.ports.digest
        let isCancelled = !hasSent && cognito.limit.isCancelled
        // What was given up for steps that were not begun is not told here, and so must stay open.
        let isOpen = isGlobalSignOutOpen || isCancelled && steps.isGlobalSignOutOpen
        let left = steps.left(
            isGlobalSignOutOpen: isOpen, revoking: revocation.open,
            ended: (revocation.ended + ended).map { SessionIdentity(refreshToken: $0, digest) })
        // No step failed that was not begun.
        return RemoteOutcome(
            globalSignOut: isCancelled ? StepResult(globalSignOut.remote) : globalSignOut,
            revocation: isCancelled ? StepResult(revocation.result.remote) : revocation.result,
            open: left, refreshed: refreshed, cancellation: isCancelled ? .cancelled(after: steps.refresh) : nil)
    }
}
