// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Refreshing the tokens of a session with GetTokensFromRefreshToken, and storing what comes back: for a fetch, a
/// sign-out and a retry alike.
struct TokenRefresh {
    let active: ActiveCall
    /// The session as it is stored, in whose place the refreshed one goes; nil where none is.
    let stored: StoredSession?
    let deviceKey: DeviceKey
    var purpose = Purpose.signOut

    /// What the tokens are for.
    enum Purpose {
        /// For the program, which must not get the tokens of a session that was signed out meanwhile.
        case use
        /// To sign the session out.
        case signOut
    }

    /// The key of the user's remembered device, without which Cognito may refuse.
    enum DeviceKey {
        case known(SecretBytes?)
        /// To be looked up, by whichever is known of the user. A keyring that does not show it keeps nothing from
        /// being tried.
        case lookedUp(username: String?, subject: String?)
    }

    func run(
        _ refreshToken: SecretBytes, _ cognito: CognitoService
    ) throws(RequestFailure) -> RefreshedSession {
        let beginning = active.ports.clock.unixSeconds
        return store(try request(refreshToken, cognito), since: beginning)
    }

    /// Makes the tokens known to `cognito`, whose server may echo them.
    func request(
        _ refreshToken: SecretBytes, _ cognito: CognitoService
    ) throws(RequestFailure) -> IssuedTokens {
        let key = key()
        if let key { cognito.learn([key]) }
        let tokens = try cognito.refresh(refreshToken, deviceKey: key)
        cognito.learn(tokens.secrets)
        return tokens
    }

    /// `beginning`: when they were asked for, in Unix seconds.
    func store(_ tokens: IssuedTokens, since beginning: Int64) -> RefreshedSession {
        guard let stored, let session = stored.session else {
            return RefreshedSession(tokens: tokens, storing: .notRequested)
        }
        do {
            let life = TokenLife(of: tokens, since: beginning)
            try store(session.refreshed(with: tokens), life, inPlaceOf: stored)
            return RefreshedSession(tokens: tokens, storing: .stored)
        } catch {
            return RefreshedSession(tokens: tokens, storing: .failed(error))
        }
    }

    private func key() -> SecretBytes? {
        switch deviceKey {
        case .known(let key): key
        case .lookedUp(let username, let subject):
            (try? active.keyring.deviceKey(username: username, subject: subject, active.time.whole)) ?? nil
        }
    }

    /// Stores a refreshed session where the old one is, and looks whether it is there: a refresh never brings back a
    /// session that was signed out meanwhile. Nobody may cut that short: the old refresh token may have ended.
    private func store(_ refreshed: Session, _ life: TokenLife, inPlaceOf old: StoredSession) throws(AuthFailure) {
        let limit = active.time.deletion
        let keyring = active.keyring
        guard let current = try keyring.reread([old.item], of: .session, limit).map(StoredSession.init).first,
            isUnchanged(current, since: old)
        else { throw AuthFailure(.sessionChanged) }
        guard let secret = StoredSession.encode(refreshed, savedAt: old.savedAt, life: life) else {
            throw AuthFailure(.invalidSession)
        }
        try keyring.update(old.item, secret, limit)
        let look = try active.look(limit)
        // Where another session was stored in the place meanwhile, these tokens are now in its item.
        func isThere(_ left: StoredSession) -> Bool {
            left.item.attributes == old.item.attributes
                && left.accessToken?.hasSameBytes(as: refreshed.accessToken) ?? false
        }
        if look.sessions.contains(where: isThere) { return }
        guard look.ended.contains(where: isThere) else { throw AuthFailure(.sessionChanged) }
        if purpose == .use { throw AuthFailure(.notSignedIn) }
    }

    private func isUnchanged(_ current: StoredSession, since old: StoredSession) -> Bool {
        guard current.item.attributes == old.item.attributes, let mine = old.accessToken else { return false }
        return current.accessToken?.hasSameBytes(as: mine) ?? false
    }
}

/// Tokens that Cognito has refreshed.
final class RefreshedSession {
    let tokens: IssuedTokens
    let storing: Storing

    init(tokens: IssuedTokens, storing: Storing) {
        self.tokens = tokens
        self.storing = storing
    }

    enum Storing {
        /// No session is stored that they belong to.
        case notRequested
        case stored
        /// The keyring does not have them: what is held here is all that is left of the session.
        case failed(AuthFailure)
    }

    var isStored: Bool {
        if case .stored = storing { return true }
        return false
    }
}
