// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Storing the session of the user who has just signed in.
struct SaveSession {
    let client: AuthClient
    let call: Call

    func run(_ loaded: LoadedSession) throws(AuthFailure) {
        do {
            try save(loaded)
        } catch {
            call.write(.error, .joining("Save: ", error.status.name))
            throw error
        }
    }

    private func save(_ loaded: LoadedSession) throws(AuthFailure) {
        let session = loaded.session
        try session.validate()
        if let key = loaded.deviceKey, !StoredDevice.accept(key) {
            throw .invalid("device_key", "must be 1 to 256 printable ASCII characters without spaces")
        }

        let active = try ActiveCall.begin(client, call)
        try active.takeLock(.isBusy)
        defer { active.ports.lock.release() }
        let limit = active.time.whole
        let stored = try active.keyring.items(.session, limit)
        guard !stored.contains(where: { StoredSession($0).belongsToAnotherUser(than: session) }) else {
            throw AuthFailure(.alreadySignedIn)
        }
        if let key = loaded.deviceKey {
            let device = StoredDevice(username: session.username, subject: session.subject, key: key)
            try active.keyring.store(try encoded(device.encode()), as: .device, limit)
        }
        try active.keyring.store(try encoded(StoredSession.encode(session)), as: .session, limit)
        call.write(.info, "The session was saved")
        call.announce(.sessionSaved)
    }

    private func encoded(_ secret: SecretBytes?) throws(AuthFailure) -> SecretBytes {
        guard let secret else { throw .invalid("username", "must be UTF-8") }
        return secret
    }
}
