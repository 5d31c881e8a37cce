// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// The tokens that Cognito gave.
struct IssuedTokens {
    let accessToken: SecretBytes
    let idToken: SecretBytes?
    /// nil: the old refresh token stays good. Else the pool rotates, and the old one ends after its grace time.
    let refreshToken: SecretBytes?
    /// How long the access token lives, in seconds.
    let expiresIn: Int64?

    var secrets: [SecretBytes] { [accessToken, idToken, refreshToken].compactMap { $0 } }

    /// What GetTokensFromRefreshToken answers.
    init?(ofRefresh answer: JSONObject) {
        guard let result = answer.object("AuthenticationResult") else { return nil }
        self.init(
            result.secret("AccessToken"), result.secret("IdToken"), result.secret("RefreshToken"),
            result.integer("ExpiresIn"))
    }

    /// What the token endpoint answers.
    init?(ofEndpoint answer: JSONObject) {
        self.init(
            answer.secret("access_token"), answer.secret("id_token"), answer.secret("refresh_token"),
            answer.integer("expires_in"))
    }

    private init?(
        _ accessToken: SecretBytes?, _ idToken: SecretBytes?, _ refreshToken: SecretBytes?, _ expiresIn: Int64?
    ) {
        let others = [idToken, refreshToken]
        guard let accessToken, TokenRules.accept(accessToken),
            others.allSatisfy({ $0.map(TokenRules.accept) ?? true })
        else { return nil }
        self.accessToken = accessToken
        self.idToken = idToken
        self.refreshToken = refreshToken
        self.expiresIn = expiresIn
    }
}
