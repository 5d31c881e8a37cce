// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// A keyring in memory that fails where a test wants it to.
///
/// Like the real one it fails where the limit of a call is reached, and does then nothing.
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
    /// The step from which on the keyring hangs, by name and number as in "look 2"; nil: it works again.
    var hangsFrom: String? {
        didSet {
            isHanging = false
            if let hangsFrom { journal.whenBegun[hangsFrom] = { [weak self] in self?.isHanging = true } }
        }
    }

    /// How unlocking ends; nil: the user unlocks.
    var unlockFailure: KeyringFailure?
    /// How long the user takes for that, in milliseconds.
    var unlockTime: Int64 = 0
    /// The limits of all calls, and those of the prompts.
    private(set) var limits: [(step: String, limit: WaitLimit)] = []
    private(set) var prompts: [WaitLimit] = []

    private var isHanging = false
    private var calls = 0
    private var looks = 0
    private let journal: Journal
    private let clock: FakeClock

    init(_ journal: Journal, _ clock: FakeClock) {
        self.journal = journal
        self.clock = clock
    }

    func unlock(_ limit: WaitLimit, prompt: WaitLimit) throws(KeyringFailure) -> Int64 {
        try begin("unlock", limit)
        prompts.append(prompt)
        if prompt.isCancelled { throw KeyringFailure(.cancelled) }
        if let unlockFailure { throw unlockFailure }
        guard clock.monotonicMilliseconds + unlockTime < prompt.deadline else {
            clock.waitInVain(prompt)
            throw KeyringFailure(.deadlineExceeded)
        }
        clock.monotonicMilliseconds += unlockTime
        lockedFromCall = nil
        journal.end("unlock")
        return unlockTime
    }

    func items(_ kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) -> [StoredItem] {
        calls += 1
        let step = kind == .session ? "look" : "lookDevice"
        try begin(step, limit, isWritten: kind == .session)
        if kind == .session {
            looks += 1
            onLook?(looks)
            if let failure = failingLooks[looks] { throw failure }
        } else if let deviceFailure {
            throw deviceFailure
        }
        try checkLock()
        journal.end(step)
        return (kind == .session ? sessions : devices).map { StoredItem(secret: $0) }
    }

    func store(_ secret: SecretBytes, as kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) {
        calls += 1
        let step = kind == .session ? "store" : "storeDevice"
        try begin(step, limit)
        try checkLock()
        if let storeFailure { throw storeFailure }
        switch kind {
        case .session: sessions = [secret] + sessions.dropFirst()
        case .device: devices = [secret] + devices.dropFirst()
        }
        journal.end(step)
    }

    func delete(_ kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) {
        calls += 1
        let step = kind == .session ? "delete" : "deleteDevice"
        do {
            try begin(step, limit)
        } catch {
            // A keyring that hangs has the request.
            var failure = error
            failure.mayHappenYet = isHanging
            throw failure
        }
        try checkLock()
        if let deleteFailure { throw deleteFailure }
        if ignoresDelete { return }
        switch kind {
        case .session: sessions = []
        case .device: devices = []
        }
        journal.end(step)
    }

    private func begin(_ step: String, _ limit: WaitLimit, isWritten: Bool = true) throws(KeyringFailure) {
        limits.append((step, limit))
        journal.begin(step, isWritten: isWritten)
        if limit.isCancelled { throw KeyringFailure(.cancelled) }
        if isHanging { clock.waitInVain(limit) }
        if clock.monotonicMilliseconds >= limit.deadline { throw KeyringFailure(.deadlineExceeded) }
    }

    private func checkLock() throws(KeyringFailure) {
        if let lockedFromCall, calls >= lockedFromCall { throw KeyringFailure(.keyringLocked) }
    }
}
