// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Reading the session as it is stored.
struct LoadSession {
    let client: AuthClient
    let call: Call

    func run() throws(AuthFailure) -> LoadedSession {
        do {
            let active = try ActiveCall.begin(client, call)
            return try Self.loaded(try Self.newest(active), active)
        } catch {
            if error.status != .notSignedIn { call.write(.error, .joining("Load: ", error.status.name)) }
            throw error
        }
    }

    /// The session that is stored.
    static func newest(_ active: ActiveCall) throws(AuthFailure) -> StoredSession {
        guard let newest = try active.look(active.time.whole).sessions.first else { throw AuthFailure(.notSignedIn) }
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
