// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What a call does with the keyring, told to the log, and to the watches of the same client.
struct Keyring {
    let client: AuthClient
    let call: Call

    private var store: any SessionStore { client.ports.store }
    private var digest: any Digest { client.ports.digest }

    func items(_ kind: ItemKind, _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        try items([kind], limit)
    }

    func items(_ kinds: [ItemKind], _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        let kind = kinds.first ?? .session
        do {
            let items = try store.items(kinds, limit)
            log("look", kind, .joining("found ", String(items.count)))
            return items
        } catch {
            log("look", kind, error.status.name)
            throw error
        }
    }

    /// In the place of one that is gone another kind of item may be, of the same session even.
    func reread(_ items: [StoredItem], of kind: ItemKind, _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        do {
            let items = try store.reread(items, limit).filter { $0.attributes.kind == kind }
            log("read again", kind, .joining("found ", String(items.count)))
            return items
        } catch {
            log("read again", kind, error.status.name)
            throw error
        }
    }

    func create(_ secret: SecretBytes, _ attributes: ItemAttributes, _ limit: WaitLimit) throws(AuthFailure) {
        client.ownChanges.begin()
        do {
            try store.create(secret, attributes, limit)
            client.ownChanges.end(.creation(of: secret, attributes, .done, digest))
            log("create", attributes.kind, "done")
        } catch {
            client.ownChanges.end(.creation(of: secret, attributes, .unsure, digest))
            log("create", attributes.kind, error.status.name)
            throw error
        }
    }

    func update(_ item: StoredItem, _ secret: SecretBytes, _ limit: WaitLimit) throws(AuthFailure) {
        client.ownChanges.begin()
        defer { client.ownChanges.end(.update(of: item, secret, digest)) }
        do {
            try store.update(item, secret, limit)
            log("update", item.attributes.kind, "done")
        } catch {
            log("update", item.attributes.kind, error.status.name)
            throw error
        }
    }

    func delete(_ items: [StoredItem], of kind: ItemKind, _ limit: WaitLimit) -> Deletion {
        client.ownChanges.begin()
        let deletion = store.delete(items, limit)
        // Sessions that are deleted without a look are older than the one that is seen.
        client.ownChanges.end(kind == .session ? nil : .removal(of: items, leaving: nil, for: .signOut))
        log("delete", kind, deletion.failure?.status.name ?? "asked for")
        return deletion
    }

    func remove(
        _ items: [StoredItem], of kind: ItemKind, for purpose: OwnChange.Purpose = .signOut, _ limit: WaitLimit
    ) -> Removal {
        client.ownChanges.begin()
        let removal = store.remove(items, of: kind, limit)
        if !items.isEmpty { log("delete", kind, removal.deletion.failure?.status.name ?? "asked for") }
        switch removal.left {
        case .success(let left):
            client.ownChanges.end(.removal(of: items, leaving: left, for: purpose))
            log("look", kind, .joining("found ", String(left.count)))
        case .failure(let failure):
            client.ownChanges.end(.removal(of: items, leaving: nil, for: purpose))
            log("look", kind, failure.status.name)
        }
        return removal
    }

    /// The key of the user's remembered device, by whichever is known of the user. A keyring that does not show it is
    /// no reason to fail; a call whose time is over is.
    func deviceKey(username: String?, subject: String?, _ limit: WaitLimit) throws(AuthFailure) -> SecretBytes? {
        let found: [StoredItem]
        do {
            found = try items(.device, limit)
        } catch {
            if error.isAboutTime { throw error }
            return nil
        }
        for item in found {
            guard let device = StoredDevice(item), device.belongs(toUsername: username, subject: subject) else {
                continue
            }
            return device.key
        }
        return nil
    }

    @inline(never)
    private func log(_ what: String, _ kind: ItemKind, _ end: String) {
        call.write(.debug, .joining("Keyring, ", what, ", ", kind.name, ": ", end))
    }
}
