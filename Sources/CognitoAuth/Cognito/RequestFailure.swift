// SPDX-License-Identifier: Apache-2.0

/// Why an operation did not succeed, after all attempts.
final class RequestFailure: Error {
    let status: Status
    /// What the server or the network says of it, redacted; "" if nothing.
    let detail: String
    /// The name of Cognito's exception.
    let serviceException: String?
    /// What the exception's message says, where it decides what to do next.
    let reason: Reason
    let delivery: Delivery
    /// Whether another attempt may go better.
    let isTransient: Bool
    /// Whether Cognito refused what was asked, and will again.
    let isRefusal: Bool
    /// The least time until then, in seconds, if the answer asks for one.
    let retryAfterSeconds: Int64?

    enum Reason: Sendable {
        /// "Refresh Token has been revoked", or "has expired": there is nothing left to be revoked.
        case refreshTokenEnded
        /// "Access Token has been revoked": the session was ended elsewhere.
        case tokenRevoked
        /// "Access Token has expired"
        case tokenExpired
        /// "Invalid Access Token", as for an ID token.
        case tokenInvalid
        /// "Access Token does not have required scopes"
        case scopeMissing
        /// "User is disabled."
        case userDisabled
        case other
    }

    /// How far a request got, in all its attempts.
    enum Delivery: Int, Comparable, Sendable {
        case unsent
        /// Each attempt that was sent was answered with what Cognito did.
        case answered
        /// A gateway answered in Cognito's place (HTTP status 502, 503 or 504), so Cognito may have done it.
        case gateway
        /// An attempt may have reached Cognito, and no answer came that tells what it did.
        case unanswered

        static func < (one: Delivery, other: Delivery) -> Bool { one.rawValue < other.rawValue }
    }

    var wasSent: Bool { delivery != .unsent }

    /// Whether Cognito may have done what was asked.
    var mayBeDone: Bool { delivery >= .gateway }

    @inline(never)
    init(
        _ status: Status, _ delivery: Delivery, _ detail: String = "", serviceException: String? = nil,
        reason: Reason = .other, isTransient: Bool = false, isRefusal: Bool = false, retryAfterSeconds: Int64? = nil
    ) {
        self.status = status
        self.detail = detail
        self.serviceException = serviceException
        self.reason = reason
        self.delivery = delivery
        self.isTransient = isTransient
        self.isRefusal = isRefusal
        self.retryAfterSeconds = retryAfterSeconds
    }

    convenience init(_ failure: TransportFailure) {
        let isTransient =
            switch failure.status {
            case .connectionFailed, .hostNotFound, .networkTimedOut, .connectionLost: true
            default: failure.proxyStatus.map(RetryPolicy.mayPass) ?? false
            }
        self.init(
            failure.status, failure.wasSent ? .unanswered : .unsent,
            failure.proxyStatus.map(Self.told(ofProxy:)) ?? Redaction.visible(failure.detail),
            isTransient: isTransient)
    }

    /// The same, where all attempts together got so far.
    func delivered(_ delivery: Delivery) -> RequestFailure {
        RequestFailure(
            status, delivery, detail, serviceException: serviceException, reason: reason, isTransient: isTransient,
            isRefusal: isRefusal, retryAfterSeconds: retryAfterSeconds)
    }

    /// What a proxy said that refused to connect.
    private static func told(ofProxy httpStatus: Int) -> String {
        httpStatus == 407
            ? "it wants a login: a user name and a password" : .joining("HTTP status ", String(httpStatus))
    }

    /// What the program is told when `operation` ended like this.
    func authFailure(of operation: CognitoOperation) -> AuthFailure {
        var message: String
        if let serviceException {
            message = .joining(
                "Cognito did not ", operation.purpose, ": ", serviceException, detail.isEmpty ? "" : ": ", detail)
        } else {
            message = .joining(
                "Could not ", operation.purpose, ". ", status.message, detail.isEmpty ? "" : " (", detail,
                detail.isEmpty ? "" : ")")
        }
        let consequence: StaticString? =
            switch operation {
            case .getTokensFromRefreshToken: " The session may have ended with it."
            case .codeExchange: " A session may exist at Cognito; signing in again makes another one."
            default: nil
            }
        if mayBeDone, let consequence {
            message = .joining(message, serviceException == nil ? "" : ".", consequence.text)
        }
        return AuthFailure(status, message, serviceException: serviceException)
    }
}
