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
    private let schema: ItemSchema

    private static let searchAttempts = 10

    public init(_ configuration: Configuration) {
        cognitoauth_prepare_sockets()
        schema = ItemSchema(configuration)
    }

    public func items(_ kind: ItemKind, _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        try KeyringContext.with(limit) { context throws(AuthFailure) in
            if try DefaultCollection(context) == .locked { throw AuthFailure(.keyringLocked) }
            let found = try search(ItemAttributes(kind), context)
            if found.lockedItem != nil { throw AuthFailure(.keyringLocked) }
            return try found.read(kind, context)
        }
    }

    public func store(
        _ secret: SecretBytes, _ attributes: ItemAttributes, _ limit: WaitLimit
    ) throws(AuthFailure) {
        try KeyringContext.with(limit) { context throws(AuthFailure) in
            switch try DefaultCollection(context) {
            case .unlocked: break
            case .locked: throw AuthFailure(.keyringLocked)
            // libsecret would ask the user to make one.
            case .missing: throw AuthFailure(.keyringNoCollection)
            }
            try store(secret, attributes, context)
        }
    }

    public func delete(_ items: [StoredItem], _ limit: WaitLimit) -> Deletion {
        var hasBegun = false
        do throws(AuthFailure) {
            try KeyringContext.with(limit) { context throws(AuthFailure) in
                if try DefaultCollection(context) == .locked { throw AuthFailure(.keyringLocked) }
                let connection = try SecretServiceConnection.make(context)
                for item in items { try delete(item, connection, context, &hasBegun) }
            }
            return .answered
        } catch {
            return hasBegun && error.isAboutTime ? .unanswered(error) : .failed(error)
        }
    }

    public func unlock(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64 {
        let userTime = try unlockCollection(limit, prompt)
        // An item may be in another collection than the default one of today.
        return userTime + (try unlockItem(limit.extended(by: userTime), prompt))
    }

    private func unlockCollection(_ limit: WaitLimit, _ prompt: WaitLimit) throws(AuthFailure) -> Int64 {
        try KeyringContext.with(limit) { context throws(AuthFailure) in
            guard try DefaultCollection(context) == .locked else { return 0 }
            let connection = try SecretServiceConnection.make(context)
            guard let service = connection.service else { return 0 }
            let collection = try context.call(
                start: {
                    secret_collection_for_alias(service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, $0, $1, $2)
                },
                finish: { secret_collection_for_alias_finish($0, $1) })
            guard let collection else { throw AuthFailure(.keyringLocked) }
            defer { g_object_unref(collection) }
            return try UnlockPrompt.show(for: UnsafeMutableRawPointer(collection), service, prompt)
        }
    }

    private func unlockItem(_ limit: WaitLimit, _ prompt: WaitLimit) throws(AuthFailure) -> Int64 {
        try KeyringContext.with(limit) { context throws(AuthFailure) in
            let connection = try SecretServiceConnection.make(context)
            let found = try search(ItemAttributes(.session), context)
            guard let service = connection.service, let item = found.lockedItem else { return 0 }
            return try UnlockPrompt.show(for: item, service, prompt)
        }
    }

    /// Not with `secret_password_clearv` where there is a path: libsecret 0.20.5 complains on standard error, or aborts
    /// where that is fatal, if a delete is refused or cancelled.
    private func delete(
        _ item: StoredItem, _ connection: SecretServiceConnection, _ context: KeyringContext, _ hasBegun: inout Bool
    ) throws(AuthFailure) {
        guard let service = connection.service else { return try clear(item.attributes, context, &hasBegun) }
        guard let path = item.path else { return }
        try context.call(
            start: {
                hasBegun = true
                cognitoauth_item_delete(service, path, $0, $1, $2)
            },
            finish: { result, error in
                cognitoauth_item_delete_finish(service, result, error)
                if AuthFailure.isAboutMissingItem(error.pointee) { g_clear_error(error) }
            })
    }

    /// Deletes from libsecret's encrypted file.
    private func clear(
        _ attributes: ItemAttributes, _ context: KeyringContext, _ hasBegun: inout Bool
    ) throws(AuthFailure) {
        let attributes = schema.table(attributes)
        defer { g_hash_table_unref(attributes) }
        _ = try context.call(
            start: {
                hasBegun = true
                secret_password_clearv(schema.pointer, attributes, $0, $1, $2)
            },
            finish: { secret_password_clear_finish($0, $1) })
    }

    private func store(
        _ secret: SecretBytes, _ attributes: ItemAttributes, _ context: KeyringContext
    ) throws(AuthFailure) {
        let label = schema.label(attributes.kind)
        let attributes = schema.table(attributes)
        defer { g_hash_table_unref(attributes) }
        let value = secret.withBytes { bytes in
            secret_value_new(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, "text/plain")
        }
        defer { if let value { secret_value_unref(UnsafeMutableRawPointer(value)) } }
        let isStored = try context.call(
            start: {
                secret_password_storev_binary(
                    schema.pointer, attributes, SECRET_COLLECTION_DEFAULT, label, value, $0, $1, $2)
            },
            finish: { secret_password_store_finish($0, $1) })
        if isStored == 0 { throw AuthFailure(.keyringFailed) }
    }

    private func search(_ attributes: ItemAttributes, _ context: KeyringContext) throws(AuthFailure) -> FoundItems {
        let attributes = schema.table(attributes)
        defer { g_hash_table_unref(attributes) }
        // An item that another program deletes meanwhile makes the whole search fail.
        for _ in 0..<Self.searchAttempts {
            var isDisturbed = false
            let list = try context.call(
                start: { secret_password_searchv(schema.pointer, attributes, SECRET_SEARCH_ALL, $0, $1, $2) },
                finish: { result, error in
                    let list = secret_password_search_finish(result, error)
                    isDisturbed = AuthFailure.isAboutMissingItem(error.pointee)
                    if isDisturbed { g_clear_error(error) }
                    return list
                })
            if !isDisturbed { return FoundItems(list) }
        }
        throw AuthFailure(.keyringFailed, detail: "its items change all the time")
    }
}
