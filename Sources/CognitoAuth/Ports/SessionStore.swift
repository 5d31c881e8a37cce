// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// The keyring, seen as the place of one client's items. It prompts only when asked to.
///
/// A locked provider may show nothing, ignore a delete, or open a dialog for a store. So the functions fail with
/// `keyringLocked` where what is locked could matter, and never take for gone what it hides. They fail with `cancelled` or
/// `deadlineExceeded` when the limit is reached; a change that was under way may still happen.
public protocol SessionStore: AnyObject {
    /// Asks the user to unlock what is locked of this client's, if anything is. `prompt` limits how long that may
    /// take, `limit` all the rest. Fails with `keyringPromptDismissed` if the user does not. Returns how many
    /// milliseconds the user took.
    func unlock(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64
    /// Whether there is a default collection, which new items are stored in.
    func hasCollection(_ limit: WaitLimit) throws(AuthFailure) -> Bool
    /// Makes a default collection, which new items are stored in, and asks the user to agree; where there is one, nothing
    /// is done. The limits are those of `unlock`. Fails with `keyringPromptDismissed` if the user does not agree, and with
    /// `keyringNoCollection` if the keyring makes none. Returns how many milliseconds the user took.
    func createCollection(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64
    /// A look: the items of some kinds, whatever their other attributes. None means that there are none, and never that
    /// they could not be seen.
    func items(_ kinds: [ItemKind], _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem]
    /// Reads items again, by where they are. Those that are gone are left out.
    func reread(_ items: [StoredItem], _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem]
    /// Stores `secret` as a new item. No other item is replaced. Fails with `keyringNoCollection` where there is no default
    /// collection.
    func create(_ secret: SecretBytes, _ attributes: ItemAttributes, _ limit: WaitLimit) throws(AuthFailure)
    /// Gives an item another secret, where it is. Fails with `sessionChanged` if it is gone.
    func update(_ item: StoredItem, _ secret: SecretBytes, _ limit: WaitLimit) throws(AuthFailure)
    /// Asks the keyring to delete these items and no others. Whether they are gone, only `items` tells.
    func delete(_ items: [StoredItem], _ limit: WaitLimit) -> Deletion
    /// Deletes items of a kind, and then looks, whatever became of the deletion. What is locked stays; a keyring that hangs
    /// may delete later.
    func remove(_ items: [StoredItem], of kind: ItemKind, _ limit: WaitLimit) -> Removal
    /// Begins to watch, also a keyring that is not there yet, and starts none. Fails with `keyringUnavailable` where there is
    /// nothing to watch, as without a session bus, and with `outOfResources`. A look after this misses nothing that comes
    /// later.
    func watch(_ limit: WaitLimit) throws(AuthFailure) -> any StoreWatch
}

/// What an item is looked for by, beside the client's own attributes.
public struct ItemAttributes: Equatable, Sendable {
    public let kind: ItemKind
    /// The identity of the session that the item holds or belongs to; nil if it has none.
    public let session: String?

    public init(_ kind: ItemKind, session: String? = nil) {
        self.kind = kind
        self.session = session
    }

    /// Whether the item holds this session, or belongs to it.
    @inline(never)
    func isOf(_ session: String) -> Bool { self.session?.isExactly(session) ?? false }

    public static func == (one: ItemAttributes, other: ItemAttributes) -> Bool {
        guard one.kind == other.kind else { return false }
        switch (one.session, other.session) {
        case (nil, nil): return true
        case (let one?, let other?): return one.isExactly(other)
        default: return false
        }
    }
}

/// What an item holds; the attribute `kind`.
public enum ItemKind: CaseIterable, Sendable {
    case session
    /// The key of a device that Cognito remembers. It survives sign-out.
    case device
    /// The mark that the browser may still be signed in. It holds nothing.
    case browser
    /// A sign-out that is not finished: what is to be done still, with the tokens that this needs.
    case unfinished

    /// The value of the attribute `kind`.
    public var name: String {
        switch self {
        case .session: "session"
        case .device: "device"
        case .browser: "browser"
        case .unfinished: "unfinished"
        }
    }

    public static func named(_ name: String) -> ItemKind? { allCases.first { name.isExactly($0.name) } }
}

/// An item as it was found.
public final class StoredItem: Sendable {
    /// The object path that the Secret Service knows it by; nil in libsecret's file, where attributes are all that
    /// tells items apart.
    public let path: String?
    public let attributes: ItemAttributes
    /// What is stored. nil if the keyring shows the item and not its secret.
    public let secret: SecretBytes?

    public init(path: String?, attributes: ItemAttributes, secret: SecretBytes?) {
        self.path = path
        self.attributes = attributes
        self.secret = secret
    }

    /// Whether it is the same item, and nothing of it has changed.
    func isSame(as other: StoredItem) -> Bool {
        guard let path, let otherPath = other.path, path.isExactly(otherPath) else { return false }
        guard let secret, let otherSecret = other.secret, secret.hasSameBytes(as: otherSecret) else { return false }
        return attributes == other.attributes
    }
}

/// What became of a request to delete items.
public enum Deletion {
    /// Each was answered, or there was no such item.
    case answered
    /// It was refused, or nothing was asked for. Items before the one it failed with may be gone.
    case failed(AuthFailure)
    /// It was asked for and not answered: it may happen yet.
    case unanswered(AuthFailure)

    public var failure: AuthFailure? {
        switch self {
        case .answered: nil
        case .failed(let failure), .unanswered(let failure): failure
        }
    }
}

/// What became of a deletion, and what a look after it showed.
public struct Removal {
    public let deletion: Deletion
    /// What is left of the kind.
    public let left: Result<[StoredItem], AuthFailure>

    public init(_ deletion: Deletion, left: Result<[StoredItem], AuthFailure>) {
        self.deletion = deletion
        self.left = left
    }
}
