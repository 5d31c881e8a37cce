// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What a call does with the keyring, told to the log.
extension AuthClient {
    func items(_ kind: ItemKind, _ limit: WaitLimit, _ call: Call) throws(KeyringFailure) -> [StoredItem] {
        do {
            let items = try world.store.items(kind, limit)
            log("look", kind, "found \(items.count)", call)
            return items
        } catch {
            log("look", kind, error.status.name, call)
            throw error
        }
    }

    func store(
        _ secret: SecretBytes, as kind: ItemKind, _ limit: WaitLimit, _ call: Call
    ) throws(KeyringFailure) {
        do {
            try world.store.store(secret, as: kind, limit)
            log("store", kind, "done", call)
        } catch {
            log("store", kind, error.status.name, call)
            throw error
        }
    }

    func delete(_ kind: ItemKind, _ limit: WaitLimit, _ call: Call) throws(KeyringFailure) {
        do {
            try world.store.delete(kind, limit)
            log("delete", kind, "asked for", call)
        } catch {
            log("delete", kind, error.status.name, call)
            throw error
        }
    }

    @inline(never)
    private func log(_ what: String, _ kind: ItemKind, _ end: String, _ call: Call) {
        call.write(.debug, "Keyring, \(what), \(kind.name): \(end)")
    }
}
