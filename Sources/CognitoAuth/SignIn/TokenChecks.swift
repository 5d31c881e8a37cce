// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Whether the tokens that came for a code are those of this sign-in.
///
/// Their signature is not looked at: they came over TLS from who issues them (OpenID Connect Core 1.0, section 3.1.3.7).
/// Nor is this machine's clock, which may be hours off.
struct TokenChecks {
    let attempt: SignInAttempt

    /// The session that they make; fails with `invalidResponse`.
    func session(of tokens: IssuedTokens) throws(AuthFailure) -> Session {
        guard let idToken = tokens.idToken, let refreshToken = tokens.refreshToken, let id = TokenClaims(idToken),
            let access = TokenClaims(tokens.accessToken)
        else { throw Self.failure("a token is missing, or cannot be read") }
        let session = Session(
            username: access.username ?? "", accessToken: tokens.accessToken, idToken: idToken,
            refreshToken: refreshToken, signInMethod: .hostedUI)
        let digest = attempt.active.ports.digest
        let clientID = attempt.active.configuration.clientID
        let checks: [(claim: StaticString, isPassed: Bool)] = [
            ("nonce", id.nonce.map(attempt.secrets.nonce.hasSameSecret) ?? false),
            ("at_hash", id.accessTokenHash.map(Self.hash(of: tokens.accessToken, digest).hasSameBytes) ?? true),
            ("aud", Self.isExactly(id.audience, clientID)),
            ("client_id", Self.isExactly(access.clientID, clientID)),
            ("token_use", Self.isExactly(id.use, "id") && Self.isExactly(access.use, "access")),
            ("sub", Self.isExactly(access.subject, id.subject)),
            ("iss", isOfPool(id) && isOfPool(access)),
            ("exp", Self.hasLife(id) && Self.hasLife(access)),
            ("username", (try? session.validate(for: attempt.active.configuration)) != nil),
        ]
        for check in checks where !check.isPassed { throw Self.failure(check.claim) }
        return session
    }

    /// The first half of its SHA-256 (OpenID Connect Core 1.0, section 3.1.3.6).
    static func hash(of accessToken: SecretBytes, _ digest: any Digest) -> SecretBytes {
        let hash = SecretBytes()
        digest.sha256(accessToken).prefix(16).withUnsafeBytes { Base64URL.encode($0, to: hash) }
        return hash
    }

    /// Two issuer hosts exist.
    private func isOfPool(_ claims: TokenClaims) -> Bool {
        claims.issuer?.endsExactly(with: .joining("/", attempt.active.configuration.userPoolID)) ?? false
    }

    /// By the token's own time.
    private static func hasLife(_ claims: TokenClaims) -> Bool {
        guard let end = claims.expiresAt, let beginning = claims.issuedAt else { return false }
        return end > beginning
    }

    @inline(never)
    private static func isExactly(_ claim: String?, _ expected: String?) -> Bool {
        guard let claim, let expected else { return false }
        return claim.isExactly(expected)
    }

    /// `problem` is the claim that does not fit, or a sentence.
    private static func failure(_ problem: StaticString) -> AuthFailure {
        AuthFailure(.invalidResponse, detail: .joining("the tokens are not those of this sign-in: ", problem.text))
    }
}
