// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import CPlatform
internal import CSecret

/// The collection that the Secret Service stores in unless told otherwise, "login" as a rule.
enum DefaultCollection {
    /// Fails if the collection is locked; answers whether there is one. libsecret's file backend has one
    /// that is never locked.
    static func requireUnlocked() throws(KeyringFailure) -> Bool {
        var error: UnsafeMutablePointer<GError>?
        guard let backend = cognitoauth_secret_backend_get_sync(&error) else {
            throw KeyringFailure(consuming: error)
        }
        guard let service = cognitoauth_secret_service(backend) else { return true }

        let path = cognitoauth_collection_path(service, SECRET_COLLECTION_DEFAULT, &error)
        guard let path else { throw KeyringFailure(consuming: error) }
        defer { g_free(path) }
        if strcmp(path, "/") == 0 { return false }

        let isLocked = cognitoauth_collection_is_locked(service, path, &error) != 0
        if let error { throw KeyringFailure(consuming: error) }
        if isLocked { throw KeyringFailure(.keyringLocked) }
        return true
    }
}
