// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

@testable import CognitoAuth

/// What the token endpoint answers, and what its tokens say. The first byte chooses the HTTP status.
enum TokenEndpointFuzzer {
    private static let statuses = [200, 400, 401, 403, 429, 500, 502, 503, 302, 204]

    static func run(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        let parser = ReplyParser(secrets: FuzzInput.secretBytes)
        let status = statuses[Int(first) % statuses.count]
        let reply = CognitoReply(httpStatus: status, body: FuzzInput.withSecrets(bytes.from(1)))
        do {
            guard let answer = try parser.tokens(reply), let tokens = IssuedTokens.ofEndpoint(answer) else { return }
            require(status == 200, "an error is a success")
            check(tokens)
        } catch {
            require(error.wasSent, "what was answered was not sent")
            ToldText.check(error.detail, maximum: Redaction.maximumLength)
            ToldText.check(error.authFailure(of: .codeExchange))
        }
    }

    private static func check(_ tokens: IssuedTokens) {
        for token in tokens.secrets {
            require(TokenRules.accept(token), "what is no token was taken")
            guard let claims = TokenClaims(token) else { continue }
            _ = (claims.expiresAt, claims.issuedAt, claims.subject, claims.issuer, claims.audience, claims.nonce)
            _ = (claims.username, claims.clientID, claims.use, claims.accessTokenHash)
        }
        let life = TokenLife(of: tokens, since: 1_700_000_000)
        require((0...86_400).contains(life.length), "a token lives for \(life.length) s")
    }
}

@_cdecl("fuzz_token_endpoint")
public func fuzzTokenEndpoint(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    TokenEndpointFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
