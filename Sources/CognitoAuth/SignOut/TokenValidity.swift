// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Until when tokens that were handed out pass with services that check only signature and expiry.
///
/// Cognito ends refresh tokens, and access tokens with its own API. Services such as AppSync and API
/// Gateway do not ask it.
struct TokenValidity {
    /// Unix seconds; 0 if no token tells.
    private(set) var end: Int64 = 0

    mutating func include(_ accessToken: SecretBytes?, _ idToken: SecretBytes?) {
        for token in [accessToken, idToken] {
            guard let expiresAt = token.flatMap(TokenClaims.init)?.expiresAt else { continue }
            end = max(end, expiresAt)
        }
    }
}
