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
        let now = active.ports.clock.unixSeconds
        guard TokenFreshness.isRefreshNeeded(loaded.session, stored.life, at: now) else { return loaded }
        return try refresh(loaded, stored, active)
    }

    private func refresh(
        _ loaded: LoadedSession, _ stored: StoredSession, _ active: ActiveCall
    ) throws(SessionFailure) -> LoadedSession {
        guard let refreshToken = loaded.session.refreshToken else {
            throw SessionFailure(
                AuthFailure(
                    .sessionEnded,
                    "The access token is expired, and the session has no refresh token to refresh it with.",
                    in: .endedSession))
        }
        var cognito = active.cognito(secrets: loaded.secrets)
        let refreshed: RefreshedSession
        do {
            let refresh = TokenRefresh(
                active: active, stored: stored, deviceKey: .known(loaded.deviceKey), purpose: .use)
            refreshed = try refresh.run(refreshToken, &cognito)
        } catch {
            throw SessionFailure(error.ofSession(.getTokensFromRefreshToken))
        }
        let session = LoadedSession(
            session: loaded.session.refreshed(with: refreshed.tokens), deviceKey: loaded.deviceKey)
        if case .failed(let failure) = refreshed.storing {
            guard failure.status == .sessionChanged || failure.status == .notSignedIn else {
                throw SessionFailure(failure, unsaved: session)
            }
            throw SessionFailure(revokeUnlessStored(session.session, cognito, active, after: failure))
        }
        call.write(.info, "The session was refreshed")
        call.announce(.sessionRefreshed)
        return session
    }

    /// Ends the refresh token of a session that is gone: nobody holds it. But without a lock another process may have
    /// refreshed the session with the same token, or stored it anew; that one has another access token. Returns `failure`,
    /// which says so where the token may live on.
    private func revokeUnlessStored(
        _ refreshed: Session, _ cognito: CognitoService, _ active: ActiveCall, after failure: AuthFailure
    ) -> AuthFailure {
        guard let refreshToken = refreshed.refreshToken else { return failure }
        let stored = (try? active.keyring.items(.session, active.time.deletion)) ?? []
        let isStored = stored.map(StoredSession.init).contains {
            $0.refreshToken?.hasSameBytes(as: refreshToken) ?? false
                && !($0.accessToken?.hasSameBytes(as: refreshed.accessToken) ?? false)
        }
        return isStored ? failure : UnheldToken(token: refreshToken, active: active).revoke(cognito, after: failure)
    }
}
