// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Reading the session as it is stored.
struct LoadSession {
    let client: AuthClient
    let call: Call

    func run() throws(AuthFailure) -> LoadedSession {
        do {
            return try Self.newest(try ActiveCall.begin(client, call))
        } catch {
            if error.status != .notSignedIn { call.write(.error, .joining("Load: ", error.status.name)) }
            throw error
        }
    }

    /// The session that is stored, and the key of its user's device.
    static func newest(_ active: ActiveCall) throws(AuthFailure) -> LoadedSession {
        let limit = active.time.whole
        guard let newest = try active.keyring.items(.session, limit).first else { throw AuthFailure(.notSignedIn) }
        guard let session = StoredSession(newest).session else { throw AuthFailure(.invalidSession) }
        let key = try active.keyring.deviceKey(username: session.username, subject: session.subject, limit)
        return LoadedSession(session: session, deviceKey: key)
    }
}
