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
    func read(_ kind: ItemKind, _ context: KeyringContext) throws(AuthFailure) -> [StoredItem] {
        var items: [StoredItem] = []
        for item in sortedByAge() {
            var isGone = false
            let value = try context.call(
                start: { cognitoauth_secret_retrieve(item, $0, $1, $2) },
                finish: { result, error in
                    let value = cognitoauth_secret_retrieve_finish(item, result, error)
                    isGone = AuthFailure.isAboutMissingItem(error.pointee)
                    if isGone { g_clear_error(error) }
                    return value
                })
            if isGone { continue }
            defer { if let value { secret_value_unref(UnsafeMutableRawPointer(value)) } }
            items.append(
                StoredItem(
                    path: Self.path(item), attributes: ItemAttributes(kind, session: Self.session(item)),
                    secret: value.map(Self.bytes)))
        }
        return items
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

    private static func path(_ item: UnsafeMutableRawPointer) -> String? {
        cognitoauth_secret_path(item).map { String(cString: $0) }
    }

    /// The attribute `session`.
    private static func session(_ item: UnsafeMutableRawPointer) -> String? {
        guard let text = cognitoauth_secret_attribute(item, "session") else { return nil }
        defer { g_free(text) }
        return String(cString: text)
    }

    private static func bytes(_ value: OpaquePointer) -> SecretBytes {
        var length: gsize = 0
        let text = secret_value_get(value, &length)
        return SecretBytes(copying: UnsafeRawBufferPointer(start: text, count: Int(clamping: length)))
    }
}
