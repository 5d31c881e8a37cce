// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// A keyring in memory that fails where a test wants it to.
final class FakeStore: SessionStore {
    /// The secrets, the newest first; nil for an item that does not show its secret.
    var sessions: [SecretBytes?] = []
    var devices: [SecretBytes?] = []

    /// How the n-th look for sessions fails; the first is 1.
    var failingLooks: [Int: KeyringFailure] = [:]
    /// From this call on (any function, any kind; the first is 1) the collection is locked.
    var lockedFromCall: Int?
    var storeFailure: KeyringFailure?
    var deviceFailure: KeyringFailure?
    var deleteFailure: KeyringFailure?
    /// The delete says that it went well, and nothing is deleted.
    var ignoresDelete = false
    /// Called before each look for sessions with its number.
    var onLook: ((Int) -> Void)?

    /// How unlocking ends; nil: the user unlocks.
    var unlockFailure: KeyringFailure?
    /// The limits of the deletions.
    private(set) var deletionLimits: [WaitLimit] = []

    private var calls = 0
    private var looks = 0
    private let journal: Journal

    init(_ journal: Journal) { self.journal = journal }

    func unlock(_ limit: WaitLimit, prompt: WaitLimit) throws(KeyringFailure) {
        journal.write("unlock")
        if let unlockFailure { throw unlockFailure }
        lockedFromCall = nil
    }

    func items(_ kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) -> [StoredItem] {
        calls += 1
        if kind == .session {
            looks += 1
            journal.write("look")
            onLook?(looks)
            if let failure = failingLooks[looks] { throw failure }
        } else if let deviceFailure {
            throw deviceFailure
        }
        try checkLock()
        return (kind == .session ? sessions : devices).map { StoredItem(secret: $0) }
    }

    func store(_ secret: SecretBytes, as kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) {
        calls += 1
        journal.write(kind == .session ? "store" : "storeDevice")
        try checkLock()
        if let storeFailure { throw storeFailure }
        switch kind {
        case .session: sessions = [secret] + sessions.dropFirst()
        case .device: devices = [secret] + devices.dropFirst()
        }
    }

    func delete(_ kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) {
        calls += 1
        deletionLimits.append(limit)
        journal.write(kind == .session ? "delete" : "deleteDevice")
        try checkLock()
        if let deleteFailure { throw deleteFailure }
        if ignoresDelete { return }
        switch kind {
        case .session: sessions = []
        case .device: devices = []
        }
    }

    private func checkLock() throws(KeyringFailure) {
        if let lockedFromCall, calls >= lockedFromCall { throw KeyringFailure(.keyringLocked) }
    }
}
