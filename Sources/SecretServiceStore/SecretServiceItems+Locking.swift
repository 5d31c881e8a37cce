// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth
internal import SecretMemory

/// Whether the provider is locked, and what it hides then.
extension SecretServiceItems {
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

    /// KeePassXC stays on the bus without its name where its user switches the Secret Service off: then it is no provider
    /// any more. gnome-keyring keeps its name for as long as it is there.
    func collection() throws(BusFailure) -> Collection {
        let answers = try context.burst([isLockedCall, Provider.owner(of: Provider.wellKnownName())], connection)
        guard Provider.isOwner(provider.owner, answers[1]) else {
            throw BusFailure(AuthFailure(.keyringUnavailable), .lostOwner)
        }
        let collection = try Self.collection(answers[0])
        return collection == .missing && provider.kind == .keePassXC ? .closed : collection
    }

    static func collection(_ answer: Answer) throws(BusFailure) -> Collection {
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
    func requireNothingHidden() throws(BusFailure) {
        try requireUnlocked()
        if provider.kind == .keePassXC { try requireAllUnlocked() }
    }

    func requireAllUnlocked() throws(BusFailure) {
        let call = Provider.collectionsCall(of: provider.owner)
        let collections = try context.call(call, connection)[0]?.unboxed?.elements ?? []
        guard !collections.isEmpty else { throw .noCollection }
        let calls = collections.compactMap { $0.text }.map { provider.lockedCall($0) }
        for answer in try context.burst(calls, connection) {
            if try Self.collection(answer) == .locked { throw .locked }
        }
    }
}
