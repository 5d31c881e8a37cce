// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Storing the session of the user who has just signed in.
struct SaveSession {
    let client: AuthClient
    let call: Call

    func run(_ loaded: LoadedSession) throws(AuthFailure) {
        var isStored: Bool? = false
        do {
            try save(loaded, &isStored)
        } catch {
            call.write(.error, .joining("Save: ", error.status.name))
            throw error.isAboutTime ? AuthFailure(error.status, detail: Self.what(isStored: isStored)) : error
        }
    }

    /// Where it fails, `isStored` is what is known of the session then; nil if it cannot be seen.
    private func save(_ loaded: LoadedSession, _ isStored: inout Bool?) throws(AuthFailure) {
        try loaded.session.validate(for: client.configuration)
        if let key = loaded.deviceKey, !StoredDevice.accept(key) {
            throw .invalid("device_key", "must be 1 to 256 printable ASCII characters without spaces")
        }

        var active = try ActiveCall.begin(client, call)
        do {
            try store(loaded, active, &isStored)
        } catch {
            guard error.status == .keyringNoCollection, try active.offerCollection() else { throw error }
            try store(loaded, active, &isStored)
        }
        call.write(.info, "The session was saved")
        call.announce(.sessionSaved)
    }

    private func store(
        _ loaded: LoadedSession, _ active: ActiveCall, _ isStored: inout Bool?
    ) throws(AuthFailure) {
        let session = loaded.session
        try active.takeLock(.isBusy)
        defer { active.ports.lock.release() }
        let limit = active.time.whole
        let older = StoredSession.newestFirst(try active.keyring.items(.session, limit))
        guard !older.contains(where: { $0.belongsToAnotherUser(than: session) }) else {
            throw AuthFailure(.alreadySignedIn)
        }
        if let key = loaded.deviceKey { try save(key, of: session, active) }
        try create(session, after: older.first, active, &isStored)
        deleteOlder(older, active)
    }

    /// Always a new item: a provider that replaces one does so on its path, where another process may mean the old one.
    private func create(
        _ session: Session, after newest: StoredSession?, _ active: ActiveCall, _ isStored: inout Bool?
    ) throws(AuthFailure) {
        let identity = SessionIdentity.random(active.ports.randomness)
        let secret = StoredSession.encode(
            session, savedAt: Self.savedAt(active.ports.clock.unixMilliseconds, after: newest))
        do {
            try active.keyring.create(
                try encoded(secret), ItemAttributes(.session, session: identity), active.time.whole)
        } catch {
            // A keyring that did not answer in time may have stored it.
            if error.isAboutTime { isStored = self.isStored(identity, active) }
            throw error
        }
    }

    /// Later than the newest session that is there, also where the clock was set back: it may be left.
    private static func savedAt(_ now: Int64, after newest: StoredSession?) -> Int64 {
        guard let newest, newest.savedAt < .max else { return now }
        return max(now, newest.savedAt + 1)
    }

    private func isStored(_ identity: String, _ active: ActiveCall) -> Bool? {
        guard let items = try? active.keyring.items(.session, active.time.deletion) else { return nil }
        return items.contains { $0.attributes.session?.isExactly(identity) ?? false }
    }

    private static func what(isStored: Bool?) -> String {
        switch isStored {
        case true?: "the session was stored all the same"
        case false?: "the session was not stored"
        case nil: "the session may have been stored, or may be yet"
        }
    }

    /// The new session is the newest one, whatever is left beside it. Where an older one was, another may be stored by now:
    /// the new one itself, or one of a process that no lock keeps out.
    private func deleteOlder(_ older: [StoredSession], _ active: ActiveCall) {
        guard !older.isEmpty else { return }
        let deletion = LocalDeletion(active: active)
        var failure: AuthFailure?
        do {
            let left = try deletion.reread(older, knownAs: older.map(deletion.identity)).map { $0.item }
            if !left.isEmpty { failure = active.keyring.delete(left, of: .session, active.time.deletion).failure }
        } catch {
            failure = error
        }
        guard let failure else { return }
        call.write(.warning, .joining("Save: an older session was not deleted: ", failure.status.name))
    }

    private func save(_ key: SecretBytes, of session: Session, _ active: ActiveCall) throws(AuthFailure) {
        let limit = active.time.whole
        let device = StoredDevice(username: session.username, subject: session.subject, key: key)
        let secret = try encoded(device.encode())
        if let known = try active.keyring.items(.device, limit).first {
            try active.keyring.update(known, secret, limit)
        } else {
            try active.keyring.create(secret, ItemAttributes(.device), limit)
        }
    }

    private func encoded(_ secret: SecretBytes?) throws(AuthFailure) -> SecretBytes {
        guard let secret else { throw .invalid("username", "must be UTF-8") }
        return secret
    }
}
