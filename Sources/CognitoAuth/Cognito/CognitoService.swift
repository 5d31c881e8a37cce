// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// Cognito's three operations that end or renew a session, for the time of one call.
///
/// Source: the Cognito user pools API reference, GlobalSignOut, RevokeToken, GetTokensFromRefreshToken.
struct CognitoService {
    let configuration: Configuration
    let world: World
    let call: Call
    let limit: WaitLimit
    /// The tokens that the call is about. Servers echo them, in whatever message.
    var secrets: [SecretBytes]

    func globalSignOut(_ accessToken: SecretBytes) throws(RequestFailure) {
        let body = JSONObjectBuilder()
        body.set("AccessToken", accessToken)
        _ = try perform(.globalSignOut, body, secrets: [accessToken])
    }

    func revoke(_ refreshToken: SecretBytes) throws(RequestFailure) {
        let body = JSONObjectBuilder()
        body.set("Token", refreshToken)
        _ = try perform(.revokeToken, addingClient(to: body), secrets: [refreshToken])
    }

    func refresh(_ refreshToken: SecretBytes, deviceKey: SecretBytes?) throws(RequestFailure) -> RefreshedTokens {
        let body = JSONObjectBuilder()
        body.set("RefreshToken", refreshToken)
        if let deviceKey { body.set("DeviceKey", deviceKey) }
        let answer = try perform(
            .getTokensFromRefreshToken, addingClient(to: body), secrets: [refreshToken])
        guard let tokens = answer.flatMap(RefreshedTokens.init) else {
            throw RequestFailure(.invalidResponse, "no tokens in the answer", wasSent: true, hasLostAnswer: true)
        }
        return tokens
    }

    private func addingClient(to body: JSONObjectBuilder) -> JSONObjectBuilder {
        body.set("ClientId", configuration.clientID)
        if let secret = configuration.clientSecret { body.set("ClientSecret", secret) }
        return body
    }

    private func perform(
        _ operation: Operation, _ body: JSONObjectBuilder, secrets: [SecretBytes]
    ) throws(RequestFailure) -> JSONObject? {
        guard secrets.allSatisfy(TokenRules.accept), let body = body.encoded() else {
            throw RequestFailure(
                .invalidSession, "the token has characters that no token has", wasSent: false, hasLostAnswer: false)
        }
        let parser = ReplyParser(
            secrets: self.secrets + secrets + (configuration.clientSecret.map { [$0] } ?? []))
        let policy = RetryPolicy(maximumAttempts: configuration.maximumAttempts)
        let identifier = InvocationIdentifier(world.randomness)
        var earlier: RequestFailure?
        var attempt = 1
        while true {
            var failure: RequestFailure
            do {
                return try send(operation, body, attempt, identifier, parser)
            } catch {
                failure = error
            }
            if let earlier {
                failure.wasSent = failure.wasSent || earlier.wasSent
                failure.hasLostAnswer = failure.hasLostAnswer || earlier.hasLostAnswer
            }
            earlier = failure
            call.write(.debug, "\(operation.name), attempt \(attempt): \(failure.status.name)")
            guard
                let pause = policy.pause(after: attempt, failure, of: operation, randomness: world.randomness),
                world.clock.monotonicMilliseconds + pause < limit.deadline
            else { throw failure }
            world.clock.pause(milliseconds: pause, limit)
            attempt += 1
        }
    }

    private func send(
        _ operation: Operation, _ body: SecretBytes, _ attempt: Int, _ identifier: InvocationIdentifier,
        _ parser: ReplyParser
    ) throws(RequestFailure) -> JSONObject? {
        if limit.isCancelled { throw RequestFailure(.cancelled, wasSent: false, hasLostAnswer: false) }
        guard world.clock.monotonicMilliseconds < limit.deadline else {
            throw RequestFailure(.deadlineExceeded, wasSent: false, hasLostAnswer: false)
        }
        let request = CognitoRequest(
            url: configuration.endpoint.url,
            headers: [
                "X-Amz-Target: AWSCognitoIdentityProviderService.\(operation.name)",
                "Content-Type: application/x-amz-json-1.1",
                "Cache-Control: no-store",
                "amz-sdk-invocation-id: \(identifier.text)",
                "amz-sdk-request: attempt=\(attempt); max=\(configuration.maximumAttempts)",
            ],
            body: body, isRepeatable: operation.isRepeatable)
        let reply: CognitoReply
        do {
            reply = try world.transport.post(request, limit)
        } catch {
            throw RequestFailure(error)
        }
        let answer = try parser.success(reply)
        call.write(.debug, "\(operation.name), attempt \(attempt): HTTP status \(reply.httpStatus)")
        return answer
    }
}
