// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Reading the session, refreshed where it needs to be.
struct FetchSession {
    let client: AuthClient
    let call: Call

    func run() throws(SessionFailure) -> LoadedSession {
        do {
            return try fetch()
        } catch {
            if error.failure.status != .notSignedIn {
                call.write(.error, .joining("Fetch: ", error.failure.status.name))
            }
            if error.failure.situation == .endedSession { call.announce(.sessionExpired) }
            throw error
        }
    }

    private func fetch() throws(SessionFailure) -> LoadedSession {
        let active: ActiveCall
        do {
            active = try ActiveCall.begin(client, call)
        } catch {
            throw SessionFailure(error)
        }
        let cognito = active.cognito(secrets: [])
        return try fresh(active, cognito).loaded
    }

    /// Reads the session, and refreshes it where its access token is about to expire, or is `refused`: one that Cognito did
    /// not accept. Makes the tokens known to `cognito`, whose server may echo them.
    func fresh(
        _ active: ActiveCall, _ cognito: CognitoService, refused: SecretBytes? = nil
    ) throws(SessionFailure) -> FreshSession {
        do {
            try active.takeLock(.isBusy)
        } catch {
            throw SessionFailure(error)
        }
        defer { active.ports.lock.release() }
        let stored: StoredSession
        let loaded: LoadedSession
        do {
            let look = try active.look(active.time.whole)
            active.deleteEnded(look)
            stored = try LoadSession.newest(look)
            loaded = try LoadSession.loaded(stored, active)
        } catch {
            throw SessionFailure(error)
        }
        cognito.learn(loaded.secrets)
        let now = active.ports.clock.unixSeconds
        let isRefused = refused?.hasSameBytes(as: loaded.session.accessToken) ?? false
        guard isRefused || TokenFreshness.isRefreshNeeded(loaded.session, stored.life, at: now) else {
            return FreshSession(loaded, isRefreshed: false)
        }
        return FreshSession(try refresh(loaded, stored, active, cognito), isRefreshed: true)
    }

    private func refresh(
        _ loaded: LoadedSession, _ stored: StoredSession, _ active: ActiveCall, _ cognito: CognitoService
    ) throws(SessionFailure) -> LoadedSession {
        guard let refreshToken = loaded.session.refreshToken else {
            throw SessionFailure(
                AuthFailure(
                    .sessionEnded,
                    "The access token is expired, and the session has no refresh token to refresh it with.",
                    in: .endedSession))
        }
        let refreshed: RefreshedSession
        do {
            let refresh = TokenRefresh(
                active: active, stored: stored, deviceKey: .known(loaded.deviceKey), purpose: .use)
            refreshed = try refresh.run(refreshToken, cognito)
        } catch {
            throw SessionFailure(error.ofSession(.getTokensFromRefreshToken))
        }
        let session = LoadedSession(
            session: loaded.session.refreshed(with: refreshed.tokens), deviceKey: loaded.deviceKey)
        if case .failed(let failure) = refreshed.storing {
            guard failure.status == .sessionChanged || failure.status == .notSignedIn else {
                throw SessionFailure(failure, unsaved: session)
            }
            let isNew = refreshed.tokens.refreshToken != nil
            throw SessionFailure(revokeUnlessStored(session.session, isNew: isNew, cognito, active, after: failure))
        }
        call.write(.info, "The session was refreshed")
        call.announce(.sessionRefreshed)
        return session
    }

    /// Ends the refresh token of a session that is gone: nobody holds it. But without a lock another process may have
    /// refreshed the session with the same token, or stored it anew; that one has another access token. Where that cannot be
    /// seen, only a token that is new is in no session. Returns `failure`, which says so where the token may live on.
    private func revokeUnlessStored(
        _ refreshed: Session, isNew: Bool, _ cognito: CognitoService, _ active: ActiveCall, after failure: AuthFailure
    ) -> AuthFailure {
        guard let refreshToken = refreshed.refreshToken else { return failure }
        let look = try? active.keyring.items(.session, active.time.deletion)
        if look == nil, !isNew { return failure }
        let stored = look ?? []
        let isStored = stored.map(StoredSession.init).contains {
            $0.refreshToken?.hasSameBytes(as: refreshToken) ?? false
                && !($0.accessToken?.hasSameBytes(as: refreshed.accessToken) ?? false)
        }
        return isStored ? failure : UnheldToken(token: refreshToken, active: active).revoke(cognito, after: failure)
    }
}

/// A session whose access token is not about to expire by this machine's clock.
final class FreshSession {
    let loaded: LoadedSession
    /// Whether it was refreshed just now.
    let isRefreshed: Bool

    init(_ loaded: LoadedSession, isRefreshed: Bool) {
        self.loaded = loaded
        self.isRefreshed = isRefreshed
    }
}
