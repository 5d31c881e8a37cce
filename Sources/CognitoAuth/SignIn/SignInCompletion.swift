// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// From the code that the browser brought to the session that is stored.
struct SignInCompletion {
    let attempt: SignInAttempt

    /// Where it fails, `unsaved` is the session that is as good as if it were stored, and only is not.
    func run(
        _ code: SecretBytes?, _ redirectURI: String, _ unsaved: inout LoadedSession?
    ) throws(AuthFailure) -> Session {
        guard let code else { throw AuthFailure(.browserRedirectError) }
        let active = attempt.active
        var storage = SessionStorage(active: active, place: attempt.place)
        // A GlobalSignOut that runs while the session is not stored yet would end it.
        try storage.begin()
        defer { storage.end() }
        let cognito = active.cognito(secrets: attempt.secrets.all + [code])
        let endpoint = TokenEndpoint(origin: attempt.options.origin, cognito: cognito)
        let beginning = active.ports.clock.unixSeconds
        let answer: JSONObject
        do {
            answer = try endpoint.exchange(code, verifier: attempt.secrets.verifier, redirectURI: redirectURI)
        } catch {
            throw error.authFailure(of: .codeExchange)
        }
        do {
            return try store(answer, beginning, &storage, cognito, &unsaved)
        } catch {
            storage.end()
            if attempt.options.handsOut, unsaved != nil, Self.isOfKeyring(error) { throw error }
            unsaved = nil
            guard let token = answer.secret("refresh_token") else { throw error }
            throw UnheldToken(token: token, active: active).revoke(cognito, after: error)
        }
    }

    private func store(
        _ answer: JSONObject, _ beginning: Int64, _ storage: inout SessionStorage, _ cognito: CognitoService,
        _ unsaved: inout LoadedSession?
    ) throws(AuthFailure) -> Session {
        let active = attempt.active
        if active.call.cancellation.isCancelled { throw AuthFailure(.cancelled) }
        guard let tokens = IssuedTokens.ofEndpoint(answer) else {
            throw AuthFailure(.invalidResponse, detail: "no tokens in the answer")
        }
        cognito.learn(tokens.secrets)
        let session = try TokenChecks(attempt: attempt).session(of: tokens)
        let loaded = LoadedSession(session: session, deviceKey: nil)
        unsaved = loaded
        // Where a keyring hangs there has to be time to revoke what nobody holds.
        let reserve = active.time.reserve
        active.extend(by: -reserve)
        defer { active.extend(by: reserve) }
        do {
            try storage.store(loaded, TokenLife(of: tokens, since: beginning))
            attempt.hasUnfinished = storage.hasUnfinished
            return session
        } catch {
            throw SessionStorage.told(error, isStored: storage.isStored)
        }
    }

    private static func isOfKeyring(_ failure: AuthFailure) -> Bool {
        failure.status != .cancelled && failure.status != .alreadySignedIn
    }
}
