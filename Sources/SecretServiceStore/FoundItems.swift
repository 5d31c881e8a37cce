// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import CSecret
internal import SecretMemory

/// What a search of libsecret brought, to be freed.
final class FoundItems {
    private let list: UnsafeMutablePointer<GList>?

    init(_ list: UnsafeMutablePointer<GList>?) { self.list = list }

    deinit { g_list_free_full(list) { g_object_unref($0) } }

    /// The items with their secrets, the newest first. One that is locked stands for all.
    func read() throws(KeyringFailure) -> [StoredItem] {
        let found = sortedByAge()
        for item in found where cognitoauth_secret_is_locked(item) != 0 { throw KeyringFailure(.keyringLocked) }
        var items: [StoredItem] = []
        for item in found {
            var error: UnsafeMutablePointer<GError>?
            let value = cognitoauth_secret_retrieve(item, &error)
            defer { if let value { secret_value_unref(UnsafeMutableRawPointer(value)) } }
            if let error {
                let isGone = KeyringFailure.isAboutMissingItem(error)
                let failure = KeyringFailure(consuming: error)
                if isGone { continue }
                throw failure
            }
            items.append(StoredItem(secret: value.map(Self.bytes)))
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

    private static func bytes(_ value: OpaquePointer) -> SecretBytes {
        var length: gsize = 0
        let text = secret_value_get(value, &length)
        return SecretBytes(copying: UnsafeRawBufferPointer(start: text, count: Int(clamping: length)))
    }
}
