// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import CSecret
internal import SecretMemory

/// What a search of libsecret brought, to be freed.
final class FoundItems {
    private let list: UnsafeMutablePointer<GList>?

    init(_ list: UnsafeMutablePointer<GList>?) { self.list = list }

    deinit { g_list_free_full(list) { g_object_unref($0) } }

    /// One of the items that are locked; it stands for all.
    var lockedItem: UnsafeMutableRawPointer? {
        sortedByAge().first { cognitoauth_secret_is_locked($0) != 0 }
    }

    /// The items with their secrets, the newest first.
    func read(_ context: KeyringContext) throws(KeyringFailure) -> [StoredItem] {
        var items: [StoredItem] = []
        for item in sortedByAge() {
            var isGone = false
            let value = try context.call(
                start: { cognitoauth_secret_retrieve(item, $0, $1, $2) },
                finish: { result, error in
                    let value = cognitoauth_secret_retrieve_finish(item, result, error)
                    isGone = KeyringFailure.isAboutMissingItem(error.pointee)
                    if isGone { g_clear_error(error) }
                    return value
                })
            if isGone { continue }
            defer { if let value { secret_value_unref(UnsafeMutableRawPointer(value)) } }
            items.append(StoredItem(secret: value.map(Self.bytes)))
        }
        return items
    }

    /// Asks for each item to be deleted. Not with `secret_password_clearv`: libsecret 0.20.5 complains on
    /// standard error, or aborts where that is fatal, if a delete is refused or cancelled.
    func delete(
        _ service: UnsafeMutablePointer<SecretService>, _ context: KeyringContext
    ) throws(KeyringFailure) {
        for item in sortedByAge() {
            var hasBegun = false
            do {
                try context.call(
                    start: {
                        hasBegun = true
                        cognitoauth_item_delete(service, item, $0, $1, $2)
                    },
                    finish: { result, error in
                        cognitoauth_item_delete_finish(service, result, error)
                        if KeyringFailure.isAboutMissingItem(error.pointee) { g_clear_error(error) }
                    })
            } catch {
                var failure = error
                failure.mayHappenYet = hasBegun && error.isAboutTime
                throw failure
            }
        }
    }

    private func sortedByAge() -> [UnsafeMutableRawPointer] {
        var found: [UnsafeMutableRawPointer] = []
        var node = list
        while let current = node {
            if let item = current.pointee.data { found.append(item) }
            node = current.pointee.next
        }
        return found.sorted { cognitoauth_secret_modified($0) > cognitoauth_secret_modified($1) }
    }

    private static func bytes(_ value: OpaquePointer) -> SecretBytes {
        var length: gsize = 0
        let text = secret_value_get(value, &length)
        return SecretBytes(copying: UnsafeRawBufferPointer(start: text, count: Int(clamping: length)))
    }
}
