// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// The keyring, seen as the place of one client's items. It prompts only when asked to.
///
/// Every function asks first whether the collection is locked and then fails with `keyringLocked`: a
/// locked provider may show nothing, ignore a delete, or open a dialog for a store. They fail with
/// `cancelled` or `deadlineExceeded` when the limit is reached; a store or delete that was under way may
/// still happen.
public protocol SessionStore: AnyObject {
    /// Asks the user to unlock what is locked of this client's, if anything is. `prompt` limits how long
    /// that may take, `limit` all the rest. Fails with `keyringPromptDismissed` if the user does not.
    /// Answers how many milliseconds the user took.
    func unlock(_ limit: WaitLimit, prompt: WaitLimit) throws(KeyringFailure) -> Int64
    /// The items of a kind, the newest first.
    func items(_ kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure) -> [StoredItem]
    /// Stores `secret` as the item of a kind, in place of the one that is there.
    func store(_ secret: SecretBytes, as kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure)
    /// Asks the keyring to delete all items of a kind. Whether it did, only `items` tells.
    func delete(_ kind: ItemKind, _ limit: WaitLimit) throws(KeyringFailure)
}

/// What an item holds; the attribute `kind`.
public enum ItemKind {
    case session
    /// The key of a device that Cognito remembers. It survives sign-out.
    case device

    /// The value of the attribute `kind`.
    public var name: String {
        switch self {
        case .session: "session"
        case .device: "device"
        }
    }
}

public struct StoredItem {
    /// What is stored. nil if the keyring shows the item and not its secret.
    public let secret: SecretBytes?

    public init(secret: SecretBytes?) { self.secret = secret }
}

/// Why the keyring could not be asked.
public struct KeyringFailure: Error {
    /// One of the keyring's, `cancelled` or `deadlineExceeded`.
    public let status: Status
    /// What libsecret says of it; "" if the status says it all.
    public let detail: String
    /// Whether a delete was asked for and not answered: it may happen yet.
    public var mayHappenYet = false

    public init(_ status: Status, _ detail: String = "") {
        self.status = status
        self.detail = detail
    }

    /// Whether the limit was reached, and nothing else is wrong.
    public var isAboutTime: Bool { status == .cancelled || status == .deadlineExceeded }
}
