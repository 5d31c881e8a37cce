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

    /// A look: a search, and what it found is read. A secret that is not shown may be one that was locked just then: so that
    /// it cannot be had counts only after all attempts.
    func look(for kinds: [ItemKind]) throws(BusFailure) -> [StoredItem] {
        var unshown: [StoredItem]?
        for _ in 0..<Self.attempts {
            let paths = try search(kinds)
            if paths.isEmpty { return [] }
            guard let items = try read(paths) else { continue }
            if Self.areShown(items) { return items }
            for kind in kinds { try requireNoneLocked(of: kind) }
            unshown = items
        }
        guard let unshown else { throw .unsteady }
        return unshown
    }

    private static func areShown(_ items: [StoredItem]) -> Bool { items.allSatisfy { $0.secret != nil } }

    /// The paths of these kinds. That there are none counts only between two answers that the default collection is not
    /// locked: who is locked hides items.
    private func search(_ kinds: [ItemKind]) throws(BusFailure) -> [String] {
        if provider.kind == .gnomeKeyring {
            let found = try Self.paths(try context.burst(searchCalls(kinds), connection)[...])
            return found.isEmpty ? try Self.framed(try context.burst(framedSearch(kinds), connection)[...]) : found
        }
        for _ in 0..<Self.attempts {
            // A locked KeePassXC opens a window when it is searched.
            try requireUnlocked()
            let answers = try context.burst(searchCalls(kinds) + [isLockedCall], connection)
            guard try Self.collection(answers[kinds.count]) != .locked else { continue }
            let found = try Self.paths(answers[..<kinds.count])
            if found.isEmpty, provider.kind == .keePassXC { try requireAllUnlocked() }
            return found
        }
        throw .unsteady
    }

    /// What searches found.
    private static func paths(_ answers: ArraySlice<Answer>) throws(BusFailure) -> [String] {
        var paths: [String] = []
        for answer in answers {
            let found = try answer.value()
            guard found[1]?.elements.isEmpty == true else { throw .locked }
            paths += found[0]?.elements.compactMap { $0.text } ?? []
        }
        return paths
    }

    /// Searches with the two answers around them.
    func framedSearch(_ kinds: [ItemKind]) -> [MethodCall] { [isLockedCall] + searchCalls(kinds) + [isLockedCall] }

    static func framed(_ answers: ArraySlice<Answer>) throws(BusFailure) -> [String] {
        guard let first = answers.first, let last = answers.last, try collection(first) != .locked,
            try collection(last) != .locked
        else { throw .locked }
        return try paths(answers.dropFirst().dropLast())
    }

    /// Reads items again, without those that are gone: who is locked hides items, or their secrets.
    func reread(_ items: [StoredItem]) throws(BusFailure) -> [StoredItem] {
        guard let kind = items.first?.attributes.kind else { return [] }
        // A locked KWallet can open a window when it is asked for a secret.
        if provider.kind == .other { try requireUnlocked() }
        var paths = items.compactMap { $0.path }
        var unshown: [StoredItem]?
        for _ in 0..<Self.attempts {
            guard let found = paths.isEmpty ? [] : try read(paths) else {
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

    @inline(never)
    private func requireNoneLocked(of kind: ItemKind) throws(BusFailure) {
        try requireNothingHidden()
        guard try lockedPaths(of: kind).isEmpty else { throw .locked }
    }

    private func existing(_ paths: [String]) throws(BusFailure) -> [String] {
        let answers = try context.burst(paths.map(attributesCall), connection)
        var existing: [String] = []
        for (path, answer) in zip(paths, answers) where try Self.unlessMissing(answer) != nil { existing.append(path) }
        return existing
    }

    /// The items with their attributes and secrets; nil if one of them is gone by now. The attributes tell that: where a
    /// secret is gone, KWallet says that the arguments are invalid.
    private func read(_ paths: [String]) throws(BusFailure) -> [StoredItem]? {
        let calls = [provider.secretsCall(paths)] + paths.map(attributesCall)
        let answers = try context.burst(calls, connection)
        var found: [ItemAttributes] = []
        for answer in answers.dropFirst() {
            guard let attributes = try Self.unlessMissing(answer)?[0]?.unboxed,
                let kind = Self.attribute("kind", attributes).flatMap(ItemKind.named)
            else { return nil }
            found.append(ItemAttributes(kind, session: Self.attribute("session", attributes)))
        }
        guard let secrets = try Self.unlessMissing(answers[0]) else { return nil }
        var items: [StoredItem] = []
        for (path, attributes) in zip(paths, found) {
            items.append(StoredItem(path: path, attributes: attributes, secret: try secret(of: path, in: secrets)))
        }
        return items
    }

    static func unlessMissing(_ answer: Answer) throws(BusFailure) -> Variant? {
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

    // MARK: Calls

    var connection: OpaquePointer { provider.connection }

    func searchCall(_ kind: ItemKind) -> MethodCall {
        provider.serviceCall("SearchItems", .tuple(schema.searched(ItemAttributes(kind))), reply: "(aoao)")
    }

    @inline(never)
    private func searchCalls(_ kinds: [ItemKind]) -> [MethodCall] { kinds.map(searchCall) }

    var isLockedCall: MethodCall { provider.lockedCall(Provider.defaultPath) }

    func deleteCall(_ path: String) -> MethodCall { provider.itemCall(path, "Delete", nil, reply: "(o)") }

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
