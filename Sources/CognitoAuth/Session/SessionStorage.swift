// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Storing a session whole, for a save and a sign-in alike: it takes the place of the sessions that it may, and of no
/// others.
struct SessionStorage {
    let active: ActiveCall
    let place: Place
    /// What is known of the session, also where storing fails; nil if it cannot be seen.
    private(set) var isStored: Bool? = false
    /// Whether there are sign-outs that are not finished.
    private(set) var hasUnfinished = false

    /// Whose place the session takes.
    enum Place {
        /// Nobody's, or the same user's.
        case ofSave
        /// Nobody's, or the same user's where the program asks for that. What is damaged is nobody. With the session the marks
        /// go that the browser may be signed in.
        case ofSignIn(replacesSameUser: Bool, marks: [StoredItem])
    }

    private var hasLock = false

    init(active: ActiveCall, place: Place) {
        self.active = active
        self.place = place
    }

    /// Keeps everybody else out until `end`.
    mutating func begin() throws(AuthFailure) {
        if hasLock { return }
        try active.takeLock(.isBusy)
        hasLock = true
    }

    mutating func end() {
        if hasLock { active.ports.lock.release() }
        hasLock = false
    }

    mutating func store(_ loaded: LoadedSession, _ life: TokenLife? = nil) throws(AuthFailure) {
        defer { end() }
        do {
            try storeOnce(loaded, life)
        } catch {
            end()
            guard error.status == .keyringNoCollection, try active.offerCollection() else { throw error }
            try storeOnce(loaded, life)
        }
        active.call.write(.info, "The session was saved")
        active.call.announce(.sessionSaved)
    }

    private mutating func storeOnce(_ loaded: LoadedSession, _ life: TokenLife?) throws(AuthFailure) {
        let session = loaded.session
        try begin()
        let look = try active.look(active.time.whole)
        let older = look.sessions
        hasUnfinished = !look.unfinished.isEmpty
        if let failure = place.failure(older, session) { throw failure }
        active.deleteEnded(look)
        giveUpGlobalSignOuts(look, of: session)
        if let key = loaded.deviceKey { try save(key, of: session) }
        try create(session, life, after: older.first)
        deleteOlder(older)
        if case .ofSignIn(_, let marks) = place, !marks.isEmpty { warn("a mark", deleteMarks(marks)) }
    }

    /// Those of the same user would end this session too.
    private func giveUpGlobalSignOuts(_ look: Look, of session: Session) {
        for one in look.unfinished {
            guard let steps = one.steps, steps.isGlobalSignOutOpen, steps.mayBeOfUser(session.subject) else { continue }
            SignOutRecord(one, active).keep(steps.withoutGlobalSignOut, deleting: steps.deletions)
        }
    }

    /// Always a new item: a provider that replaces one does so on its path, where another process may mean the old one.
    private mutating func create(
        _ session: Session, _ life: TokenLife?, after newest: StoredSession?
    ) throws(AuthFailure) {
        let identity = SessionIdentity.random(active.ports.randomness)
        let secret = StoredSession.encode(
            session, savedAt: Self.savedAt(active.ports.clock.unixMilliseconds, after: newest), life: life)
        do {
            try active.keyring.create(
                try Self.encoded(secret), ItemAttributes(.session, session: identity), try limitOfCreation())
        } catch {
            // A keyring that did not answer in time may have stored it.
            if error.isAboutTime { isStored = self.isStored(identity) }
            if case .ofSignIn = place, isStored == true { return }
            throw error
        }
    }

    /// Nobody may cut a sign-in's short: a cancelled one stores nothing, and who does not know that stores.
    private func limitOfCreation() throws(AuthFailure) -> WaitLimit {
        guard case .ofSignIn = place else { return active.time.whole }
        if active.call.cancellation.isCancelled { throw AuthFailure(.cancelled) }
        return active.time.deletion
    }

    /// Later than the newest session that is there, also where the clock was set back: it may be left.
    private static func savedAt(_ now: Int64, after newest: StoredSession?) -> Int64 {
        guard let newest, newest.savedAt < .max else { return now }
        return max(now, newest.savedAt + 1)
    }

    private func isStored(_ identity: String) -> Bool? {
        guard let items = try? active.keyring.items(.session, active.time.deletion) else { return nil }
        return items.contains { $0.attributes.isOf(identity) }
    }

    /// Says of a failure that is about time what is known of the session.
    static func told(_ failure: AuthFailure, isStored: Bool?) -> AuthFailure {
        guard failure.isAboutTime else { return failure }
        return switch isStored {
        case true?: AuthFailure(failure.status, detail: "the session was stored all the same")
        case false?: AuthFailure(failure.status, detail: "the session was not stored")
        case nil: AuthFailure(failure.status, detail: "the session may have been stored, or may be yet")
        }
    }

    /// The new session is the newest one, whatever is left beside it. Where an older one was, another may be stored by now:
    /// the new one itself, or one of a process that no lock keeps out.
    private func deleteOlder(_ older: [StoredSession]) {
        guard !older.isEmpty else { return }
        let deletion = LocalDeletion(active: active)
        var failure: AuthFailure?
        do {
            let left = try deletion.reread(older, knownAs: older.map(deletion.identity)).map { $0.item }
            if !left.isEmpty { failure = active.keyring.delete(left, of: .session, active.time.deletion).failure }
        } catch {
            failure = error
        }
        warn("an older session", failure)
    }

    /// Returns how that failed. Where one was that another sign-in has deleted, the new session may be.
    private func deleteMarks(_ marks: [StoredItem]) -> AuthFailure? {
        let limit = active.time.deletion
        do {
            let left = try active.keyring.reread(marks, of: .browser, limit)
            return left.isEmpty ? nil : active.keyring.delete(left, of: .browser, limit).failure
        } catch {
            return error
        }
    }

    private func warn(_ what: String, _ failure: AuthFailure?) {
        guard let failure else { return }
        active.call.write(.warning, .joining("Save: ", what, " was not deleted: ", failure.status.name))
    }

    private func save(_ key: SecretBytes, of session: Session) throws(AuthFailure) {
        let limit = active.time.whole
        let device = StoredDevice(username: session.username, subject: session.subject, key: key)
        let secret = try Self.encoded(device.encode())
        if let known = try active.keyring.items(.device, limit).first {
            try active.keyring.update(known, secret, limit)
        } else {
            try active.keyring.create(secret, ItemAttributes(.device), limit)
        }
    }

    private static func encoded(_ secret: SecretBytes?) throws(AuthFailure) -> SecretBytes {
        guard let secret else { throw .invalid("username", "must be UTF-8") }
        return secret
    }
}

extension SessionStorage.Place {
    /// Why `session` cannot be stored where `older` ones are; nil if it can. Without a session: why none could.
    func failure(_ older: [StoredSession], _ session: Session?) -> AuthFailure? {
        for stored in older {
            if case .ofSignIn(let replacesSameUser, _) = self {
                if stored.session == nil { continue }
                if !replacesSameUser { return AuthFailure(.alreadySignedIn, "A user is signed in already.") }
            }
            if let session, stored.belongsToAnotherUser(than: session) { return AuthFailure(.alreadySignedIn) }
        }
        return nil
    }
}
