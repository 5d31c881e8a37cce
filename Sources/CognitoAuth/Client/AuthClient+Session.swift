// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// A session with what is stored beside it.
public struct LoadedSession: Sendable {
    public let session: Session
    public let deviceKey: SecretBytes?

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
    public func save(_ loaded: LoadedSession, log: CallLog) throws(AuthFailure) {
        let session = loaded.session
        try session.validate()
        if let key = loaded.deviceKey, !StoredDevice.accept(key) {
            throw .invalid("device_key", "must be 1 to 256 printable ASCII characters without spaces")
        }

        world.turn.take()
        defer { world.turn.giveBack() }
        if let newest = try sessionItems().first, StoredSession(newest).belongsToAnotherUser(than: session) {
            throw AuthFailure(.alreadySignedIn)
        }
        if let key = loaded.deviceKey {
            let device = StoredDevice(username: session.username, subject: session.subject, key: key)
            try store(device.encode(), as: .device)
        }
        try store(StoredSession.encode(session), as: .session)
        log.write(.info, "The session was saved")
    }

    /// Reads the session as it is stored.
    public func load() throws(AuthFailure) -> LoadedSession {
        let session = try storedSession()
        return LoadedSession(
            session: session, deviceKey: deviceKey(username: session.username, subject: session.subject))
    }

    /// Reads the session, renewed if its access token has less than 10 s left or does not tell.
    public func fetch(timeout: Int64, log: CallLog) throws(FetchFailure) -> LoadedSession {
        let service = service(timeout: timeout, log)
        world.turn.take()
        defer { world.turn.giveBack() }
        let loaded: LoadedSession
        let renewed: LoadedSession
        do {
            loaded = try load()
            guard SessionRefresh.isNeeded(loaded.session.accessToken, at: world.clock.unixSeconds) else {
                return loaded
            }
            renewed = LoadedSession(
                session: loaded.session.refreshed(with: try refresh(loaded, service)), deviceKey: loaded.deviceKey)
        } catch {
            throw FetchFailure(failure: error, unsaved: nil)
        }
        do {
            try replace(loaded.session, with: renewed.session)
        } catch {
            // Where the session was replaced or deleted meanwhile, the renewed one must not live on.
            throw FetchFailure(failure: error, unsaved: error.status == .sessionChanged ? nil : renewed)
        }
        log.write(.info, "The session was renewed")
        return renewed
    }

    /// Stores `renewed` if `old` is still what is stored: a refresh never brings back a session that was
    /// signed out meanwhile.
    func replace(_ old: Session, with renewed: Session) throws(AuthFailure) {
        guard let newest = try sessionItems().first, let current = StoredSession(newest).session,
            current.accessToken.hasSameBytes(as: old.accessToken)
        else { throw AuthFailure(.sessionChanged) }
        try store(StoredSession.encode(renewed), as: .session)
    }

    private func refresh(_ loaded: LoadedSession, _ service: CognitoService) throws(AuthFailure) -> RefreshedTokens {
        guard let refreshToken = loaded.session.refreshToken else {
            throw AuthFailure(
                .sessionEnded, "The access token is expired, and the session has no refresh token to renew it with.")
        }
        do {
            return try service.refresh(refreshToken, deviceKey: loaded.deviceKey)
        } catch {
            throw error.authFailure(of: .getTokensFromRefreshToken)
        }
    }

    private func storedSession() throws(AuthFailure) -> Session {
        guard let newest = try sessionItems().first else { throw AuthFailure(.notSignedIn) }
        guard let session = StoredSession(newest).session else { throw AuthFailure(.invalidSession) }
        return session
    }

    private func sessionItems() throws(AuthFailure) -> [StoredItem] {
        do { return try world.store.items(.session) } catch { throw error.authFailure }
    }

    private func store(_ secret: SecretBytes?, as kind: ItemKind) throws(AuthFailure) {
        guard let secret else { throw .invalid("username", "must be UTF-8") }
        do { try world.store.store(secret, as: kind) } catch { throw error.authFailure }
    }
}
