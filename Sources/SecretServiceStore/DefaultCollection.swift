// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth

/// The collection that the Secret Service stores in unless told otherwise, "login" as a rule.
enum DefaultCollection {
    case unlocked
    case locked
    /// The Secret Service has none.
    case missing

    /// Asks how it is. libsecret's file backend has one that is never locked.
    init(_ context: KeyringContext) throws(AuthFailure) {
        do {
            self = try Self.ask(context)
        } catch {
            guard error.status == .keyringUnavailable else { throw error }
            self = try Self.ask(context)
        }
    }

    /// Leaves no service behind that is not there: what libsecret keeps of it would be released only when the
    /// context that it was made in is gone, and some of it never.
    private static func ask(_ context: KeyringContext) throws(AuthFailure) -> DefaultCollection {
        do {
            return try read(context)
        } catch {
            if error.status == .keyringUnavailable { SecretServiceConnection.reset() }
            throw error
        }
    }

    private static func read(_ context: KeyringContext) throws(AuthFailure) -> DefaultCollection {
        let connection = try SecretServiceConnection.make(context)
        guard let service = connection.service else { return .unlocked }
        let path = try context.call(
            start: { cognitoauth_alias_read(service, SECRET_COLLECTION_DEFAULT, $0, $1, $2) },
            finish: { cognitoauth_alias_read_finish(service, $0, $1) })
        guard let path else { throw AuthFailure(.keyringFailed) }
        defer { g_free(path) }
        if strcmp(path, "/") == 0 { return .missing }
        let isLocked = try context.call(
            start: { cognitoauth_locked_read(service, path, $0, $1, $2) },
            finish: { cognitoauth_locked_read_finish(service, $0, $1) })
        return isLocked != 0 ? .locked : .unlocked
    }
}
