// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// The tokens that Cognito gave.
final class IssuedTokens {
    let accessToken: SecretBytes
    let idToken: SecretBytes?
    /// nil: the old refresh token stays good. Else the pool rotates, and the old one ends after its grace time.
    let refreshToken: SecretBytes?
    /// How long the access token lives, in seconds.
    let expiresIn: Int64?

    var secrets: [SecretBytes] { .present([accessToken, idToken, refreshToken]) }

    /// What GetTokensFromRefreshToken answers.
    static func ofRefresh(_ answer: JSONObject) -> IssuedTokens? {
        guard let result = answer.object("AuthenticationResult") else { return nil }
        return accepted(
            result.secret("AccessToken"), result.secret("IdToken"), result.secret("RefreshToken"),
            result.integer("ExpiresIn"))
    }

    /// What the token endpoint answers.
    static func ofEndpoint(_ answer: JSONObject) -> IssuedTokens? {
        accepted(
            answer.secret("access_token"), answer.secret("id_token"), answer.secret("refresh_token"),
            answer.integer("expires_in"))
    }

    private static func accepted(
        _ accessToken: SecretBytes?, _ idToken: SecretBytes?, _ refreshToken: SecretBytes?, _ expiresIn: Int64?
    ) -> IssuedTokens? {
        let others = [idToken, refreshToken]
        guard let accessToken, TokenRules.accept(accessToken),
            others.allSatisfy({ $0.map(TokenRules.accept) ?? true })
        else { return nil }
        return IssuedTokens(accessToken, idToken, refreshToken, expiresIn)
    }

    private init(
        _ accessToken: SecretBytes, _ idToken: SecretBytes?, _ refreshToken: SecretBytes?, _ expiresIn: Int64?
    ) {
        self.accessToken = accessToken
        self.idToken = idToken
        self.refreshToken = refreshToken
        self.expiresIn = expiresIn
    }
}
