// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Asking Cognito whether the stored session is still good.
struct CheckSession {
    let client: AuthClient
    let call: Call

    func run() throws(AuthFailure) {
        let failure: AuthFailure
        do {
            return try check()
        } catch {
            failure = Self.told(error)
        }
        if failure.status != .notSignedIn { call.write(.error, .joining("Check: ", failure.status.name)) }
        if failure.situation == .endedSession { call.announce(.sessionExpired) }
        throw failure
    }

    /// Each round asks about the session that is stored by then. Another process may have signed it out, refreshed or
    /// replaced it while Cognito was asked.
    private func check() throws(SessionFailure) {
        let active: ActiveCall
        do {
            active = try ActiveCall.begin(client, call)
        } catch {
            throw SessionFailure(error)
        }
        let fetch = FetchSession(client: client, call: call)
        let cognito = active.cognito(secrets: [])
        var asked = try fetch.fresh(active, cognito)
        while true {
            let accessToken = asked.loaded.session.accessToken
            let refusal: RequestFailure
            do {
                return try cognito.getUser(accessToken)
            } catch {
                refusal = error
            }
            let hasEnded = refusal.endsSession
            // Where the scope is missing, the refresh is the question.
            let isRefreshAsked = refusal.reason == .scopeMissing
            if isRefreshAsked && asked.isRefreshed { return }
            guard hasEnded || Self.asksForRefresh(refusal, asked) else {
                throw SessionFailure(refusal.ofSession(.getUser))
            }
            asked = try fetch.fresh(active, cognito, refused: hasEnded ? nil : accessToken)
            if isRefreshAsked && asked.isRefreshed { return }
            if hasEnded && asked.loaded.session.accessToken.hasSameBytes(as: accessToken) {
                throw SessionFailure(refusal.ofSession(.getUser))
            }
        }
    }

    /// Whether a refresh tells more, which is done once. Without a refresh token an expired access token is the end.
    private static func asksForRefresh(_ refusal: RequestFailure, _ asked: FreshSession) -> Bool {
        if asked.isRefreshed { return false }
        switch refusal.reason {
        case .tokenExpired: return true
        case .tokenInvalid, .scopeMissing: return asked.loaded.session.refreshToken != nil
        case .tokenRevoked, .refreshTokenEnded, .userDisabled, .other: return false
        }
    }

    private static func told(_ error: SessionFailure) -> AuthFailure {
        let failure = error.failure
        if failure.situation == .endedSession && failure.status != .sessionEnded {
            return AuthFailure(
                .sessionEnded, .joining(Status.sessionEnded.message, " ", failure.message), in: .endedSession,
                serviceException: failure.serviceException)
        }
        // Nobody is handed a session here, and the refresh token that is stored may have ended with the refresh.
        guard let token = error.unsaved?.session.refreshToken else { return failure }
        return failure.adding(" The session was refreshed, but its new tokens were not stored.", token: token)
    }
}
