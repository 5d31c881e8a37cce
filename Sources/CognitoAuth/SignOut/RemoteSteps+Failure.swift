// SPDX-License-Identifier: Apache-2.0

/// What the failure of a step means for the result and for the user.
extension RemoteSteps {
    static let signInAgain =
        "Other devices may still be signed in. Sign in again, then sign out everywhere."

    /// Whether a refresh that failed like this may work later.
    static func isCurable(_ failure: RequestFailure) -> Bool {
        failure.serviceException == nil || failure.isTransient
    }

    static func remote(after failure: RequestFailure) -> SignOutReport.Remote {
        if failure.status == .cancelled && !failure.wasSent { return .notAttempted }
        return failure.hasLostAnswer ? .unknown : .failed
    }

    static func suggestion(for status: Status) -> String {
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
