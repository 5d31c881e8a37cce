// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// A session as it is found in the keyring: whole, or what is left of it.
///
/// The secret is one JSON object, so that a session is stored and deleted whole:
/// `{"version":1,"saved_at":...,"username":...,"access_token":...,"id_token":...,"refresh_token":...,
/// "sign_in_method":"api"}`, and after a refresh `"refreshed_at":...,"expires_in":...`, both in seconds.
final class StoredSession {
    let item: StoredItem
    /// When it was saved, in Unix milliseconds; a refresh keeps it. 0 for one that 0.1 saved, and for one that is damaged.
    let savedAt: Int64
    /// The session, if everything that belongs to it is there.
    let session: Session?
    /// What is left for signing out, also of a damaged session.
    let accessToken: SecretBytes?
    let idToken: SecretBytes?
    let refreshToken: SecretBytes?
    let username: String?
    /// How the user signed in; nil where that cannot be told.
    let signInMethod: Session.SignInMethod?
    /// That of the access token, if a refresh brought it.
    let life: TokenLife?

    private static let version: Int64 = 1

    init(_ item: StoredItem) {
        self.item = item
        let object = item.secret?.withBytes { JSONObject(parsing: $0) }
        savedAt = object?.integer("saved_at") ?? 0
        func token(_ key: StaticString) -> SecretBytes? {
            object?.secret(key).flatMap { TokenRules.accept($0) ? $0 : nil }
        }
        accessToken = token("access_token")
        idToken = token("id_token")
        refreshToken = token("refresh_token")
        username = object?.string("username").flatMap { $0.isEmpty ? nil : $0 }
        signInMethod = Self.method(object?.string("sign_in_method"))
        life = TokenLife(beginning: object?.integer("refreshed_at"), length: object?.integer("expires_in"))

        // A token that is there and cannot be used is damage; one that is not there is not.
        let isUndamaged =
            object?.integer("version") == Self.version
            && object?.has("id_token") == (idToken != nil) && object?.has("refresh_token") == (refreshToken != nil)
        guard isUndamaged, let accessToken, let username, let signInMethod
        else {
            session = nil
            return
        }
        session = Session(
            username: username, accessToken: accessToken, idToken: idToken, refreshToken: refreshToken,
            signInMethod: signInMethod)
    }

    /// What was found, the newest first. Keyrings count in seconds; we do not. There are few: Swift's sorting is 3 KB.
    static func newestFirst(_ items: [StoredItem]) -> [StoredSession] {
        var sessions: [StoredSession] = []
        for item in items {
            let session = StoredSession(item)
            sessions.insert(session, at: sessions.firstIndex { $0.savedAt < session.savedAt } ?? sessions.endIndex)
        }
        return sessions
    }

    /// All tokens that are left.
    var secrets: [SecretBytes] { .present([accessToken, idToken, refreshToken]) }

    /// The user's `sub`, if any of the tokens tells it.
    var subject: String? {
        accessToken.flatMap(TokenClaims.init)?.subject ?? idToken.flatMap(TokenClaims.init)?.subject
    }

    /// Whether this is surely a session of another user than `other`'s.
    func belongsToAnotherUser(than other: Session) -> Bool {
        if let subject, let wanted = other.subject { return !subject.isExactly(wanted) }
        guard let username else { return false }
        return !username.isExactly(other.username)
    }

    /// What is stored for `session`, or nil if its user name is not UTF-8.
    static func encode(_ session: Session, savedAt: Int64, life: TokenLife? = nil) -> SecretBytes? {
        let object = JSONObjectBuilder()
        object.set("version", version)
        if savedAt > 0 { object.set("saved_at", savedAt) }
        object.set("username", session.username)
        object.set("access_token", session.accessToken)
        if let idToken = session.idToken { object.set("id_token", idToken) }
        if let refreshToken = session.refreshToken { object.set("refresh_token", refreshToken) }
        object.set("sign_in_method", name(session.signInMethod))
        if let life {
            object.set("refreshed_at", life.beginning)
            object.set("expires_in", life.length)
        }
        return object.encoded()
    }

    private static func name(_ method: Session.SignInMethod) -> String {
        switch method {
        case .api: "api"
        case .hostedUI: "hosted_ui"
        }
    }

    private static func method(_ name: String?) -> Session.SignInMethod? {
        guard let name else { return nil }
        if name.isExactly("api") { return .api }
        if name.isExactly("hosted_ui") { return .hostedUI }
        return nil
    }
}
