// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Why a session could not be fetched.
public struct FetchFailure: Error {
    public let failure: AuthFailure
    /// The refreshed session, if only the keyring did not take it. The stored one may have ended with the refresh,
    /// so this is all that is left.
    public let unsaved: LoadedSession?

    init(_ failure: AuthFailure, unsaved: LoadedSession? = nil) {
        self.failure = failure
        self.unsaved = unsaved
    }
}

/// Reading the session, refreshed where it needs to be.
struct FetchSession {
    let client: AuthClient
    let call: Call

    func run() throws(FetchFailure) -> LoadedSession {
        do {
            return try fetch()
        } catch {
            if error.failure.status != .notSignedIn {
                call.write(.error, .joining("Fetch: ", error.failure.status.name))
            }
            throw error
        }
    }

    private func fetch() throws(FetchFailure) -> LoadedSession {
        let active: ActiveCall
        do {
            active = try ActiveCall.begin(client, call)
            try active.takeLock(.isBusy)
        } catch {
            throw FetchFailure(error)
        }
        defer { active.ports.lock.release() }
        let loaded: LoadedSession
        do { loaded = try LoadSession.newest(active) } catch { throw FetchFailure(error) }
        guard TokenFreshness.isRefreshNeeded(loaded.session, at: active.ports.clock.unixSeconds) else { return loaded }
        return try refresh(loaded, active)
    }

    private func refresh(_ loaded: LoadedSession, _ active: ActiveCall) throws(FetchFailure) -> LoadedSession {
        guard let refreshToken = loaded.session.refreshToken else {
            throw FetchFailure(
                AuthFailure(
                    .sessionEnded,
                    "The access token is expired, and the session has no refresh token to refresh it with.")
            )
        }
        let refreshed: RefreshedSession
        do {
            var cognito = active.cognito(secrets: loaded.secrets)
            let refresh = TokenRefresh(active: active, session: loaded.session, deviceKey: .known(loaded.deviceKey))
            refreshed = try refresh.run(refreshToken, &cognito)
        } catch {
            if error.endsSession { call.announce(.sessionExpired) }
            throw FetchFailure(error.authFailure(of: .getTokensFromRefreshToken))
        }
        let session = LoadedSession(
            session: loaded.session.refreshed(with: refreshed.tokens), deviceKey: loaded.deviceKey)
        if case .failed(let failure) = refreshed.storing {
            // Where the session was replaced or deleted meanwhile, the refreshed one must not live on.
            throw FetchFailure(failure, unsaved: failure.status == .sessionChanged ? nil : session)
        }
        call.write(.info, "The session was refreshed")
        call.announce(.sessionRefreshed)
        return session
    }
}
