// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Whether the tokens that came for a code are those of this sign-in.
///
/// Their signature is not looked at: they came over TLS from who issues them (OpenID Connect Core 1.0, section 3.1.3.7).
/// Nor is this machine's clock, which may be hours off.
struct TokenChecks {
    let configuration: Configuration
    let digest: any Digest
    let nonce: SecretBytes

    /// The session that they make; fails with `invalidResponse`.
    func session(of tokens: IssuedTokens) throws(AuthFailure) -> Session {
        guard let idToken = tokens.idToken, let id = TokenClaims(idToken),
            let access = TokenClaims(tokens.accessToken)
        else { throw Self.failure("a token is missing, or cannot be read") }
        guard tokens.refreshToken != nil else { throw Self.failure("there is no refresh token") }
        guard id.nonce.map(nonce.hasSameSecret) == true else { throw Self.failure("nonce") }
        guard Self.isExactly(id.audience, configuration.clientID) else { throw Self.failure("aud") }
        guard Self.isExactly(access.clientID, configuration.clientID) else { throw Self.failure("client_id") }
        guard Self.isExactly(id.use, "id"), Self.isExactly(access.use, "access") else {
            throw Self.failure("token_use")
        }
        guard let subject = id.subject, Self.isExactly(access.subject, subject) else { throw Self.failure("sub") }
        guard id.accessTokenHash.map({ $0.hasSameBytes(as: hash(of: tokens.accessToken)) }) ?? true else {
            throw Self.failure("at_hash")
        }
        for claims in [id, access] {
            guard claims.issuer?.endsExactly(with: "/" + configuration.userPoolID) == true else {
                throw Self.failure("iss")
            }
            guard let end = claims.expiresAt, let beginning = claims.issuedAt, end > beginning else {
                throw Self.failure("exp")
            }
        }
        guard let username = access.username else { throw Self.failure("username") }
        let session = Session(
            username: username, accessToken: tokens.accessToken, idToken: idToken,
            refreshToken: tokens.refreshToken, signInMethod: .hostedUI)
        do { try session.validate(for: configuration) } catch { throw Self.failure("username") }
        return session
    }

    /// The first half of its SHA-256 (OpenID Connect Core 1.0, section 3.1.3.6).
    func hash(of accessToken: SecretBytes) -> SecretBytes {
        let hash = SecretBytes()
        digest.sha256(accessToken).prefix(16).withUnsafeBytes { Base64URL.encode($0, to: hash) }
        return hash
    }

    private static func isExactly(_ claim: String?, _ expected: String) -> Bool { claim?.isExactly(expected) == true }

    /// `problem` is the claim that does not fit, or a sentence.
    private static func failure(_ problem: StaticString) -> AuthFailure {
        AuthFailure(.invalidResponse, detail: .joining("the tokens are not those of this sign-in: ", problem.text))
    }
}
