// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth
internal import SecretMemory

/// One client's items at a provider of the Secret Service, which are object paths.
struct SecretServiceItems {
    let schema: ItemSchema
    let provider: Provider
    let context: KeyringContext

    /// An item that another program deletes meanwhile makes a look begin again.
    private static let attempts = 10

    // MARK: Looking

    /// A look: a search, and what it found is read. A secret that is not shown may be one that was locked just then: so that
    /// it cannot be had counts only after all attempts.
    func look(for kind: ItemKind) throws(BusFailure) -> [StoredItem] {
        var unshown: [StoredItem]?
        for _ in 0..<Self.attempts {
            let paths = try search(kind)
            if paths.isEmpty { return [] }
            guard let items = try read(paths, kind) else { continue }
            if Self.areShown(items) { return items }
            try requireNoneLocked(of: kind)
            unshown = items
        }
        guard let unshown else { throw .unsteady }
        return unshown
    }

    private static func areShown(_ items: [StoredItem]) -> Bool { items.allSatisfy { $0.secret != nil } }

    /// The paths of a kind. That there are none counts only between two answers that the default collection is not locked:
    /// who is locked hides items.
    private func search(_ kind: ItemKind) throws(BusFailure) -> [String] {
        if provider.kind == .gnomeKeyring {
            let found = try Self.paths(try context.call(searchCall(kind), connection))
            return found.isEmpty ? try Self.paths(try context.burst(framedSearch(kind), connection)[...]) : found
        }
        for _ in 0..<Self.attempts {
            // A locked KeePassXC opens a window when it is searched.
            try requireUnlocked()
            let answers = try context.burst([searchCall(kind), isLockedCall], connection)
            guard try Self.collection(answers[1]) != .locked else { continue }
            let found = try Self.paths(try answers[0].value())
            if found.isEmpty, provider.kind == .keePassXC { try requireAllUnlocked() }
            return found
        }
        throw .unsteady
    }

    private static func paths(_ found: Variant) throws(BusFailure) -> [String] {
        guard found[1]?.elements.isEmpty == true else { throw .locked }
        return found[0]?.elements.compactMap { $0.text } ?? []
    }

    /// A search with its two answers around it.
    private func framedSearch(_ kind: ItemKind) -> [MethodCall] { [isLockedCall, searchCall(kind), isLockedCall] }

    private static func paths(_ answers: ArraySlice<Answer>) throws(BusFailure) -> [String] {
        let answers = Array(answers)
        guard try collection(answers[0]) != .locked, try collection(answers[2]) != .locked else { throw .locked }
        return try paths(try answers[1].value())
    }

    /// Reads items again, without those that are gone: who is locked hides items, or their secrets.
    func reread(_ items: [StoredItem]) throws(BusFailure) -> [StoredItem] {
        guard let kind = items.first?.attributes.kind else { return [] }
        var paths = items.compactMap { $0.path }
        var unshown: [StoredItem]?
        for _ in 0..<Self.attempts {
            guard let found = paths.isEmpty ? [] : try read(paths, kind) else {
                paths = try existing(paths)
                continue
            }
            let areShown = Self.areShown(found)
            if areShown && found.count == items.count { return found }
            try requireNoneLocked(of: kind)
            if areShown { return found }
            unshown = found
        }
        guard let unshown else { throw .unsteady }
        return unshown
    }

    private func requireNoneLocked(of kind: ItemKind) throws(BusFailure) {
        try requireNothingHidden()
        guard try lockedPaths(of: kind).isEmpty else { throw .locked }
    }

    private func existing(_ paths: [String]) throws(BusFailure) -> [String] {
        let answers = try context.burst(paths.map { attributesCall($0) }, connection)
        var existing: [String] = []
        for (path, answer) in zip(paths, answers) where try Self.unlessMissing(answer) != nil { existing.append(path) }
        return existing
    }

    /// The items with their attributes and secrets; nil if one of them is gone by now. The attributes tell that: where a
    /// secret is gone, KWallet says that the arguments are invalid.
    private func read(_ paths: [String], _ kind: ItemKind) throws(BusFailure) -> [StoredItem]? {
        let calls = [provider.secretsCall(paths)] + paths.map { attributesCall($0) }
        let answers = try context.burst(calls, connection)
        var found: [ItemAttributes] = []
        for answer in answers.dropFirst() {
            guard let attributes = try Self.unlessMissing(answer)?[0]?.unboxed else { return nil }
            found.append(ItemAttributes(kind, session: Self.attribute("session", attributes)))
        }
        guard let secrets = try Self.unlessMissing(answers[0]) else { return nil }
        var items: [StoredItem] = []
        for (path, attributes) in zip(paths, found) {
            items.append(StoredItem(path: path, attributes: attributes, secret: try secret(of: path, in: secrets)))
        }
        return items
    }

    private static func unlessMissing(_ answer: Answer) throws(BusFailure) -> Variant? {
        if case .failure(let failure) = answer, failure.kind == .missingObject { return nil }
        return try answer.value()
    }

    /// nil if the provider does not show it.
    private func secret(of path: String, in secrets: Variant) throws(BusFailure) -> SecretBytes? {
        for entry in secrets[0]?.elements ?? [] {
            guard let found = entry[0]?.text, found.isExactly(path), let secret = entry[1] else { continue }
            if let value = provider.decrypt(secret) { return value.bytes }
            // It was encrypted just now: what is wrong is the key.
            guard secret[2]?[0] == nil else { throw .otherKey }
        }
        return nil
    }

    private static func attribute(_ name: String, _ attributes: Variant) -> String? {
        for entry in attributes.elements {
            if let key = entry[0]?.text, key.isExactly(name) { return entry[1]?.text }
        }
        return nil
    }

    // MARK: Locked or not

    /// Those of a kind that are locked.
    func lockedPaths(of kind: ItemKind) throws(BusFailure) -> [String] {
        try context.call(searchCall(kind), connection)[1]?.elements.compactMap { $0.text } ?? []
    }

    enum Collection {
        case unlocked
        case locked
        /// The alias stands for no collection.
        case missing
        /// So it is with KeePassXC where no database is open: what it has is hidden, and a search shows a window.
        case closed

        var exists: Bool { self == .unlocked || self == .locked }
    }

    func collection() throws(BusFailure) -> Collection {
        let collection = try Self.collection(try context.burst([isLockedCall], connection)[0])
        return collection == .missing && provider.kind == .keePassXC ? .closed : collection
    }

    private static func collection(_ answer: Answer) throws(BusFailure) -> Collection {
        switch answer {
        case .value(let value):
            guard let isLocked = value[0]?.unboxed?.boolean else { throw .nonsense }
            return isLocked ? .locked : .unlocked
        case .failure(let failure):
            guard failure.kind == .missingObject else { throw failure }
            return .missing
        }
    }

    /// A wallet that is open counts as unlocked, whatever it says.
    func requireUnlocked() throws(BusFailure) {
        switch try collection() {
        case .unlocked, .missing: return
        case .closed: throw .noCollection
        case .locked:
            guard try OpenWallet.unlock(provider, context), try self.collection() == .unlocked else { throw .locked }
        }
    }

    /// What was not shown is not there, if nothing is locked.
    private func requireNothingHidden() throws(BusFailure) {
        try requireUnlocked()
        if provider.kind == .keePassXC { try requireAllUnlocked() }
    }

    private func requireAllUnlocked() throws(BusFailure) {
        let property = MethodCall.property(
            "Collections", of: "org.freedesktop.Secret.Service", Provider.rootPath, at: provider.owner)
        let collections = try context.call(property, connection)[0]?.unboxed?.elements ?? []
        guard !collections.isEmpty else { throw .noCollection }
        let calls = collections.compactMap { $0.text }.map { provider.lockedCall($0) }
        for answer in try context.burst(calls, connection) {
            if try Self.collection(answer) == .locked { throw .locked }
        }
    }

    // MARK: Changing

    /// Makes a new item. A provider that answers with a prompt has it run.
    func create(_ secret: SecretBytes, _ attributes: ItemAttributes) throws(BusFailure) {
        switch try collection() {
        case .unlocked: break
        case .locked: try requireUnlocked()
        // The provider may take the call for a wish to have one made.
        case .missing, .closed: throw .noCollection
        }
        let encrypted = try encrypt(secret)
        let properties = Variant.array(
            of: "{sv}",
            [
                .entry("org.freedesktop.Secret.Item.Label", .boxed(.string(schema.label(attributes.kind)))),
                .entry("org.freedesktop.Secret.Item.Attributes", .boxed(schema.stored(attributes))),
            ])
        let call = MethodCall(
            destination: provider.owner, path: Provider.defaultPath, interface: "org.freedesktop.Secret.Collection",
            method: "CreateItem", arguments: .tuple(properties, encrypted, .boolean(false)), reply: "(oo)")
        try finish(try context.call(call, connection)[1])
    }

    /// Gives an item another secret, in its place.
    func update(_ path: String, _ secret: SecretBytes) throws(BusFailure) {
        try requireUnlocked()
        let call = provider.itemCall(path, "SetSecret", .tuple(try encrypt(secret)), reply: "()")
        guard try Self.unlessMissing(try context.burst([call], connection)[0]) != nil else {
            try requireNothingHidden()
            throw BusFailure(AuthFailure(.sessionChanged), .missingObject)
        }
    }

    private func encrypt(_ secret: SecretBytes) throws(BusFailure) -> Variant {
        guard let value = SecretValuePointer.copying(secret), let encrypted = provider.encrypt(value) else {
            throw .nonsense
        }
        return encrypted
    }

    /// Deletes items; those that are gone are deleted. KWallet would delete what is locked, too.
    func delete(_ paths: [String]) throws(BusFailure) {
        do throws(BusFailure) {
            try requireUnlocked()
        } catch {
            // It is not the deletion that was not answered.
            throw error.kind == .sent ? BusFailure(error.failure, .unsent) : error
        }
        for path in paths { _ = try finishDeletion(try context.burst([deleteCall(path)], connection)[0]) }
    }

    /// Deletes items, and returns whether it was seen at once that no other of the kind is there. gnome-keyring does one
    /// thing after the other, and what is locked it does not delete: it is asked for all of it together.
    func delete(_ paths: [String], lookingFor kind: ItemKind) throws(BusFailure) -> Bool {
        guard provider.kind == .gnomeKeyring else {
            try delete(paths)
            return false
        }
        let answers = try context.burst(paths.map(deleteCall) + framedSearch(kind), connection)
        var hasAskedUser = false
        for answer in answers.prefix(paths.count) where try finishDeletion(answer) { hasAskedUser = true }
        let left = try? Self.paths(answers.suffix(from: paths.count))
        return !hasAskedUser && left?.isEmpty == true
    }

    /// Returns whether a prompt had to be run.
    private func finishDeletion(_ answer: Answer) throws(BusFailure) -> Bool {
        try finish(try Self.unlessMissing(answer)?[0])
    }

    /// Runs the prompt that a provider answered with, "/" for none; but not where the collection was locked meanwhile, and
    /// the prompt would ask for its password. Returns whether there was one.
    @discardableResult
    private func finish(_ prompt: Variant?) throws(BusFailure) -> Bool {
        guard let path = prompt?.text, !path.isExactly("/") else { return false }
        if try collection() == .locked { throw .locked }
        guard try Prompt.run(path, provider, context) else {
            throw BusFailure(AuthFailure(.keyringPromptDismissed), .refused)
        }
        return true
    }

    // MARK: Calls

    private var connection: OpaquePointer { provider.connection }

    private func searchCall(_ kind: ItemKind) -> MethodCall {
        provider.serviceCall("SearchItems", .tuple(schema.searched(ItemAttributes(kind))), reply: "(aoao)")
    }

    private var isLockedCall: MethodCall { provider.lockedCall(Provider.defaultPath) }

    private func deleteCall(_ path: String) -> MethodCall { provider.itemCall(path, "Delete", nil, reply: "(o)") }

    private func attributesCall(_ path: String) -> MethodCall {
        .property("Attributes", of: "org.freedesktop.Secret.Item", path, at: provider.owner)
    }
}

extension BusFailure {
    static var locked: BusFailure { BusFailure(AuthFailure(.keyringLocked), .refused) }

    static var noCollection: BusFailure { BusFailure(AuthFailure(.keyringNoCollection), .refused) }

    static var otherKey: BusFailure {
        BusFailure(AuthFailure(.keyringFailed, detail: "what it sent cannot be decrypted"), .lostSession)
    }

    static var unsteady: BusFailure {
        BusFailure(AuthFailure(.keyringFailed, detail: "its items change all the time"), .refused)
    }
}
