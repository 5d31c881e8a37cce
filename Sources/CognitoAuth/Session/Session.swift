// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// What sign-in left behind for the one user who is signed in.
public final class Session: Sendable {
    public let username: String
    public let accessToken: SecretBytes
    public let idToken: SecretBytes?
    public let refreshToken: SecretBytes?
    public let signInMethod: SignInMethod

    public enum SignInMethod: Int32, Sendable {
        case api = 0
        case hostedUI = 1
    }

    /// What a program has of a session, with the tokens' own user name where it has none.
    ///
    /// Fails if no token tells the name. What is no token tells none: then that is what is wrong.
    public static func make(
        username: String?, accessToken: SecretBytes, idToken: SecretBytes?, refreshToken: SecretBytes?,
        method: SignInMethod
    ) throws(AuthFailure) -> Session {
        let own = TokenClaims(accessToken)?.username ?? idToken.flatMap(TokenClaims.init)?.username
        guard let username = username ?? own else {
            try TokenPlace.access.checkCharacters(accessToken)
            if let idToken { try TokenPlace.id.checkCharacters(idToken) }
            throw .invalid("username", "is NULL, and no token tells the user name")
        }
        return Session(
            username: username, accessToken: accessToken, idToken: idToken, refreshToken: refreshToken,
            signInMethod: method)
    }

    @inline(never)
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
    func refreshed(with tokens: IssuedTokens) -> Session {
        Session(
            username: username, accessToken: tokens.accessToken, idToken: tokens.idToken ?? idToken,
            refreshToken: tokens.refreshToken ?? refreshToken, signInMethod: signInMethod)
    }

    /// Checks what a program wants to store for an app client of a user pool.
    func validate(for configuration: Configuration) throws(AuthFailure) {
        // Cognito counts characters too, 128 at most: UsernameType in its API reference.
        let characterCount = username.withBytes { $0.count { $0 & 0xC0 != 0x80 } }
        guard (1...256).contains(characterCount), !Configuration.hasControlCharacter(username) else {
            throw .invalid("username", "must be 1 to 256 characters without control characters")
        }
        try TokenPlace.access.check(accessToken, configuration)
        if let idToken { try TokenPlace.id.check(idToken, configuration) }
        if let refreshToken { try TokenPlace.refresh.check(refreshToken, configuration) }
    }
}
