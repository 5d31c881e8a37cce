// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// A session with what is stored beside it.
public struct LoadedSession: Sendable {
    public let session: Session
    public let deviceKey: SecretBytes?

    /// All that must not be told.
    var secrets: [SecretBytes] {
        [session.accessToken, session.idToken, session.refreshToken, deviceKey].compactMap { $0 }
    }

    public init(session: Session, deviceKey: SecretBytes?) {
        self.session = session
        self.deviceKey = deviceKey
    }
}

/// Why a session could not be fetched.
public struct FetchFailure: Error {
    public let failure: AuthFailure
    /// The renewed session, if only the keyring did not take it. The stored one may have ended with the
    /// renewal, so this is all that is left.
    public let unsaved: LoadedSession?
}

extension AuthClient {
    /// Stores the session of the user who has just signed in, and the device's key unless it is nil.
    public func save(_ loaded: LoadedSession, _ call: Call) throws(AuthFailure) {
        do {
            try saveUnlogged(loaded, call)
        } catch {
            call.write(.error, "Save: \(error.status.name)")
            throw error
        }
    }

    private func saveUnlogged(_ loaded: LoadedSession, _ call: Call) throws(AuthFailure) {
        let session = loaded.session
        try session.validate()
        if let key = loaded.deviceKey, !StoredDevice.accept(key) {
            throw .invalid("device_key", "must be 1 to 256 printable ASCII characters without spaces")
        }

        let time = try beginSessionCall(call)
        try takeTurn(call, time)
        defer { world.turn.giveBack() }
        if try sessionItems(call, time).contains(where: { StoredSession($0).belongsToAnotherUser(than: session) }) {
            throw AuthFailure(.alreadySignedIn)
        }
        if let key = loaded.deviceKey {
            let device = StoredDevice(username: session.username, subject: session.subject, key: key)
            try store(device.encode(), as: .device, time.whole, call)
        }
        try store(StoredSession.encode(session), as: .session, time.whole, call)
        call.write(.info, "The session was saved")
        call.announce(.sessionSaved)
    }

    /// Reads the session as it is stored.
    public func load(_ call: Call) throws(AuthFailure) -> LoadedSession {
        do {
            return try load(call, try beginSessionCall(call))
        } catch {
            if error.status != .notSignedIn { call.write(.error, "Load: \(error.status.name)") }
            throw error
        }
    }

    /// Reads the session, renewed if its access token has less than 10 s left or does not tell.
    public func fetch(_ call: Call) throws(FetchFailure) -> LoadedSession {
        do {
            return try fetchUnlogged(call)
        } catch {
            if error.failure.status != .notSignedIn {
                call.write(.error, "Fetch: \(error.failure.status.name)")
            }
            throw error
        }
    }

    private func fetchUnlogged(_ call: Call) throws(FetchFailure) -> LoadedSession {
        let time: CallTime
        let loaded: LoadedSession
        let renewed: LoadedSession
        do {
            time = try beginSessionCall(call)
            try takeTurn(call, time)
        } catch {
            throw FetchFailure(failure: error, unsaved: nil)
        }
        defer { world.turn.giveBack() }
        do {
            loaded = try load(call, time)
            guard SessionRefresh.isNeeded(loaded.session, at: world.clock.unixSeconds) else { return loaded }
            renewed = LoadedSession(
                session: loaded.session.refreshed(with: try refresh(loaded, call, time)), deviceKey: loaded.deviceKey)
        } catch {
            throw FetchFailure(failure: error, unsaved: nil)
        }
        do {
            try replace(loaded.session, with: renewed.session, call, time)
        } catch {
            // Where the session was replaced or deleted meanwhile, the renewed one must not live on.
            throw FetchFailure(failure: error, unsaved: error.status == .sessionChanged ? nil : renewed)
        }
        call.write(.info, "The session was renewed")
        call.announce(.sessionRefreshed)
        return renewed
    }

    /// Stores `renewed` if `old` is still what is stored: a refresh never brings back a session that was
    /// signed out meanwhile. Nobody may cut that short: the old refresh token may have ended.
    func replace(_ old: Session, with renewed: Session, _ call: Call, _ time: CallTime) throws(AuthFailure) {
        let items: [StoredItem]
        do { items = try self.items(.session, time.deletion, call) } catch { throw error.authFailure }
        guard let newest = items.first, let current = StoredSession(newest).session,
            current.accessToken.hasSameBytes(as: old.accessToken)
        else { throw AuthFailure(.sessionChanged) }
        try store(StoredSession.encode(renewed), as: .session, time.deletion, call)
    }

    private func refresh(
        _ loaded: LoadedSession, _ call: Call, _ time: CallTime
    ) throws(AuthFailure) -> RefreshedTokens {
        guard let refreshToken = loaded.session.refreshToken else {
            throw AuthFailure(
                .sessionEnded, "The access token is expired, and the session has no refresh token to renew it with.")
        }
        do {
            return try service(call, time, secrets: loaded.secrets).refresh(refreshToken, deviceKey: loaded.deviceKey)
        } catch {
            if error.endsSession { call.announce(.sessionExpired) }
            throw error.authFailure(of: .getTokensFromRefreshToken)
        }
    }

    private func load(_ call: Call, _ time: CallTime) throws(AuthFailure) -> LoadedSession {
        guard let newest = try sessionItems(call, time).first else { throw AuthFailure(.notSignedIn) }
        guard let session = StoredSession(newest).session else { throw AuthFailure(.invalidSession) }
        do throws(KeyringFailure) {
            let key = try deviceKey(username: session.username, subject: session.subject, time.whole, call)
            return LoadedSession(session: session, deviceKey: key)
        } catch {
            throw error.authFailure
        }
    }

    private func beginSessionCall(_ call: Call) throws(AuthFailure) -> CallTime {
        do { return try begin(call) } catch { throw error.authFailure }
    }

    /// Takes the turn, or fails: a save or refresh beside another process's could undo a sign-out.
    private func takeTurn(_ call: Call, _ time: CallTime) throws(AuthFailure) {
        let scope: TurnScope
        do { scope = try world.turn.take(time.whole) } catch { throw AuthFailure(error.status) }
        switch scope {
        case .everyone: break
        case .thisProcessOnlyForWantOfALock: warnOfMissingLock(call)
        case .thisProcessOnly:
            world.turn.giveBack()
            throw AuthFailure(.busy)
        }
    }

    private func sessionItems(_ call: Call, _ time: CallTime) throws(AuthFailure) -> [StoredItem] {
        do { return try items(.session, time.whole, call) } catch { throw error.authFailure }
    }

    private func store(
        _ secret: SecretBytes?, as kind: ItemKind, _ limit: WaitLimit, _ call: Call
    ) throws(AuthFailure) {
        guard let secret else { throw .invalid("username", "must be UTF-8") }
        do throws(KeyringFailure) { try store(secret, as: kind, limit, call) } catch { throw error.authFailure }
    }
}
