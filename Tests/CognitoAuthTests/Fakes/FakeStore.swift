// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// A keyring in memory that fails where a test wants it to.
///
/// Like the real one it fails where the limit of a call is reached, and does then nothing.
final class FakeStore: SessionStore {
    /// All items.
    var items: [StoredItem] = [] { didSet { tellWatches() } }
    /// The secrets of a kind, the newest first; nil for an item that does not show its secret.
    var sessions: [SecretBytes?] {
        get { secrets(.session) }
        set { replace(.session, with: newValue) }
    }
    var devices: [SecretBytes?] {
        get { secrets(.device) }
        set { replace(.device, with: newValue) }
    }

    /// The marks that the browser may be signed in.
    var marks: [SecretBytes?] {
        get { secrets(.browser) }
        set { replace(.browser, with: newValue) }
    }

    /// The sign-outs that are not finished.
    var unfinished: [SecretBytes?] {
        get { secrets(.unfinished) }
        set { replace(.unfinished, with: newValue) }
    }

    /// How the n-th look for sessions fails; the first is 1.
    var failingLooks: [Int: AuthFailure] = [:]
    /// From this call on (any function, any kind; the first is 1) the collection is locked.
    var lockedFromCall: Int? { didSet { tellWatches() } }
    var storeFailure: AuthFailure?
    /// What is to be stored is stored also where the limit is reached.
    var storesAllTheSame = false
    var deviceFailure: AuthFailure?
    var markFailure: AuthFailure?
    var deleteFailure: AuthFailure?
    /// The delete that fails was sent, and not answered.
    var isDeleteUnanswered = false
    /// The delete says that it went well, and nothing is deleted.
    var ignoresDelete = false
    /// How reading again fails, and what is called before it with its number.
    var rereadFailure: AuthFailure?
    var onReread: ((Int) -> Void)?
    private var rereads = 0
    /// Called before each look for sessions with its number.
    var onLook: ((Int) -> Void)?
    /// The step from which on the keyring hangs, by name and number as in "look 2"; nil: it works again.
    var hangsFrom: String? {
        didSet {
            isHanging = false
            if let hangsFrom { journal.whenBegun[hangsFrom] = { [weak self] in self?.isHanging = true } }
        }
    }

    /// The keyring does not answer.
    var isHanging = false

    /// Whether there is a default collection, which new items are stored in.
    var hasCollection = true
    /// Somebody else makes one while the user is asked.
    var getsCollectionMeanwhile = false
    /// The keyring makes none.
    var refusesCollection = false

    /// What becomes of a prompt, to unlock or to make a collection; nil: the user agrees.
    var promptFailure: AuthFailure?
    /// How long the user takes for that, in milliseconds.
    var promptTime: Int64 = 0
    /// The limits of all calls, and those of the prompts.
    private(set) var limits: [(step: String, limit: WaitLimit)] = []
    private(set) var prompts: [WaitLimit] = []

    private var calls = 0
    private var looks = 0
    private let journal: Journal
    private let clock: FakeClock

    init(_ journal: Journal, _ clock: FakeClock) {
        self.journal = journal
        self.clock = clock
    }

    func unlock(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64 {
        calls += 1
        try begin("unlock", limit)
        guard isLocked else {
            journal.end("unlock")
            return 0
        }
        try ask(prompt)
        lockedFromCall = nil
        journal.end("unlock")
        return promptTime
    }

    func hasCollection(_ limit: WaitLimit) throws(AuthFailure) -> Bool {
        calls += 1
        try begin("lookCollection", limit, isWritten: false)
        return hasCollection
    }

    func createCollection(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64 {
        calls += 1
        try begin("createCollection", limit)
        guard !hasCollection else { return 0 }
        if getsCollectionMeanwhile { hasCollection = true }
        if refusesCollection && !hasCollection { throw AuthFailure(.keyringNoCollection) }
        do throws(AuthFailure) {
            try ask(prompt)
        } catch {
            guard error.status == .keyringPromptDismissed && hasCollection else { throw error }
        }
        hasCollection = true
        journal.end("createCollection")
        return promptTime
    }

    private func ask(_ prompt: WaitLimit) throws(AuthFailure) {
        prompts.append(prompt)
        if prompt.isCancelled { throw AuthFailure(.cancelled) }
        if let promptFailure { throw promptFailure }
        guard clock.monotonicMilliseconds + promptTime < prompt.deadline else { throw clock.waitInVain(prompt) }
        clock.monotonicMilliseconds += promptTime
    }

    func items(_ kinds: [ItemKind], _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        let kind = kinds.first ?? .session
        calls += 1
        let step = Self.step("look", kind)
        try begin(step, limit, isWritten: kind == .session)
        if kind == .session {
            looks += 1
            onLook?(looks)
            if let failure = failingLooks[looks] { throw failure }
        } else if let failure = failure(kind) {
            throw failure
        }
        try checkLock()
        journal.end(step)
        return items.filter { item in kinds.contains { $0 == item.attributes.kind } }
    }

    func reread(_ read: [StoredItem], _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        calls += 1
        let step = Self.step("reread", read.first?.attributes.kind ?? .session)
        try begin(step, limit)
        if step == "reread" {
            rereads += 1
            onReread?(rereads)
            if let rereadFailure { throw rereadFailure }
        }
        try checkLock()
        journal.end(step)
        return items.filter { item in read.contains { $0.path == item.path } }
    }

    func create(
        _ secret: SecretBytes, _ attributes: ItemAttributes, _ limit: WaitLimit
    ) throws(AuthFailure) {
        try store(Self.step("create", attributes.kind), limit, needsCollection: true) {
            items.insert(StoredItem(path: nextPath(), attributes: attributes, secret: secret), at: 0)
        }
    }

    func update(_ item: StoredItem, _ secret: SecretBytes, _ limit: WaitLimit) throws(AuthFailure) {
        try store(Self.step("update", item.attributes.kind), limit) {
            items = items.map { old in
                old.path == item.path ? StoredItem(path: old.path, attributes: old.attributes, secret: secret) : old
            }
        }
        if !items.contains(where: { $0.path == item.path }) { throw AuthFailure(.sessionChanged) }
    }

    private func failure(_ kind: ItemKind) -> AuthFailure? { kind == .device ? deviceFailure : markFailure }

    private func store(
        _ step: String, _ limit: WaitLimit, needsCollection: Bool = false, _ change: () -> Void
    ) throws(AuthFailure) {
        calls += 1
        do {
            try begin(step, limit)
        } catch {
            if storesAllTheSame { change() }
            throw error
        }
        try checkLock()
        if needsCollection && !hasCollection { throw AuthFailure(.keyringNoCollection) }
        if let storeFailure { throw storeFailure }
        change()
        journal.end(step)
    }

    func delete(_ deleted: [StoredItem], _ limit: WaitLimit) -> Deletion {
        calls += 1
        let step = Self.step("delete", deleted.first?.attributes.kind ?? .session)
        let wasHanging = isHanging
        do throws(AuthFailure) {
            try begin(step, limit, isWritten: step == "delete" || step == "deleteUnfinished")
        } catch {
            // A keyring that hangs from here on has the request; one that hung before was not even asked.
            return isHanging && !wasHanging ? .unanswered(error) : .failed(error)
        }
        do throws(AuthFailure) {
            try checkLock()
        } catch {
            return .failed(error)
        }
        if let deleteFailure { return isDeleteUnanswered ? .unanswered(deleteFailure) : .failed(deleteFailure) }
        if !ignoresDelete { items.removeAll { item in deleted.contains { $0.path == item.path } } }
        journal.end(step)
        return .answered
    }

    func remove(_ removed: [StoredItem], of kind: ItemKind, _ limit: WaitLimit) -> Removal {
        let deletion = removed.isEmpty ? .answered : delete(removed, limit)
        do { return Removal(deletion, left: .success(try items([kind], limit))) } catch {
            return Removal(deletion, left: .failure(error))
        }
    }

    // MARK: Watching

    /// The reasons to look that come where nothing has changed before; each is called first, and may change something.
    var reasons: [() -> Void] = []
    /// How a watch ends after the last of them; nil: when the limit of its wait is reached.
    var watchEnd: AuthFailure? = AuthFailure(.cancelled)
    /// Why it cannot be watched.
    var watchFailure: AuthFailure?
    private(set) var watches: [FakeWatch] = []

    func watch(_ limit: WaitLimit) throws(AuthFailure) -> any StoreWatch {
        try begin("watch", limit, isWritten: false)
        if let watchFailure { throw watchFailure }
        let watch = FakeWatch(self, journal, clock)
        watches.append(watch)
        journal.end("watch")
        return watch
    }

    private func tellWatches() { for watch in watches { watch.hasReason = true } }

    // MARK: What another process does

    /// Stores a session beside what is there.
    func addSession(_ secret: SecretBytes?, as session: String?) {
        items.append(
            StoredItem(path: nextPath(), attributes: ItemAttributes(.session, session: session), secret: secret))
    }

    /// Stores another session where the first one is: most keyrings use a path again.
    func replaceSession(with secret: SecretBytes?, as session: String?) {
        change { ($0.path, ItemAttributes(.session, session: session), secret) }
    }

    /// Stores other tokens of the first session.
    func refreshSession(with secret: SecretBytes?) { change { ($0.path, $0.attributes, secret) } }

    /// Makes the sessions what 0.1 stored: items without the attribute `session`.
    func removeIdentities() {
        items = items.map {
            StoredItem(path: $0.path, attributes: ItemAttributes($0.attributes.kind), secret: $0.secret)
        }
    }

    private func change(_ change: (StoredItem) -> (String?, ItemAttributes, SecretBytes?)) {
        guard let index = items.firstIndex(where: { $0.attributes.kind == .session }) else { return }
        let (path, attributes, secret) = change(items[index])
        items[index] = StoredItem(path: path, attributes: attributes, secret: secret)
    }

    // MARK: Steps

    private static func step(_ what: String, _ kind: ItemKind) -> String {
        switch kind {
        case .session: what
        case .device: what + "Device"
        case .browser: what + "Mark"
        case .unfinished: what + "Unfinished"
        }
    }

    private func begin(_ step: String, _ limit: WaitLimit, isWritten: Bool = true) throws(AuthFailure) {
        limits.append((step, limit))
        journal.begin(step, .keyring, isWritten: isWritten)
        if limit.isCancelled { throw AuthFailure(.cancelled) }
        if isHanging { throw clock.waitInVain(limit) }
        if clock.monotonicMilliseconds >= limit.deadline { throw AuthFailure(.deadlineExceeded) }
    }

    private var isLocked: Bool { lockedFromCall.map { calls >= $0 } ?? false }

    private func checkLock() throws(AuthFailure) {
        if isLocked { throw AuthFailure(.keyringLocked) }
    }

    private func secrets(_ kind: ItemKind) -> [SecretBytes?] {
        items.filter { $0.attributes.kind == kind }.map(\.secret)
    }

    private func replace(_ kind: ItemKind, with secrets: [SecretBytes?]) {
        items.removeAll { $0.attributes.kind == kind }
        items += secrets.map { secret in
            let path = nextPath()
            let session = kind == .session ? "session of \(path)" : nil
            return StoredItem(path: path, attributes: ItemAttributes(kind, session: session), secret: secret)
        }
    }

    private var paths = 0

    /// One that no item has had, of this store or of the one that its items came from.
    private func nextPath() -> String {
        var path: String
        repeat {
            paths += 1
            path = "/item/\(paths)"
        } while items.contains { $0.path == path }
        return path
    }
}
