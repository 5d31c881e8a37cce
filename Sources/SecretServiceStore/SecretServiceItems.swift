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
            let places = try search(kinds)
            if places.isEmpty { return [] }
            guard let items = try read(places) else { continue }
            if Self.areShown(items) { return items }
            for kind in kinds { try requireNoneLocked(of: kind) }
            unshown = items
        }
        guard let unshown else { throw .unsteady }
        return unshown
    }

    private static func areShown(_ items: [StoredItem]) -> Bool { items.allSatisfy { $0.secret != nil } }

    /// Where an item is, and what was looked for there.
    struct Place {
        let path: String
        let kind: ItemKind
    }

    /// The places of these kinds. That there are none counts only between two answers that the default collection is not
    /// locked: who is locked hides items.
    private func search(_ kinds: [ItemKind]) throws(BusFailure) -> [Place] {
        if provider.kind == .gnomeKeyring {
            let found = try Self.places(kinds, try context.burst(kinds.map(searchCall), connection)[...])
            return found.isEmpty
                ? try Self.framed(kinds, try context.burst(framedSearch(kinds), connection)[...]) : found
        }
        for _ in 0..<Self.attempts {
            // A locked KeePassXC opens a window when it is searched.
            try requireUnlocked()
            let answers = try context.burst(kinds.map(searchCall) + [isLockedCall], connection)
            guard let last = answers.last, try Self.collection(last) != .locked else { continue }
            let found = try Self.places(kinds, answers.dropLast())
            if found.isEmpty, provider.kind == .keePassXC { try requireAllUnlocked() }
            return found
        }
        throw .unsteady
    }

    /// What searches for kinds found.
    private static func places(_ kinds: [ItemKind], _ answers: ArraySlice<Answer>) throws(BusFailure) -> [Place] {
        var places: [Place] = []
        for (kind, answer) in zip(kinds, answers) {
            for path in try paths(try answer.value()) { places.append(Place(path: path, kind: kind)) }
        }
        return places
    }

    private static func paths(_ found: Variant) throws(BusFailure) -> [String] {
        guard found[1]?.elements.isEmpty == true else { throw .locked }
        return found[0]?.elements.compactMap { $0.text } ?? []
    }

    /// Searches with the two answers around them.
    func framedSearch(_ kinds: [ItemKind]) -> [MethodCall] { [isLockedCall] + kinds.map(searchCall) + [isLockedCall] }

    static func framed(_ kinds: [ItemKind], _ answers: ArraySlice<Answer>) throws(BusFailure) -> [Place] {
        guard let first = answers.first, let last = answers.last, try collection(first) != .locked,
            try collection(last) != .locked
        else { throw .locked }
        return try places(kinds, answers.dropFirst().dropLast())
    }

    /// Reads items again, without those that are gone: who is locked hides items, or their secrets.
    func reread(_ items: [StoredItem]) throws(BusFailure) -> [StoredItem] {
        guard let kind = items.first?.attributes.kind else { return [] }
        var places = items.compactMap { item in item.path.map { Place(path: $0, kind: kind) } }
        var unshown: [StoredItem]?
        for _ in 0..<Self.attempts {
            guard let found = places.isEmpty ? [] : try read(places) else {
                places = try existing(places)
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

    private func existing(_ places: [Place]) throws(BusFailure) -> [Place] {
        let answers = try context.burst(places.map { attributesCall($0.path) }, connection)
        var existing: [Place] = []
        for (place, answer) in zip(places, answers) where try Self.unlessMissing(answer) != nil {
            existing.append(place)
        }
        return existing
    }

    /// The items with their attributes and secrets; nil if one of them is gone by now. The attributes tell that: where a
    /// secret is gone, KWallet says that the arguments are invalid.
    private func read(_ places: [Place]) throws(BusFailure) -> [StoredItem]? {
        let calls = [provider.secretsCall(places.map { $0.path })] + places.map { attributesCall($0.path) }
        let answers = try context.burst(calls, connection)
        var found: [ItemAttributes] = []
        for (place, answer) in zip(places, answers.dropFirst()) {
            guard let attributes = try Self.unlessMissing(answer)?[0]?.unboxed else { return nil }
            found.append(ItemAttributes(place.kind, session: Self.attribute("session", attributes)))
        }
        guard let secrets = try Self.unlessMissing(answers[0]) else { return nil }
        var items: [StoredItem] = []
        for (place, attributes) in zip(places, found) {
            let secret = try secret(of: place.path, in: secrets)
            items.append(StoredItem(path: place.path, attributes: attributes, secret: secret))
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
