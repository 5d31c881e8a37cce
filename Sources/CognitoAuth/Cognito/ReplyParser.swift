// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// Reads what Cognito answered: the members of a success, or the exception.
struct ReplyParser {
    /// The secrets of the request, which must not come back in a message.
    let secrets: [SecretBytes]

    /// The body of a success; nil if it is empty, as for GlobalSignOut and RevokeToken it may be.
    func success(_ reply: CognitoReply) throws(RequestFailure) -> JSONObject? {
        let object = object(reply)
        let header = reply.errorType.flatMap { $0.isEmpty ? nil : $0 }
        guard reply.httpStatus == 200, header == nil, object?.has("__type") != true else {
            throw failure(reply, object, type: header)
        }
        guard reply.body.isEmpty || object != nil else { throw invalidResponse(reply) }
        return object
    }

    /// What the token endpoint answered: it reports errors as RFC 6749, section 5.2, says.
    func tokens(_ reply: CognitoReply) throws(RequestFailure) -> JSONObject? {
        guard (400..<500).contains(reply.httpStatus), let object = object(reply),
            let name = object.secret("error").map({ OAuthErrorName.read($0, secrets) }), !name.isEmpty
        else { return try success(reply) }
        let description = object.secret("error_description")
        throw RequestFailure(
            .serviceError, .answered, description.map { Redaction.redact($0, secrets: secrets) } ?? "",
            serviceException: name)
    }

    /// Decided by the exception's type and not by the HTTP status, which is 400 for nearly all, and may be 200.
    private func failure(_ reply: CognitoReply, _ object: JSONObject?, type header: String?) -> RequestFailure {
        let types = [header, object?.string("code"), object?.string("__type")]
        guard let name = types.compactMap({ $0.flatMap(ServiceException.name) }).first else {
            return invalidResponse(reply)
        }

        let message = object?.secret("message") ?? object?.secret("Message")
        let detail = message.map { Redaction.redact($0, secrets: secrets) } ?? ""
        let status = ServiceException.status(named: name)
        // Gateways have exceptions of their own, which say nothing of what Cognito did.
        let isGateways = status == .serviceError && isOfGateway(reply.httpStatus)
        // A name that is known is no token, however long it is.
        let exception =
            status == .serviceError ? Redaction.redact(SecretBytes(copying: name), secrets: secrets) : name
        let isTransient =
            status == .tooManyRequests || status == .internalError || RetryPolicy.mayPass(reply.httpStatus)
        return RequestFailure(
            status, isGateways ? .gateway : .answered, detail, serviceException: exception,
            reason: status == .notAuthorized ? message?.withBytes(reason) ?? .other : .other, isTransient: isTransient,
            isRefusal: !isTransient && reply.httpStatus < 500, retryAfterSeconds: reply.retryAfterSeconds)
    }

    private func invalidResponse(_ reply: CognitoReply) -> RequestFailure {
        // A 2xx that cannot be read may stand for something that Cognito has done.
        let delivery: RequestFailure.Delivery =
            if (200..<300).contains(reply.httpStatus) {
                .unanswered
            } else {
                isOfGateway(reply.httpStatus) ? .gateway : .answered
            }
        return RequestFailure(
            .invalidResponse, delivery, .joining("HTTP status ", String(reply.httpStatus)),
            isTransient: RetryPolicy.mayPass(reply.httpStatus), retryAfterSeconds: reply.retryAfterSeconds)
    }

    private func object(_ reply: CognitoReply) -> JSONObject? {
        reply.body.withBytes { JSONObject(parsingForeign: $0) }
    }

    private func isOfGateway(_ httpStatus: Int) -> Bool { (502...504).contains(httpStatus) }

    private func reason(_ message: UnsafeRawBufferPointer) -> RequestFailure.Reason {
        if message.mentions("Refresh Token has been revoked") || message.mentions("Refresh Token has expired") {
            return .refreshTokenEnded
        }
        if message.mentions("has been revoked") { return .tokenRevoked }
        if message.mentions("has expired") { return .tokenExpired }
        if message.mentions("Invalid Access Token") { return .tokenInvalid }
        if message.mentions("required scopes") { return .scopeMissing }
        if message.mentions("disabled") { return .userDisabled }
        return .other
    }
}
