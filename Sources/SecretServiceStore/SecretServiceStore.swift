// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CSecret
public import SecretMemory

/// One client's items in the keyring, through libsecret: the Secret Service of the desktop, or the
/// encrypted file that libsecret keeps in a sandbox.
///
/// libsecret's simple functions answer "nothing there" for an absent, a locked and a dismissed item
/// alike, and open a dialog where they feel like it. So each function here first asks whether the default
/// collection is locked, and then uses only calls that never prompt on an unlocked one.
public final class SecretServiceStore: SessionStore {
    private let appID: String
    private let userPoolID: String
    private let clientID: String

    public init(_ configuration: Configuration) {
        appID = configuration.appID
        userPoolID = configuration.userPoolID
        clientID = configuration.clientID
    }

    public func items(_ kind: ItemKind) throws(KeyringFailure) -> [StoredItem] {
        _ = try DefaultCollection.requireUnlocked()
        let attributes = attributes(kind)
        defer { g_hash_table_unref(attributes) }
        var error: UnsafeMutablePointer<GError>?
        let found = FoundItems(
            secret_password_searchv_sync(
                cognitoauth_schema(0), attributes, SECRET_SEARCH_ALL, nil, &error))
        if let error { throw KeyringFailure(consuming: error) }
        return try found.read()
    }

    public func store(_ secret: SecretBytes, as kind: ItemKind) throws(KeyringFailure) {
        // Without a default collection libsecret would ask the user to make one.
        guard try DefaultCollection.requireUnlocked() else { throw KeyringFailure(.keyringNoCollection) }
        let attributes = attributes(kind)
        defer { g_hash_table_unref(attributes) }
        let value = secret.withBytes { bytes in
            secret_value_new(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, "text/plain")
        }
        defer { if let value { secret_value_unref(UnsafeMutableRawPointer(value)) } }
        var error: UnsafeMutablePointer<GError>?
        let isStored = secret_password_storev_binary_sync(
            cognitoauth_schema(1), attributes, SECRET_COLLECTION_DEFAULT, label(kind), value, nil, &error)
        if let error { throw KeyringFailure(consuming: error) }
        if isStored == 0 { throw KeyringFailure(.keyringFailed) }
    }

    public func delete(_ kind: ItemKind) throws(KeyringFailure) {
        _ = try DefaultCollection.requireUnlocked()
        let attributes = attributes(kind)
        defer { g_hash_table_unref(attributes) }
        var error: UnsafeMutablePointer<GError>?
        // What it returns is worth nothing: FALSE is also "some item is locked". The caller looks again.
        secret_password_clearv_sync(cognitoauth_schema(0), attributes, nil, &error)
        if let error { throw KeyringFailure(consuming: error) }
    }

    private func attributes(_ kind: ItemKind) -> OpaquePointer? {
        let attributes = cognitoauth_attributes_new()
        cognitoauth_attributes_set(attributes, "app-id", appID)
        cognitoauth_attributes_set(attributes, "user-pool-id", userPoolID)
        cognitoauth_attributes_set(attributes, "client-id", clientID)
        cognitoauth_attributes_set(attributes, "kind", Self.name(kind))
        return attributes
    }

    private func label(_ kind: ItemKind) -> String { "\(appID): Amazon Cognito \(Self.name(kind))" }

    private static func name(_ kind: ItemKind) -> String {
        switch kind {
        case .session: "session"
        case .device: "device"
        }
    }
}
