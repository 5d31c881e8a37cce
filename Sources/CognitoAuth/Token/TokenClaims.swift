// SPDX-License-Identifier: Apache-2.0

import JSON
public import SecretMemory

/// What an access or ID token says of itself. Nothing here is proof: the signature is Cognito's to check.
public struct TokenClaims {
    /// `exp`, in Unix seconds.
    public let expiresAt: Int64?
    /// `sub`: the user, the same in every token and for ever.
    public let subject: String?

    /// Reads the claims of a JSON Web Token (RFC 7519), or returns nil if `token` is not one.
    public init?(_ token: SecretBytes) {
        guard let payload = token.withBytes(Self.payload),
            let claims = payload.withBytes({ JSONObject(parsing: $0) })
        else { return nil }
        expiresAt = claims.integer("exp")
        subject = claims.string("sub")
    }

    /// The middle one of three parts.
    private static func payload(of token: UnsafeRawBufferPointer) -> SecretBytes? {
        let dots = token.indices.filter { token[$0] == UInt8(ascii: ".") }
        guard dots.count == 2 else { return nil }
        return Base64URL.decode(UnsafeRawBufferPointer(rebasing: token[(dots[0] + 1)..<dots[1]]))
    }
}
