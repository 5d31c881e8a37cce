// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Until when tokens that were handed out pass with services that check only signature and expiry.
///
/// Cognito ends refresh tokens, and access tokens with its own API. Services such as AppSync and API Gateway do not ask
/// it.
enum TokenValidity {
    /// In Unix seconds; 0 if no token has a readable expiry.
    static func end(of stored: [StoredSession], _ refreshed: RefreshedSession?) -> Int64 {
        latest(stored.flatMap { [$0.accessToken, $0.idToken] } + tokens(refreshed))
    }

    static func end(of plan: OpenSteps, _ refreshed: RefreshedSession?) -> Int64 {
        latest([plan.accessToken] + tokens(refreshed))
    }

    private static func tokens(_ refreshed: RefreshedSession?) -> [SecretBytes?] {
        [refreshed?.tokens.accessToken, refreshed?.tokens.idToken]
    }

    private static func latest(_ tokens: [SecretBytes?]) -> Int64 {
        tokens.reduce(0) { end, token in max(end, token.flatMap(TokenClaims.init)?.expiresAt ?? 0) }
    }
}
