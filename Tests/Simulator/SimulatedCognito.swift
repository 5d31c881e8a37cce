// SPDX-License-Identifier: Apache-2.0

/// One user pool with its users and their sessions, as Cognito keeps them. All numbers are places in its lists.
final class SimulatedCognito {
    static let clientID = "client1example"
    /// In seconds.
    private static let life: Int64 = 3600

    struct User {
        var isDisabled = false
        var isDeleted = false
    }

    /// What came of one sign-in: a refresh token, and those that take its place.
    final class Family {
        let user: Int
        let created: Int64
        /// Whether the keyring has had it.
        var wasStored = false
        /// The number of the item that it was stored in.
        var storedAt = 0
        /// Whether its save could do all that it does.
        var wasSavedWell = false
        /// The number of the last item that its save could see.
        var sawUpTo = 0
        /// Whether a sign-out of it has begun to end it.
        var isSignOutBegun = false
        /// Whether a save has replaced it, late.
        var wasReplaced = false
        /// Whether a program was handed its open steps.
        var isHanded = false
        /// Whether it is one of another device.
        var isElsewhere = false
        /// Whether a sign-out everywhere was to end it.
        var isGlobalAsked = false
        /// When a program was told that it is signed out here.
        var saidSignedOut: Int64?

        init(_ user: Int, _ created: Int64) {
            self.user = user
            self.created = created
        }
    }

    struct RefreshToken {
        let family: Int
        var isRevoked = false
        /// Until when it works although it was rotated.
        var graceEnd: Int64?
        /// Nobody can know of it, or its end was not promised.
        var isExcused = false
    }

    struct AccessToken {
        let refreshToken: Int
        /// In seconds of Cognito's clock.
        let expiresAt: Int64
    }

    /// What an operation answers.
    enum Answer {
        case success(String)
        case exception(String, String)
    }

    var users: [User] = [User(), User()]
    private(set) var families: [Family] = []
    private(set) var refreshTokens: [RefreshToken] = []
    private var accessTokens: [AccessToken] = []
    private unowned(unsafe) let world: World

    init(_ world: World) { self.world = world }

    private var seconds: Int64 { (World.epoch + world.now) / 1000 }

    func family(ofToken token: Int) -> Family { families[refreshTokens[token].family] }

    func family(ofAccess token: Int) -> Int { refreshTokens[accessTokens[token].refreshToken].family }

    /// Whether it works until it is ended. One that was rotated ends by itself.
    func isLive(_ token: Int) -> Bool {
        let refreshToken = refreshTokens[token]
        return !refreshToken.isRevoked && refreshToken.graceEnd == nil && !users[family(ofToken: token).user].isDeleted
    }

    func liveTokens(of family: Int) -> [Int] {
        refreshTokens.indices.filter { refreshTokens[$0].family == family && isLive($0) }
    }

    func excuse(_ token: Int) { refreshTokens[token].isExcused = true }

    /// Who reads the keyring knows of it.
    func hold(_ token: Int) { refreshTokens[token].isExcused = false }

    // MARK: Operations

    /// A sign-in that the library has no part in. Returns the texts of the tokens, and the refresh token's number.
    func signIn(_ user: Int) -> (access: String, refresh: String, number: Int) {
        families.append(Family(user, world.now))
        let number = mint(of: families.count - 1)
        return (access(number), Wire.refreshToken(number), number)
    }

    private func mint(of family: Int) -> Int {
        refreshTokens.append(RefreshToken(family: family))
        return refreshTokens.count - 1
    }

    private func access(_ refreshToken: Int) -> String {
        accessTokens.append(AccessToken(refreshToken: refreshToken, expiresAt: seconds + Self.life))
        return Wire.accessToken(
            accessTokens.count - 1, user: family(ofToken: refreshToken).user, issuedAt: seconds,
            expiresAt: seconds + Self.life, clientID: Self.clientID,
            claims: world.surroundings.hasHostedUI ? Wire.issuer : "")
    }

    /// How often all sessions of a user were ended.
    private(set) var globalEnds = 0

    func endEverySession(of user: Int) {
        globalEnds += 1
        for token in refreshTokens.indices where family(ofToken: token).user == user {
            refreshTokens[token].isRevoked = true
        }
    }

    func globalSignOut(_ access: Int) -> (Answer, Family?) {
        if let refusal = refusal(access) { return (refusal, nil) }
        let family = family(ofToken: accessTokens[access].refreshToken)
        endEverySession(of: family.user)
        return (.success(world.random.isOneIn(2) ? "" : "{}"), family)
    }

    func getUser(_ access: Int) -> Answer {
        refusal(access) ?? .success(#"{"Username":"user","UserAttributes":[]}"#)
    }

    /// Why an access token does not do.
    private func refusal(_ access: Int) -> Answer? {
        let token = accessTokens[access]
        let user = users[family(ofToken: token.refreshToken).user]
        if user.isDeleted { return .exception("UserNotFoundException", "User does not exist.") }
        if token.expiresAt <= seconds { return .exception("NotAuthorizedException", "Access Token has expired") }
        if refreshTokens[token.refreshToken].isRevoked {
            return .exception("NotAuthorizedException", "Access Token has been revoked")
        }
        return user.isDisabled ? .exception("NotAuthorizedException", "User is disabled.") : nil
    }

    func revoke(_ token: Int) -> Answer {
        guard world.surroundings.isRevocationEnabled else {
            return .exception("UnsupportedOperationException", "Revocation is not enabled")
        }
        if users[family(ofToken: token).user].isDeleted {
            return .exception("UserNotFoundException", "User does not exist.")
        }
        if refreshTokens[token].isRevoked && world.surroundings.refusesToRevokeAgain {
            return .exception("NotAuthorizedException", "Refresh Token has been revoked")
        }
        refreshTokens[token].isRevoked = true
        return .success(world.random.isOneIn(2) ? "" : "{}")
    }

    /// Returns the number of the refresh token that is the newest of the family afterwards.
    func refresh(_ token: Int) -> (Answer, minted: Int?) {
        let refreshToken = refreshTokens[token]
        let user = users[family(ofToken: token).user]
        if user.isDeleted { return (.exception("UserNotFoundException", "User does not exist."), nil) }
        if refreshToken.isRevoked {
            return (.exception("NotAuthorizedException", "Refresh Token has been revoked"), nil)
        }
        if user.isDisabled { return (.exception("NotAuthorizedException", "User is disabled."), nil) }
        if let end = refreshToken.graceEnd, end <= world.now {
            return (.exception("RefreshTokenReuseException", "The refresh token was used already"), nil)
        }
        let (access, rotated) = issue(token)
        return (.success(issued(access, rotated.map(Wire.refreshToken))), rotated)
    }

    /// What a refresh with `token` brings.
    func issue(_ token: Int) -> (access: String, rotated: Int?) {
        guard world.surroundings.rotates else { return (access(token), nil) }
        let minted = mint(of: refreshTokens[token].family)
        refreshTokens[token].graceEnd = refreshTokens[token].graceEnd ?? world.now + world.surroundings.grace
        return (access(minted), minted)
    }

    private func issued(_ access: String, _ refresh: String?) -> String {
        let rotated = refresh.map { #","RefreshToken":"\#($0)""# } ?? ""
        return
            #"{"AuthenticationResult":{"AccessToken":"\#(access)","ExpiresIn":\#(Self.life),"TokenType":"Bearer"\#(rotated)}}"#
    }
}
