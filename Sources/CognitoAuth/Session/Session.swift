// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// What sign-in left behind for the one user who is signed in.
public struct Session: Sendable {
    public var username: String
    public var accessToken: SecretBytes
    public var idToken: SecretBytes?
    public var refreshToken: SecretBytes?
    public var signInMethod: SignInMethod

    public enum SignInMethod: Int32, Sendable {
        case api = 0
        case hostedUI = 1
    }

    public init(
        username: String, accessToken: SecretBytes, idToken: SecretBytes?, refreshToken: SecretBytes?,
        signInMethod: SignInMethod
    ) {
        self.username = username
        self.accessToken = accessToken
        self.idToken = idToken
        self.refreshToken = refreshToken
        self.signInMethod = signInMethod
    }

    /// The user's `sub`, from whichever token tells it.
    var subject: String? {
        TokenClaims(accessToken)?.subject ?? idToken.flatMap(TokenClaims.init)?.subject
    }

    /// The session with what Cognito gave for its refresh token.
    func refreshed(with tokens: RefreshedTokens) -> Session {
        var session = self
        session.accessToken = tokens.accessToken
        session.idToken = tokens.idToken ?? idToken
        session.refreshToken = tokens.refreshToken ?? refreshToken
        return session
    }

    /// Checks what a program wants to store.
    func validate() throws(AuthFailure) {
        guard (1...256).contains(username.utf8.count), !Configuration.hasControlCharacter(username) else {
            throw .invalid("username", "must be 1 to 256 bytes without control characters")
        }
        let tokens: [(StaticString, SecretBytes?)] = [
            ("access_token", accessToken), ("id_token", idToken), ("refresh_token", refreshToken),
        ]
        for (name, token) in tokens {
            guard let token else { continue }
            guard TokenRules.accept(token) else {
                throw .invalid(name, "must be 1 to 65536 of the characters A-Z a-z 0-9 . - _ =")
            }
        }
    }
}
