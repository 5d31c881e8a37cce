// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// Cognito's operations that end, refresh or ask about a session, for the time of one call. An object: each part of the call
/// learns of tokens that all must hide.
///
/// Source: the Cognito user pools API reference, GlobalSignOut, RevokeToken, GetTokensFromRefreshToken, GetUser.
final class CognitoService {
    let client: AuthClient
    let call: Call
    let limit: WaitLimit
    /// The tokens that the call is about. Servers echo them, in whatever message.
    private(set) var secrets: [SecretBytes]

    init(_ client: AuthClient, _ call: Call, _ limit: WaitLimit, secrets: [SecretBytes]) {
        self.client = client
        self.call = call
        self.limit = limit
        self.secrets = secrets
    }

    /// The same with another limit.
    func within(_ limit: WaitLimit) -> CognitoService { CognitoService(client, call, limit, secrets: secrets) }

    /// The call is about these tokens too.
    @inline(never)
    func learn(_ more: [SecretBytes]) { secrets += more }

    var configuration: Configuration { client.configuration }

    var ports: Ports { client.ports }

    func globalSignOut(_ accessToken: SecretBytes) throws(RequestFailure) {
        _ = try perform(.globalSignOut, accessToken)
    }

    /// Asks whether Cognito still takes the access token. Of what it tells of the user nothing is kept.
    func getUser(_ accessToken: SecretBytes) throws(RequestFailure) {
        guard try perform(.getUser, accessToken)?.has("Username") == true else {
            throw RequestFailure(.invalidResponse, .unanswered, "no user in the answer")
        }
    }

    func revoke(_ refreshToken: SecretBytes) throws(RequestFailure) {
        let body = JSONObjectBuilder()
        body.set("Token", refreshToken)
        _ = try perform(.revokeToken, addingClient(to: body), secrets: [refreshToken])
    }

    func refresh(_ refreshToken: SecretBytes, deviceKey: SecretBytes?) throws(RequestFailure) -> IssuedTokens {
        let body = JSONObjectBuilder()
        body.set("RefreshToken", refreshToken)
        if let deviceKey { body.set("DeviceKey", deviceKey) }
        let answer = try perform(
            .getTokensFromRefreshToken, addingClient(to: body), secrets: [refreshToken])
        guard let tokens = answer.flatMap(IssuedTokens.ofRefresh) else {
            throw RequestFailure(.invalidResponse, .unanswered, "no tokens in the answer")
        }
        return tokens
    }

    private func perform(
        _ operation: CognitoOperation, _ accessToken: SecretBytes
    ) throws(RequestFailure) -> JSONObject? {
        let body = JSONObjectBuilder()
        body.set("AccessToken", accessToken)
        return try perform(operation, body, secrets: [accessToken])
    }

    private func addingClient(to body: JSONObjectBuilder) -> JSONObjectBuilder {
        body.set("ClientId", configuration.clientID)
        if let secret = configuration.clientSecret { body.set("ClientSecret", secret) }
        return body
    }

    private func perform(
        _ operation: CognitoOperation, _ body: JSONObjectBuilder, secrets: [SecretBytes]
    ) throws(RequestFailure) -> JSONObject? {
        guard secrets.allSatisfy(TokenRules.accept), let body = body.encoded() else {
            throw RequestFailure(
                .invalidSession, .unsent, "the token has characters that no token has")
        }
        return try deliver(
            OperationRequest(
                operation: operation, endpoint: configuration.endpoint, path: "",
                headers: [
                    .joining("X-Amz-Target: AWSCognitoIdentityProviderService.", operation.name),
                    "Content-Type: application/x-amz-json-1.1",
                    .joining("amz-sdk-invocation-id: ", InvocationIdentifier(ports.randomness).text),
                ],
                authorization: nil, body: body),
            secrets: secrets)
    }

    /// Sends a request until it is answered, or may not be sent again. `secrets` are those that it holds.
    func deliver(
        _ request: OperationRequest, secrets: [SecretBytes]
    ) throws(RequestFailure) -> JSONObject? {
        let operation = request.operation
        let parser = ReplyParser(
            secrets: self.secrets + secrets + (configuration.clientSecret.map { [$0] } ?? []))
        let policy = RetryPolicy(maximumAttempts: configuration.maximumAttempts)
        var delivery = RequestFailure.Delivery.unsent
        var attempt = 1
        while true {
            let failure: RequestFailure
            do {
                return try send(request, attempt, parser)
            } catch {
                delivery = max(delivery, error.delivery)
                failure = error.delivered(delivery)
            }
            log(operation, attempt, failure.status.name)
            guard
                let pause = policy.pause(after: attempt, failure, of: operation, randomness: ports.randomness),
                ports.clock.monotonicMilliseconds + pause < limit.deadline
            else { throw failure }
            ports.clock.pause(milliseconds: pause, limit)
            attempt += 1
        }
    }

    private func send(
        _ request: OperationRequest, _ attempt: Int, _ parser: ReplyParser
    ) throws(RequestFailure) -> JSONObject? {
        if limit.isCancelled { throw RequestFailure(.cancelled, .unsent) }
        guard ports.clock.monotonicMilliseconds < limit.deadline else {
            throw RequestFailure(.deadlineExceeded, .unsent)
        }
        let reply: CognitoReply
        do {
            reply = try ports.transport.post(request.attempt(attempt, of: configuration.maximumAttempts), limit)
        } catch {
            throw RequestFailure(error)
        }
        let answer = try request.operation == .codeExchange ? parser.tokens(reply) : parser.success(reply)
        log(request.operation, attempt, .joining("HTTP status ", String(reply.httpStatus)))
        return answer
    }

    private func log(_ operation: CognitoOperation, _ attempt: Int, _ end: String) {
        call.write(.debug, .joining(operation.name, ", attempt ", String(attempt), ": ", end))
    }
}
