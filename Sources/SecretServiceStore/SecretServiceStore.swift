// SPDX-License-Identifier: Apache-2.0

internal import CSecret
public import CognitoAuth
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

    private static let searchAttempts = 10

    public init(_ configuration: Configuration) {
        cognitoauth_prepare_sockets()
        appID = configuration.appID
        userPoolID = configuration.userPoolID
        clientID = configuration.clientID
    }

    public func items(_ kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) -> [StoredItem] {
        try KeyringContext.with(limit) { context throws(KeyringFailure) in
            if try DefaultCollection(context) == .locked { throw KeyringFailure(.keyringLocked) }
            let found = try search(kind, context)
            if found.lockedItem != nil { throw KeyringFailure(.keyringLocked) }
            return try found.read(context)
        }
    }

    public func store(_ secret: SecretBytes, as kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) {
        try KeyringContext.with(limit) { context throws(KeyringFailure) in
            switch try DefaultCollection(context) {
            case .unlocked: break
            case .locked: throw KeyringFailure(.keyringLocked)
            // libsecret would ask the user to make one.
            case .missing: throw KeyringFailure(.keyringNoCollection)
            }
            try store(secret, kind, context)
        }
    }

    public func delete(_ kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) {
        try KeyringContext.with(limit) { context throws(KeyringFailure) in
            if try DefaultCollection(context) == .locked { throw KeyringFailure(.keyringLocked) }
            let connection = try SecretServiceConnection.make(context)
            if let service = connection.service {
                try search(kind, context).delete(service, context)
            } else {
                try clear(kind, context)
            }
        }
    }

    public func unlock(_ limit: WaitLimit, prompt: WaitLimit) throws(KeyringFailure) -> Int64 {
        let userTime = try unlockCollection(limit, prompt)
        // An item may be in another collection than the default one of today.
        return userTime + (try unlockItem(limit.extended(by: userTime), prompt))
    }

    private func unlockCollection(_ limit: WaitLimit, _ prompt: WaitLimit) throws(KeyringFailure) -> Int64 {
        try KeyringContext.with(limit) { context throws(KeyringFailure) in
            guard try DefaultCollection(context) == .locked else { return 0 }
            let connection = try SecretServiceConnection.make(context)
            guard let service = connection.service else { return 0 }
            let collection = try context.call(
                start: {
                    secret_collection_for_alias(service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, $0, $1, $2)
                },
                finish: { secret_collection_for_alias_finish($0, $1) })
            guard let collection else { throw KeyringFailure(.keyringLocked) }
            defer { g_object_unref(collection) }
            return try UnlockPrompt.show(for: UnsafeMutableRawPointer(collection), service, prompt)
        }
    }

    private func unlockItem(_ limit: WaitLimit, _ prompt: WaitLimit) throws(KeyringFailure) -> Int64 {
        try KeyringContext.with(limit) { context throws(KeyringFailure) in
            let connection = try SecretServiceConnection.make(context)
            let found = try search(.session, context)
            guard let service = connection.service, let item = found.lockedItem else { return 0 }
            return try UnlockPrompt.show(for: item, service, prompt)
        }
    }

    /// Deletes from libsecret's encrypted file.
    private func clear(_ kind: ItemKind, _ context: KeyringContext) throws(KeyringFailure) {
        let attributes = attributes(kind)
        defer { g_hash_table_unref(attributes) }
        _ = try context.call(
            start: { secret_password_clearv(cognitoauth_schema(), attributes, $0, $1, $2) },
            finish: { secret_password_clear_finish($0, $1) })
    }

    private func store(_ secret: SecretBytes, _ kind: ItemKind, _ context: KeyringContext) throws(KeyringFailure) {
        let attributes = attributes(kind)
        defer { g_hash_table_unref(attributes) }
        let value = secret.withBytes { bytes in
            secret_value_new(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, "text/plain")
        }
        defer { if let value { secret_value_unref(UnsafeMutableRawPointer(value)) } }
        let label = label(kind)
        let isStored = try context.call(
            start: {
                secret_password_storev_binary(
                    cognitoauth_schema(), attributes, SECRET_COLLECTION_DEFAULT, label, value, $0, $1, $2)
            },
            finish: { secret_password_store_finish($0, $1) })
        if isStored == 0 { throw KeyringFailure(.keyringFailed) }
    }

    private func search(_ kind: ItemKind, _ context: KeyringContext) throws(KeyringFailure) -> FoundItems {
        let attributes = attributes(kind)
        defer { g_hash_table_unref(attributes) }
        // An item that another program deletes meanwhile makes the whole search fail.
        for _ in 0..<Self.searchAttempts {
            var isDisturbed = false
            let list = try context.call(
                start: { secret_password_searchv(cognitoauth_schema(), attributes, SECRET_SEARCH_ALL, $0, $1, $2) },
                finish: { result, error in
                    let list = secret_password_search_finish(result, error)
                    isDisturbed = KeyringFailure.isAboutMissingItem(error.pointee)
                    if isDisturbed { g_clear_error(error) }
                    return list
                })
            if !isDisturbed { return FoundItems(list) }
        }
        throw KeyringFailure(.keyringFailed, "its items change all the time")
    }

    private func attributes(_ kind: ItemKind) -> OpaquePointer? {
        let attributes = cognitoauth_attributes_new()
        cognitoauth_attributes_set(attributes, "app-id", appID)
        cognitoauth_attributes_set(attributes, "user-pool-id", userPoolID)
        cognitoauth_attributes_set(attributes, "client-id", clientID)
        cognitoauth_attributes_set(attributes, "kind", kind.name)
        return attributes
    }

    private func label(_ kind: ItemKind) -> String { "\(appID): Amazon Cognito \(kind.name)" }
}
