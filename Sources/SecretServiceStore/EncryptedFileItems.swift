// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import Linux
internal import SecretMemory

/// One client's items in libsecret's encrypted file. They have no path: what an item is, its attributes tell.
struct EncryptedFileItems {
    let schema: ItemSchema
    let context: KeyringContext
    let work: Work
    private let file = KeyringFile()

    init(schema: ItemSchema, context: KeyringContext, work: Work) {
        self.schema = schema
        self.context = context
        self.work = work
    }

    /// A file that another program writes meanwhile makes a change begin again.
    private static let attempts = 10
    /// More than an item takes beside its secret.
    private static let overhead = 1 << 12

    // MARK: Looking

    /// The newest first. An empty file is one in which nothing is, whoever has the key.
    func look(for kinds: [ItemKind]) throws(BusFailure) -> [StoredItem] {
        guard try file.countItems() > 0 else { return [] }
        let backend = try FileBackend.open(file, context)
        var items: [StoredItem] = []
        for kind in kinds {
            for found in try found(kind, backend).reversed() {
                items.append(
                    StoredItem(path: nil, attributes: found.attributes, secret: found.item.value.bytes))
            }
        }
        return items
    }

    private struct Found {
        let attributes: ItemAttributes
        let item: FileItem
    }

    /// The items of a kind, out of all in the file: with another key, or where the hash of an attribute is damaged, a
    /// search finds nothing and says nothing.
    private func found(_ kind: ItemKind, _ backend: FileBackend) throws(BusFailure) -> [Found] {
        let all: [FileItem]
        do throws(BusFailure) {
            all = try backend.items(AttributeTable())
        } catch {
            throw hasKey(backend, kind) ? file.damaged : file.undecipherable
        }
        return all.compactMap { item in
            schema.attributes(kind, in: item.attributes).map { Found(attributes: $0, item: item) }
        }
    }

    /// Whether the key is the one that the items of a kind were stored with: whether any is found by its attributes,
    /// even if it cannot be decrypted.
    private func hasKey(_ backend: FileBackend, _ kind: ItemKind) -> Bool {
        do throws(BusFailure) {
            return try !backend.items(schema.table(ItemAttributes(kind))).isEmpty
        } catch {
            return true
        }
    }

    // MARK: Changing

    /// Makes a new item, in place of the one that has the same attributes.
    func create(_ secret: SecretBytes, _ attributes: ItemAttributes) throws(BusFailure) {
        guard let value = SecretValuePointer.copying(secret) else { throw .nonsense }
        let item = FileItem(
            attributes: schema.table(attributes), label: schema.label(attributes.kind), value: value)
        try change { backend throws(BusFailure) in
            // What another key encrypts in between nobody could decrypt any more.
            _ = try found(attributes.kind, backend)
            try write(growth: secret.count + Self.overhead) { () throws(BusFailure) in try backend.store(item) }
        }
    }

    /// Stores another secret in an item. One that is gone is not made again.
    func update(_ item: StoredItem, _ secret: SecretBytes) throws(BusFailure) {
        guard let value = SecretValuePointer.copying(secret) else { throw .nonsense }
        try change { backend throws(BusFailure) in
            guard let old = try found(item.attributes.kind, backend).first(where: { $0.attributes == item.attributes })
            else { throw BusFailure(AuthFailure(.sessionChanged), .missingObject) }
            let new = FileItem(attributes: old.item.attributes, label: old.item.label, value: value)
            try write(growth: secret.count + Self.overhead) { () throws(BusFailure) in try backend.store(new) }
        }
    }

    /// Deletes an item, from the file's backup too; one that is gone is deleted.
    func delete(_ item: StoredItem) throws(BusFailure) {
        try change { backend throws(BusFailure) in
            let items = try found(item.attributes.kind, backend)
            guard let old = items.first(where: { $0.attributes == item.attributes }) else { return }
            // An item of 0.1, without `session`, is cleared together with all that have more attributes.
            let others = items.filter { item.attributes.session == nil && $0.attributes.session != nil }
            try write(growth: 0) { () throws(BusFailure) in
                guard let last = others.last else {
                    guard try backend.clear(old.item.attributes) else { throw file.damaged }
                    return
                }
                _ = try backend.clear(old.item.attributes, .later)
                guard try !found(item.attributes.kind, backend).contains(where: { $0.attributes == item.attributes })
                else { throw file.damaged }
                for other in others.dropLast() { try backend.store(other.item, .later) }
                try backend.store(last.item)
            }
        }
        try file.removeBackup()
    }

    /// The Secret portal is waited for while others may change the file. Who comes too late by that has the turn already
    /// when reading it the next time.
    private func change(_ body: (FileBackend) throws(BusFailure) -> Void) throws(BusFailure) {
        var isLate = false
        for _ in 0..<Self.attempts {
            do throws(BusFailure) {
                var turn = isLate ? file.turn() : nil
                _ = try file.countItems()
                let backend = try FileBackend.open(file, context)
                if turn == nil { turn = file.turn() }
                return try withExtendedLifetime(turn) { () throws(BusFailure) in try body(backend) }
            } catch {
                guard error.kind == .outdated else { throw error }
                isLate = true
            }
        }
        throw .unsteady
    }

    /// Writes a file that is so much larger. Where the caller has left, nothing is changed any more.
    private func write(growth: Int, _ body: () throws(BusFailure) -> Void) throws(BusFailure) {
        try file.requireRoom(for: growth)
        guard work.commit() else { throw BusFailure(AuthFailure(.cancelled), .unsent) }
        try body()
    }
}
