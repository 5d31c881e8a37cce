// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// From the code that the browser brought to the session that is stored.
struct SignInCompletion {
    let active: ActiveCall
    let options: SignInOptions
    let secrets: SignInSecrets
    /// That the browser may be signed in: gone with the sign-in.
    let marks: [StoredItem]

    func run(_ code: SecretBytes?, _ redirectURI: String) throws(SessionFailure) -> Session {
        guard let code else { throw SessionFailure(AuthFailure(.browserRedirectError)) }
        var cognito = active.cognito(secrets: secrets.all + [code])
        let endpoint = TokenEndpoint(origin: options.origin, cognito: cognito)
        let beginning = active.ports.clock.unixSeconds
        let answer: JSONObject
        do {
            answer = try endpoint.exchange(code, verifier: secrets.verifier, redirectURI: redirectURI)
        } catch {
            throw SessionFailure(error.authFailure(of: .codeExchange))
        }
        let tokens = IssuedTokens(ofEndpoint: answer)
        cognito.secrets += tokens?.secrets ?? []
        var session: Session?
        do {
            let checked = try check(tokens)
            session = checked
            try store(checked, tokens.map { TokenLife(of: $0, since: beginning) })
            return checked
        } catch {
            if let session, options.handsOut, Self.isOfKeyring(error) {
                throw SessionFailure(error, unsaved: LoadedSession(session: session, deviceKey: nil))
            }
            guard let token = answer.secret("refresh_token") else { throw SessionFailure(error) }
            throw SessionFailure(UnheldToken(token: token, active: active).revoke(cognito, after: error))
        }
    }

    private func check(_ tokens: IssuedTokens?) throws(AuthFailure) -> Session {
        if active.call.cancellation.isCancelled { throw AuthFailure(.cancelled) }
        guard let tokens else { throw AuthFailure(.invalidResponse, detail: "no tokens in the answer") }
        return try TokenChecks(
            configuration: active.configuration, digest: active.ports.digest, nonce: secrets.nonce
        ).session(of: tokens)
    }

    private func store(_ session: Session, _ life: TokenLife?) throws(AuthFailure) {
        var storage = SessionStorage(
            active: active, place: .ofSignIn(replacesSameUser: options.replacesSameUser, marks: marks))
        do {
            try storage.store(LoadedSession(session: session, deviceKey: nil), life)
        } catch {
            throw SessionStorage.told(error, isStored: storage.isStored)
        }
    }

    /// Whether the session is as good as if it were stored, and only is not.
    private static func isOfKeyring(_ failure: AuthFailure) -> Bool {
        switch failure.status {
        case .cancelled, .alreadySignedIn, .invalidResponse: false
        default: true
        }
    }

    /// The session as a fetch would have it, with the key of its user's device.
    func loaded(_ session: Session) -> LoadedSession {
        let key = try? active.keyring.deviceKey(
            username: session.username, subject: session.subject, active.time.deletion)
        return LoadedSession(session: session, deviceKey: key ?? nil)
    }
}
