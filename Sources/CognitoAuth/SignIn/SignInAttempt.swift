// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// A sign-in that has begun: what it works with.
final class SignInAttempt {
    let active: ActiveCall
    let options: SignInOptions
    let secrets: SignInSecrets
    /// That somebody may still be signed in in the browser: gone with the sign-in.
    private(set) var marks: [StoredItem] = []
    /// Whether there are sign-outs that are not finished.
    var hasUnfinished = false

    init(_ active: ActiveCall, _ options: SignInOptions, _ secrets: SignInSecrets) {
        self.active = active
        self.options = options
        self.secrets = secrets
    }

    /// Where the session goes.
    var place: SessionStorage.Place { .ofSignIn(replacesSameUser: options.replacesSameUser, marks: marks) }

    /// Looks whether the session can be stored: nobody must type a password and a second factor only to hear that it cannot.
    func look() throws(AuthFailure) {
        do {
            try lookOnce()
        } catch {
            guard error.status == .keyringNoCollection, try active.offerCollection() else { throw error }
            try lookOnce()
        }
    }

    private func lookOnce() throws(AuthFailure) {
        let limit = active.time.whole
        if let failure = place.failure(try active.look(limit).sessions, nil) { throw failure }
        guard try active.ports.store.hasCollection(limit) else { throw AuthFailure(.keyringNoCollection) }
        marks = try active.keyring.items(.browser, limit)
    }

    /// A session that was stored, as a fetch would have it, with the key of its user's device.
    func loaded(_ session: Session) -> LoadedSession {
        let key = try? active.keyring.deviceKey(
            username: session.username, subject: session.subject, active.time.deletion)
        return LoadedSession(session: session, deviceKey: key ?? nil)
    }
}
