// SPDX-License-Identifier: Apache-2.0

/// Why an operation did not succeed, after all attempts.
struct RequestFailure: Error {
    let status: Status
    /// What the server or the network says of it, redacted; "" if nothing.
    let detail: String
    /// The name of Cognito's exception.
    var serviceException: String?
    /// What the exception's message says, where it decides what to do next.
    var reason: Reason = .other
    /// Whether any of the request may have reached Cognito.
    var wasSent: Bool
    /// Whether one of the attempts was sent and got no answer that tells what Cognito did.
    var hasLostAnswer: Bool
    /// Whether another attempt may go better.
    var isTransient = false
    /// The least time until then, in seconds, if the answer asks for one.
    var retryAfterSeconds: Int64?

    /// Whether the refresh token is refused for good: the session has ended.
    var endsSession: Bool {
        switch status {
        case .notAuthorized, .refreshTokenReuse, .userNotFound: true
        default: false
        }
    }

    enum Reason: Sendable {
        /// "Access Token has been revoked": the session was ended elsewhere.
        case tokenRevoked
        /// "Access Token has expired"
        case tokenExpired
        /// "Access Token does not have required scopes"
        case scopeMissing
        /// "User is disabled."
        case userDisabled
        case other
    }

    init(_ status: Status, _ detail: String = "", wasSent: Bool, hasLostAnswer: Bool) {
        self.status = status
        self.detail = detail
        self.wasSent = wasSent
        self.hasLostAnswer = hasLostAnswer
    }

    init(_ failure: TransportFailure) {
        self.init(
            failure.status, Redaction.visible(failure.detail), wasSent: failure.wasSent, hasLostAnswer: failure.wasSent)
        switch failure.status {
        case .connectionFailed, .hostNotFound, .networkTimedOut, .connectionLost: isTransient = true
        default: break
        }
    }

    /// What the program is told when `operation` ended like this.
    func authFailure(of operation: Operation) -> AuthFailure {
        var message = "Cognito did not \(operation.purpose)"
        if let serviceException {
            message += ": \(serviceException)"
            if !detail.isEmpty { message += ": \(detail)" }
        } else {
            message = "Could not \(operation.purpose). \(status.message)"
            if !detail.isEmpty { message += " (\(detail))" }
        }
        var failure = AuthFailure(status, message)
        failure.serviceException = serviceException
        return failure
    }
}
