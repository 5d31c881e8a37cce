// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What the failure of a request means for a sign-out, and how it is told.
extension RequestFailure {
    var remote: SignOutReport.Remote {
        switch delivery {
        case .unsent: status == .cancelled ? .notAttempted : .failed
        case .answered: .failed
        case .unanswered: .unknown
        }
    }

    /// Whether a refresh that failed like this may work later.
    var isCurableForRefresh: Bool { serviceException == nil || isTransient }

    /// Whether GlobalSignOut can never work with the tokens that are held.
    func isFinalForGlobalSignOut(canRefresh: Bool) -> Bool {
        switch reason {
        case .tokenRevoked, .scopeMissing, .userDisabled: true
        case .tokenExpired: !canRefresh
        case .other: false
        }
    }

    func ofGlobalSignOut(_ steps: OpenSteps) -> AuthFailure {
        let failure = authFailure(of: .globalSignOut)
        return failure.told(
            of: situationOfGlobalSignOut(canRefresh: steps.refreshToken != nil),
            as: reason == .tokenRevoked ? .sessionEnded : status, token: steps.accessToken)
    }

    private func situationOfGlobalSignOut(canRefresh: Bool) -> Situation {
        switch reason {
        case .tokenRevoked: .otherDevices
        case .scopeMissing: .missingScope
        case .userDisabled: .disabledUser
        case .tokenExpired: canRefresh ? .openStep : .otherDevices
        case .other: .openStep
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

extension AuthFailure {
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
