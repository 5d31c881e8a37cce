// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
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

        let collection = secret_collection_for_alias_sync(
            service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, nil, &error)
        if let error { throw KeyringFailure(consuming: error) }
        guard let collection else { return false }
        defer { g_object_unref(collection) }
        if secret_collection_get_locked(collection) != 0 { throw KeyringFailure(.keyringLocked) }
        return true
    }
}
