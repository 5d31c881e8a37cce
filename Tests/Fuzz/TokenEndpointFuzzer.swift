// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

@testable import CognitoAuth

/// What the token endpoint answers, and what its tokens say. The first byte chooses the HTTP status.
enum TokenEndpointFuzzer {
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let statuses = [200, 400, 401, 403, 429, 500, 502, 503, 302, 204]

    static func run(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        let parser = ReplyParser(secrets: [SecretBytes(copying: verifier)])
        let body = SecretBytes(copying: UnsafeRawBufferPointer(rebasing: bytes[1...]))
        let reply = CognitoReply(httpStatus: statuses[Int(first) % statuses.count], body: body)
        do {
            guard let answer = try parser.tokens(reply), let tokens = IssuedTokens.ofEndpoint(answer) else { return }
            for token in tokens.secrets {
                precondition(TokenRules.accept(token), "a token that is none was taken")
                guard let claims = TokenClaims(token) else { continue }
                _ = (claims.expiresAt, claims.issuedAt, claims.subject, claims.issuer, claims.audience, claims.nonce)
                _ = (claims.username, claims.clientID, claims.use, claims.accessTokenHash)
            }
            _ = TokenLife(of: tokens, since: 1_700_000_000)
        } catch {
            let told = error.authFailure(of: .codeExchange)
            for text in [told.message, told.serviceException ?? ""] {
                precondition(!text.utf8.elementsEqual(verifier.utf8) && !has(text, verifier), "a secret was told")
                precondition(!text.unicodeScalars.contains { $0.value < 0x20 }, "a control character was told")
            }
        }
    }

    private static func has(_ text: String, _ secret: String) -> Bool {
        let text = Array(text.utf8)
        let secret = Array(secret.utf8)
        guard text.count >= secret.count else { return false }
        return (0...(text.count - secret.count)).contains { text[$0...].starts(with: secret) }
    }
}

@_cdecl("fuzz_token_endpoint")
public func fuzzTokenEndpoint(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    TokenEndpointFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
