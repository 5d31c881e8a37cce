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
        var failure = authFailure(of: .globalSignOut)
        failure.token = steps.accessToken
        switch reason {
        case .tokenRevoked:
            failure.status = .sessionEnded
            return failure.told(of: .otherDevices)
        case .scopeMissing: return failure.told(of: .missingScope)
        case .userDisabled: return failure.told(of: .disabledUser)
        case .tokenExpired where steps.refreshToken == nil: return failure.told(of: .otherDevices)
        case .tokenExpired, .other: return failure.told(of: .openStep)
        }
    }

    func ofRefresh(_ steps: OpenSteps) -> AuthFailure {
        var failure = authFailure(of: .getTokensFromRefreshToken)
        failure.token = steps.accessToken
        let isOpen = delivery != .unanswered && isCurableForRefresh
        return failure.told(of: isOpen ? .openStep : .otherDevices)
    }

    func ofRevocation(_ refreshToken: SecretBytes) -> AuthFailure {
        var failure = authFailure(of: .revokeToken)
        failure.token = refreshToken
        return failure.told(of: .openStep)
    }
}

extension AuthFailure {
    static var noToken: AuthFailure {
        AuthFailure(
            .invalidSession, "The stored session has no token that GlobalSignOut could be sent with.",
            in: .otherDevices)
    }

    static func heldBack(_ refreshToken: SecretBytes) -> AuthFailure {
        var failure = AuthFailure(
            .notAttempted, "The refresh token was not revoked, as signing out on all devices can still be retried.",
            in: .openStep)
        failure.token = refreshToken
        return failure
    }
}
