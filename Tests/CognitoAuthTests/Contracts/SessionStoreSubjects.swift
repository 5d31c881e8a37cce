// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// A store with nothing in it.
protocol SessionStoreSubject: TimedSubject {
    var store: any SessionStore { get }
    /// What is behind a real one.
    var keyring: Surroundings.Keyring? { get }
}

/// A store whose keyring can be locked, and can hang.
protocol LockableStoreSubject: SessionStoreSubject {
    func lock() throws
    func unlock() throws
    func hang()
    func wake()
    /// Does something once a call waits for the keyring that hangs.
    func whenHanging(_ action: @escaping @Sendable () -> Void)
}

/// A store whose keyring can ask a user.
protocol PromptingStoreSubject: SessionStoreSubject {
    func lock() throws
    /// From now on it has no collection, and no items.
    func removeCollection() throws
    /// From now on it makes none.
    func refuseCollection() throws
    /// From now on the user, when asked, does this.
    func setUser(_ user: User) throws
    /// How often the user was asked.
    func prompts() throws -> Int
    func whenPrompting(_ action: @escaping @Sendable () -> Void)
    /// From now on the keyring does not answer to a delete.
    func hangInDelete() throws
    func whenHangingInDelete(_ action: @escaping @Sendable () -> Void)
}

/// What a user does in front of a prompt.
enum User {
    case agrees(after: Int64)
    /// Makes a collection in another way, and dismisses the prompt.
    case agreesElsewhere
    case dismisses
    case isAway
}

extension SessionStoreSubject {
    var keyring: Surroundings.Keyring? { nil }

    func put(_ secret: String, _ session: String?, _ kind: ItemKind = .session) throws {
        try store.create(SecretBytes(secret), ItemAttributes(kind, session: session), limit())
    }

    func items(_ kind: ItemKind = .session) throws -> [StoredItem] { try store.items([kind], limit()) }

    /// The secrets of the items, in the order in which they are found.
    func found(_ kind: ItemKind = .session) throws -> [String] { try items(kind).map { $0.secret?.text ?? "-" } }

    func delete(_ items: [StoredItem]) throws {
        switch store.delete(items, limit()) {
        case .answered: break
        case .failed(let failure), .unanswered(let failure): throw failure
        }
    }

    /// Keyrings count in seconds when something was stored.
    func letSecondPass() { clock.pause(milliseconds: 1100, limit()) }
}

/// The implementations of `SessionStore`: the fake, and the real one with the keyring that this run has.
enum SessionStores {
    static let all: [Implementation<any SessionStoreSubject>] =
        [Implementation("FakeStore") { FakeStoreSubject() }] + real

    static let real: [Implementation<any SessionStoreSubject>] =
        switch Surroundings.keyring {
        case .gnomeKeyring: [Implementation("SecretServiceStore, gnome-keyring") { try GnomeKeyringSubject() }]
        case .file: [Implementation("SecretServiceStore, file") { try FileStoreSubject() }]
        case .kwallet, .keepassxc, .mock, .ofTest, nil: []
        }

    static let lockable: [Implementation<any LockableStoreSubject>] =
        [Implementation("FakeStore") { FakeStoreSubject() }]
        + (Surroundings.keyring == .gnomeKeyring
            ? [Implementation("SecretServiceStore, gnome-keyring") { try GnomeKeyringSubject() }] : [])

    static let prompting: [Implementation<any PromptingStoreSubject>] =
        [Implementation("FakeStore") { FakeStoreSubject() }]
        + (Surroundings.keyring == .mock
            ? [Implementation("SecretServiceStore, mock") { try MockKeyringSubject() }] : [])
}

final class FakeStoreSubject: LockableStoreSubject, PromptingStoreSubject {
    private let journal = Journal()
    private let fakeClock: FakeClock
    private let fake: FakeStore

    /// `watchEnd`: how a watch ends that has nothing to tell.
    init(watchEnd: AuthFailure? = AuthFailure(.cancelled)) {
        fakeClock = FakeClock(journal)
        fake = FakeStore(journal, fakeClock)
        fake.watchEnd = watchEnd
    }

    var store: any SessionStore { fake }
    var clock: any Clock { fakeClock }

    func lock() { fake.lockedFromCall = 0 }
    func unlock() { fake.lockedFromCall = nil }
    func hang() { fake.isHanging = true }
    func wake() { fake.isHanging = false }
    func whenHanging(_ action: @escaping @Sendable () -> Void) { fakeClock.whenWaiting = action }

    func setUser(_ user: User) {
        switch user {
        case .agrees(let time): fake.promptTime = time
        case .agreesElsewhere:
            fake.getsCollectionMeanwhile = true
            fake.promptFailure = AuthFailure(.keyringPromptDismissed)
        case .dismisses: fake.promptFailure = AuthFailure(.keyringPromptDismissed)
        case .isAway: fake.promptTime = .max / 2
        }
    }

    func removeCollection() {
        fake.items = []
        fake.hasCollection = false
    }

    func refuseCollection() { fake.refusesCollection = true }
    func prompts() -> Int { fake.prompts.count }
    func whenPrompting(_ action: @escaping @Sendable () -> Void) { fakeClock.whenWaiting = action }
    func hangInDelete() { fake.hangsFrom = "delete 1" }
    func whenHangingInDelete(_ action: @escaping @Sendable () -> Void) { fakeClock.whenWaiting = action }
}
