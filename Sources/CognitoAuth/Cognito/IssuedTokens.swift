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

    init?(_ answer: JSONObject) {
        guard let result = answer.object("AuthenticationResult"),
            let accessToken = result.secret("AccessToken"), TokenRules.accept(accessToken)
        else { return nil }
        self.accessToken = accessToken
        idToken = result.secret("IdToken")
        refreshToken = result.secret("RefreshToken")
        expiresIn = result.integer("ExpiresIn")
        guard [idToken, refreshToken].allSatisfy({ $0.map(TokenRules.accept) ?? true }) else { return nil }
    }
}
