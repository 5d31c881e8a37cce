// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import Linux
internal import SecretMemory

/// libsecret's encrypted file, waited for no longer than a limit allows.
///
/// Behind it may be a Secret portal that does not answer, or whose answer libsecret 0.20 missed, and libsecret before
/// 0.21 hangs for good where it is cancelled meanwhile. So nothing is cancelled: who waits leaves. Nobody asks anew
/// until the call is answered or given up: that leaves a little memory and a few descriptors behind, each time. A
/// failure at the limit is `sent` if a change was under way.
///
/// libsecret asks the portal on the connection that the whole process shares. Where the program has none, libsecret
/// makes it here, and when its bus ends GLib raises SIGTERM in the thread that made it: this one, which blocks signals,
/// so that the program goes on. A connection that the program had before does what the program wants.
struct EncryptedFile {
    let schema: ItemSchema

    private static let thread = WorkerThread()
    /// How long after the caller's limit an answer is given up, in milliseconds.
    private static let patience: Int64 = 30_000

    func look(for kinds: [ItemKind], _ limit: WaitLimit) throws(BusFailure) -> [StoredItem] {
        let found = Found()
        try use(limit) { items throws(BusFailure) in found.items = try items.look(for: kinds) }
        return found.items
    }

    /// Items have no place here: those with the same attributes are the same.
    func reread(_ read: [StoredItem], _ limit: WaitLimit) throws(BusFailure) -> [StoredItem] {
        guard let kind = read.first?.attributes.kind else { return [] }
        return try look(for: [kind], limit).filter { item in read.contains { $0.attributes == item.attributes } }
    }

    func create(_ secret: SecretBytes, _ attributes: ItemAttributes, _ limit: WaitLimit) throws(BusFailure) {
        try use(limit) { items throws(BusFailure) in try items.create(secret, attributes) }
    }

    func update(_ item: StoredItem, _ secret: SecretBytes, _ limit: WaitLimit) throws(BusFailure) {
        try use(limit) { items throws(BusFailure) in try items.update(item, secret) }
    }

    func delete(_ deleted: [StoredItem], _ limit: WaitLimit) throws(BusFailure) {
        try use(limit) { items throws(BusFailure) in
            for item in deleted { try items.delete(item) }
        }
    }

    private func use(
        _ limit: WaitLimit, _ body: @escaping (EncryptedFileItems) throws(BusFailure) -> Void
    ) throws(BusFailure) {
        guard Self.thread.isOfThisProcess else {
            throw BusFailure(
                AuthFailure(.keyringUnavailable, detail: "this process is a child of the one that used it"), .unsent)
        }
        let outcome = Outcome()
        let work = Work { [schema] work in
            let patience = WaitLimit(deadline: limit.deadline + Self.patience, cancellation: nil)
            do throws(AuthFailure) {
                try KeyringContext.with(patience, leavingCalls: true) { context in
                    do throws(BusFailure) {
                        try body(EncryptedFileItems(schema: schema, context: context, work: work))
                    } catch {
                        outcome.failure = error
                    }
                }
            } catch {
                outcome.failure = BusFailure(error, .unsent)
            }
        }
        do throws(AuthFailure) {
            try Self.thread.perform(work, limit)
        } catch {
            throw BusFailure(error, work.hasCommitted ? .sent : .unsent)
        }
        if let failure = outcome.failure { throw failure }
    }

    // Both are written by the thread, and read once the work is done.

    private final class Outcome: @unchecked Sendable {
        var failure: BusFailure?
    }

    private final class Found: @unchecked Sendable {
        var items: [StoredItem] = []
    }
}
