// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
public import CognitoAuth
public import SecretMemory

/// One client's items in the keyring: at the desktop's provider of the Secret Service, or in the encrypted file that
/// libsecret keeps in a sandbox.
///
/// libsecret's simple functions answer "nothing there" for an absent, a locked and a dismissed item alike, and open a dialog
/// where they feel like it. So the Secret Service is asked with plain calls of D-Bus; libsecret encrypts.
public final class SecretServiceStore: SessionStore {
    private let schema: ItemSchema
    private let file: EncryptedFile

    public init(_ configuration: Configuration) {
        cognitoauth_prepare_sockets()
        schema = ItemSchema(configuration)
        file = EncryptedFile(schema: schema)
    }

    public func items(_ kinds: [ItemKind], _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        switch try KeyringChoice.current(limit) {
        case .secretService: try use(limit) { items throws(BusFailure) in try items.look(for: kinds) }
        case .encryptedFile: try use { file throws(BusFailure) in try file.look(for: kinds, limit) }
        }
    }

    public func reread(_ read: [StoredItem], _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        switch try KeyringChoice.current(limit) {
        case .secretService: try use(limit) { items throws(BusFailure) in try items.reread(read) }
        case .encryptedFile: try use { file throws(BusFailure) in try file.reread(read, limit) }
        }
    }

    public func create(
        _ secret: SecretBytes, _ attributes: ItemAttributes, _ limit: WaitLimit
    ) throws(AuthFailure) {
        switch try KeyringChoice.current(limit) {
        case .secretService: try use(limit) { items throws(BusFailure) in try items.create(secret, attributes) }
        case .encryptedFile: try use { file throws(BusFailure) in try file.create(secret, attributes, limit) }
        }
    }

    public func update(_ item: StoredItem, _ secret: SecretBytes, _ limit: WaitLimit) throws(AuthFailure) {
        switch try KeyringChoice.current(limit) {
        case .secretService:
            guard let path = item.path else { throw AuthFailure(.sessionChanged) }
            try use(limit) { items throws(BusFailure) in try items.update(path, secret) }
        case .encryptedFile: try use { file throws(BusFailure) in try file.update(item, secret, limit) }
        }
    }

    public func delete(_ deleted: [StoredItem], _ limit: WaitLimit) -> Deletion {
        do throws(AuthFailure) {
            switch try KeyringChoice.current(limit) {
            case .secretService:
                return deleteFromService(limit) { items throws(BusFailure) in try items.delete(Self.paths(deleted)) }
            case .encryptedFile: return deleteFromFile(deleted, limit)
            }
        } catch {
            return .failed(error)
        }
    }

    public func remove(_ removed: [StoredItem], of kind: ItemKind, _ limit: WaitLimit) -> Removal {
        guard case .secretService? = try? KeyringChoice.current(limit), !removed.isEmpty else {
            return Removal(removed.isEmpty ? .answered : delete(removed, limit), left: look(for: kind, limit))
        }
        var isNothingLeft = false
        let deletion = deleteFromService(limit) { items throws(BusFailure) in
            isNothingLeft = try items.delete(Self.paths(removed), lookingFor: kind)
        }
        return Removal(deletion, left: isNothingLeft ? .success([]) : look(for: kind, limit))
    }

    public func watch(_ limit: WaitLimit) throws(AuthFailure) -> any StoreWatch {
        try KeyringWatch.begin(try KeyringChoice.current(limit), limit)
    }

    private func look(for kind: ItemKind, _ limit: WaitLimit) -> Result<[StoredItem], AuthFailure> {
        do { return .success(try items([kind], limit)) } catch { return .failure(error) }
    }

    private static func paths(_ items: [StoredItem]) -> [String] { items.compactMap { $0.path } }

    private func deleteFromService(
        _ limit: WaitLimit, _ body: (SecretServiceItems) throws(BusFailure) -> Void
    ) -> Deletion {
        var isUnanswered = false
        do throws(AuthFailure) {
            try use(limit) { items throws(BusFailure) in
                do throws(BusFailure) {
                    try body(items)
                } catch {
                    isUnanswered = error.kind == .sent
                    throw error
                }
            }
            return .answered
        } catch {
            return isUnanswered ? .unanswered(error) : .failed(error)
        }
    }

    private func deleteFromFile(_ deleted: [StoredItem], _ limit: WaitLimit) -> Deletion {
        do throws(BusFailure) {
            try file.delete(deleted, limit)
            return .answered
        } catch {
            return error.kind == .sent ? .unanswered(error.failure) : .failed(error.failure)
        }
    }

    /// The encrypted file is never locked: where it needs the user, the Secret portal asks.
    public func unlock(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64 {
        switch try KeyringChoice.current(limit) {
        case .secretService: return try unlockService(limit, prompt: prompt)
        case .encryptedFile:
            _ = try limit.left(at: cognitoauth_monotonic_milliseconds())
            return 0
        }
    }

    private func unlockService(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64 {
        var userTime: Int64 = 0
        switch try use(limit, { items throws(BusFailure) in try items.collection() }) {
        case .unlocked, .missing: break
        case .closed: return 0
        case .locked:
            userTime += try ask(prompt) { items throws(BusFailure) in
                try Unlocking(items).unlock(collection: Provider.defaultAlias)
            }
        }
        // An item may be in another collection than the default one of today.
        let locked = try use(limit.extended(by: userTime)) { items throws(BusFailure) in
            try items.lockedPaths(of: .session)
        }
        if !locked.isEmpty {
            userTime += try ask(prompt) { items throws(BusFailure) in try Unlocking(items).unlock(locked) }
        }
        return userTime
    }

    /// The encrypted file needs no collection.
    public func hasCollection(_ limit: WaitLimit) throws(AuthFailure) -> Bool {
        switch try KeyringChoice.current(limit) {
        case .secretService: return try use(limit) { items throws(BusFailure) in try items.collection().exists }
        case .encryptedFile:
            _ = try limit.left(at: cognitoauth_monotonic_milliseconds())
            return true
        }
    }

    public func createCollection(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64 {
        if try hasCollection(limit) { return 0 }
        return try ask(prompt) { items throws(BusFailure) in try NewCollection(items: items).create() }
    }

    /// Asks the user, and returns how many milliseconds that took.
    private func ask(
        _ limit: WaitLimit, _ body: (SecretServiceItems) throws(BusFailure) -> Bool
    ) throws(AuthFailure) -> Int64 {
        let start = cognitoauth_monotonic_milliseconds()
        guard try use(limit, body) else { throw AuthFailure(.keyringPromptDismissed) }
        return cognitoauth_monotonic_milliseconds() - start
    }

    private func use<Value>(_ body: (EncryptedFile) throws(BusFailure) -> Value) throws(AuthFailure) -> Value {
        do throws(BusFailure) { return try body(file) } catch { throw error.failure }
    }

    private func use<Value>(
        _ limit: WaitLimit, _ body: (SecretServiceItems) throws(BusFailure) -> Value
    ) throws(AuthFailure) -> Value {
        try KeyringContext.with(limit) { context throws(AuthFailure) in
            do throws(BusFailure) {
                return try Providers.shared.use(context) { provider throws(BusFailure) in
                    try body(SecretServiceItems(schema: schema, provider: provider, context: context))
                }
            } catch {
                throw error.failure
            }
        }
    }
}
