// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What the failure of a request means for a sign-out, and how it is told.
extension RequestFailure {
    /// What became of the step, unless it may be done: `StepPast` knows that.
    var remote: SignOutReport.Remote { status == .cancelled && !wasSent ? .notAttempted : .failed }

    /// Whether a refresh that failed like this may work later.
    var isCurableForRefresh: Bool { serviceException == nil || isTransient }

    /// Whether GlobalSignOut is given up: it can never work with the tokens that are held, or was refused again. What
    /// forbids it may be the network that this machine is in now.
    func isFinalForGlobalSignOut(_ attempt: RemoteSteps.Attempt, canRefresh: Bool) -> Bool {
        switch reason {
        case .tokenRevoked, .scopeMissing, .userDisabled: return true
        case .tokenExpired where !canRefresh: return true
        case .tokenExpired, .tokenInvalid, .refreshTokenEnded, .other:
            return attempt != .first && isRefusal && status != .forbidden
        }
    }

    /// Whether Cognito said of RevokeToken that there is nothing left to be revoked. What else it refuses says nothing of the
    /// token: a disabled user's lives on.
    var saysTokenEnded: Bool {
        switch (status, reason) {
        case (.userNotFound, _), (_, .refreshTokenEnded): true
        default: false
        }
    }

    func ofGlobalSignOut(_ steps: OpenSteps, _ attempt: RemoteSteps.Attempt) -> AuthFailure {
        let isFinal = isFinalForGlobalSignOut(attempt, canRefresh: steps.refreshToken != nil)
        return authFailure(of: .globalSignOut).told(
            of: isFinal ? situationOfFinalRefusal : .openStep, as: reason == .tokenRevoked ? .sessionEnded : status,
            token: steps.accessToken)
    }

    private var situationOfFinalRefusal: Situation {
        switch reason {
        case .scopeMissing: .missingScope
        case .userDisabled: .disabledUser
        case .tokenRevoked, .tokenExpired, .tokenInvalid, .refreshTokenEnded, .other: .otherDevices
        }
    }

    func ofRefresh(_ steps: OpenSteps) -> AuthFailure {
        let isOpen = delivery != .unanswered && isCurableForRefresh
        return authFailure(of: .getTokensFromRefreshToken)
            .told(of: isOpen ? .openStep : .otherDevices, token: steps.accessToken)
    }

    func ofRevocation(_ refreshToken: SecretBytes) -> AuthFailure {
        authFailure(of: .revokeToken).told(of: .openStep, token: refreshToken)
    }
}

extension RequestFailure.Reason {
    /// Whether GlobalSignOut may work with a refreshed access token.
    var asksForRefresh: Bool {
        switch self {
        case .tokenExpired, .tokenInvalid: true
        case .tokenRevoked, .scopeMissing, .userDisabled, .refreshTokenEnded, .other: false
        }
    }
}

extension AuthFailure {
    /// A sign-out or a retry that was cancelled before it sent what ends a session.
    static func cancelled(after refresh: StepPast) -> AuthFailure {
        switch refresh {
        case .answered: AuthFailure(.cancelled, detail: "nothing was revoked or deleted")
        case .unanswered:
            AuthFailure(
                .cancelled,
                detail: "nothing was revoked or deleted, but a refresh got no answer, and may have ended the session")
        }
    }

    /// The refresh token that Cognito may have given in an answer that was lost.
    static var lostRefreshToken: AuthFailure {
        AuthFailure(
            .connectionLost,
            "The answer to an earlier refresh was lost. A refresh token that was in it may still be good.",
            in: .otherDevices)
    }

    static var noToken: AuthFailure {
        AuthFailure(
            .invalidSession, "The stored session has no token that GlobalSignOut could be sent with.",
            in: .otherDevices)
    }

    static func heldBack(_ refreshToken: SecretBytes) -> AuthFailure {
        AuthFailure(
            .notAttempted, "The refresh token was not revoked, as signing out on all devices can still be retried.",
            in: .openStep, token: refreshToken)
    }
}
