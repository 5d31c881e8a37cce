// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Reading the session as it is stored.
struct LoadSession {
    let client: AuthClient
    let call: Call

    func run() throws(AuthFailure) -> LoadedSession {
        do {
            let active = try ActiveCall.begin(client, call)
            return try Self.loaded(try Self.newest(active.look(active.time.whole)), active)
        } catch {
            if error.status != .notSignedIn { call.write(.error, .joining("Load: ", error.status.name)) }
            throw error
        }
    }

    /// The session of whoever is signed in.
    static func newest(_ look: Look) throws(AuthFailure) -> StoredSession {
        guard let newest = look.sessions.first else { throw AuthFailure(.notSignedIn) }
        return newest
    }

    /// The session, with the key of its user's device.
    static func loaded(_ stored: StoredSession, _ active: ActiveCall) throws(AuthFailure) -> LoadedSession {
        guard let session = stored.session else { throw AuthFailure(.invalidSession) }
        let key = try active.keyring.deviceKey(
            username: session.username, subject: session.subject, active.time.whole)
        return LoadedSession(session: session, deviceKey: key)
    }
}
