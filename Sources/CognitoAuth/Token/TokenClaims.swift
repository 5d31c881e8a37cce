// SPDX-License-Identifier: Apache-2.0

import JSON
public import SecretMemory

/// What an access or ID token says of itself. Nothing here is proof: the signature is Cognito's to check.
///
/// A claim that is not there, or cannot be read, is nil, and says nothing about the token.
public struct TokenClaims {
    private let claims: JSONObject

    /// Reads the claims of a JSON Web Token (RFC 7519), or returns nil if `token` is not one.
    public init?(_ token: SecretBytes) {
        guard let payload = token.withBytes(Self.payload),
            let claims = payload.withBytes({ JSONObject(parsingForeign: $0) })
        else { return nil }
        self.claims = claims
    }

    /// `exp`, in Unix seconds.
    public var expiresAt: Int64? { claims.integer("exp") }
    /// `iat`, in Unix seconds.
    var issuedAt: Int64? { claims.integer("iat") }
    /// `sub`: the user, the same in every token and for ever.
    public var subject: String? { claims.string("sub") }
    /// `username` of an access token, `cognito:username` of an ID token.
    var username: String? { claims.string("username") ?? claims.string("cognito:username") }
    /// `iss`: the user pool, as a URL.
    var issuer: String? { claims.string("iss") }
    /// `client_id`: the app client that an access token is for.
    var clientID: String? { claims.string("client_id") }
    /// `aud`: the app client that an ID token is for.
    var audience: String? { claims.string("aud") }
    /// `token_use`: "access" or "id".
    var use: String? { claims.string("token_use") }

    /// `nonce` of an ID token: that of the sign-in.
    var nonce: SecretBytes? { claims.secret("nonce") }
    /// `at_hash` of an ID token: by it the access token beside it is known.
    var accessTokenHash: SecretBytes? { claims.secret("at_hash") }

    /// Whether a token that says this cannot be an access token of the app client `expected`.
    func contradictsAccessToken(of expected: String) -> Bool {
        use?.isExactly("access") == false || clientID?.isExactly(expected) == false
    }

    /// The middle one of three parts.
    private static func payload(of token: UnsafeRawBufferPointer) -> SecretBytes? {
        let dots = token.indices.filter { token[$0] == UInt8(ascii: ".") }
        guard dots.count == 2 else { return nil }
        return Base64URL.decode(UnsafeRawBufferPointer(rebasing: token[(dots[0] + 1)..<dots[1]]))
    }
}
