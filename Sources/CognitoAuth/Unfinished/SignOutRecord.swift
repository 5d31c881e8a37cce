// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What the keyring keeps of one sign-out: written down before it is done, and again whenever less is left, so that a process
/// that dies in the middle leaves what is needed to finish.
///
/// A keyring that does not take it keeps nobody signed in: the sign-out goes on, and `kept` says that nothing is kept.
final class SignOutRecord {
    /// The item's attribute `session`.
    let session: String
    let signedOutAt: Int64
    private let active: ActiveCall
    /// The sessions that are still to be deleted.
    private var deletions: [SessionIdentity]
    /// The remote steps of this sign-out, as they were last read or written; not what others added to them.
    private var known: OpenSteps
    private var state: State

    private enum State {
        case absent
        /// Whether the keyring took it is not known.
        case unconfirmed
        /// As it was last written, or found after that.
        case written(StoredItem)
        /// It is there, and what was to be written last is not in it.
        case outdated(StoredItem)
    }

    /// Writes down a sign-out that is about to begin.
    static func begin(_ plan: OpenSteps, ending sessions: [StoredSession], _ active: ActiveCall) -> SignOutRecord {
        let session =
            sessions.compactMap { $0.item.attributes.session }.first ?? SessionIdentity.random(active.ports.randomness)
        let record = SignOutRecord(
            session, signedOutAt: active.ports.clock.unixMilliseconds,
            plan, deleting: LocalDeletion(active: active).identities(sessions), .absent, active)
        record.create()
        return record
    }

    /// The record of a sign-out that was found. One that is damaged begins anew.
    convenience init(_ found: UnfinishedSignOut, _ active: ActiveCall) {
        let signedOutAt = found.steps == nil ? active.ports.clock.unixMilliseconds : found.signedOutAt
        self.init(
            found.item.attributes.session ?? "", signedOutAt: signedOutAt, found.steps ?? .nothing,
            deleting: found.steps?.deletions ?? [], .written(found.item), active)
    }

    private init(
        _ session: String, signedOutAt: Int64, _ known: OpenSteps, deleting deletions: [SessionIdentity],
        _ state: State, _ active: ActiveCall
    ) {
        self.session = session
        self.signedOutAt = signedOutAt
        self.known = known
        self.deletions = deletions
        self.state = state
        self.active = active
    }

    /// Whether the keyring keeps what was written last.
    var kept: SignOutReport.Answer {
        switch state {
        case .absent: .no
        case .written: .yes
        case .unconfirmed, .outdated: .unknown
        }
    }

    private func create() {
        guard let secret = encoded(known) else { return }
        let limit = shortly
        do {
            state = .unconfirmed
            try active.keyring.create(secret, ItemAttributes(.unfinished, session: session), limit)
            confirm(try mine(limit))
        } catch {
            warn("was not written down", error)
        }
    }

    /// Nobody may cut that short: what the keyring is still at would sign the user out later.
    private var shortly: WaitLimit { WaitLimit(deadline: active.glance.deadline, cancellation: nil) }

    /// `found`: what a look shows of it.
    private func confirm(_ found: StoredItem?) { state = found.map { .written($0) } ?? .absent }

    private func mine(_ limit: WaitLimit) throws(AuthFailure) -> StoredItem? {
        try active.keyring.items(.unfinished, limit).first { isMine($0, at: nil) }
    }

    /// Whether it is this one: what began when this did, or what is where it was. Another sign-out of the session, beside this
    /// one, began at its own time; and whoever writes into this one leaves the time as it is.
    private func isMine(_ one: StoredItem, at item: StoredItem?) -> Bool {
        guard one.attributes.isOf(session) else { return false }
        if let path = one.path, let mine = item?.path, path.isExactly(mine) { return true }
        return UnfinishedSignOut.read(one, for: active.configuration)?.signedOutAt == signedOutAt
    }

    private func encoded(_ open: OpenSteps) -> SecretBytes? {
        let steps = open.left(isGlobalSignOutOpen: open.isGlobalSignOutOpen, revoking: open.revocations, ended: [])
            .with(deletions: deletions, isBrowserOpen: false, record: session)
        return steps.isEmpty
            ? nil : UnfinishedSignOut.encode(steps, signedOutAt: signedOutAt, for: active.configuration)
    }

    /// Writes down what is left of the remote steps. The deletions are left until `keep` says otherwise.
    func write(_ open: OpenSteps) {
        // What is not seen yet may be seen later: that is asked for at the end.
        if case .unconfirmed = state, let found = try? mine(shortly) { confirm(found) }
        write(open) { item throws(AuthFailure) in try present(item) }
    }

    /// The same without a look at what others have written since: tokens that just came are nowhere else.
    /// `rotated`: the refresh token that came in the place of the session's, if one did.
    func writeAtOnce(_ open: OpenSteps, _ rotated: SecretBytes?) {
        deletions = deletions.adding(rotated, active.ports.digest)
        write(open) { $0 }
    }

    /// Returns false where nothing is left to be written.
    @discardableResult
    private func write(_ open: OpenSteps, onto current: (StoredItem) throws(AuthFailure) -> StoredItem) -> Bool {
        let item: StoredItem
        switch state {
        case .absent, .unconfirmed: return true
        case .written(let written), .outdated(let written): item = written
        }
        do throws(AuthFailure) {
            let current = try current(item)
            guard let secret = encoded(merged(open, current)) else { return false }
            if current.secret?.hasSameBytes(as: secret) != true {
                try active.keyring.update(item, secret, active.time.deletion)
            }
            state = .written(StoredItem(path: item.path, attributes: item.attributes, secret: secret))
            known = open
        } catch {
            state = error.status == .sessionChanged ? .absent : .outdated(item)
            warn("was not written down again", error)
        }
        return true
    }

    /// What is left, with what others have changed since: those who hold only one of the two locks may add a refresh token that
    /// a session was left with, or give GlobalSignOut up.
    private func merged(_ open: OpenSteps, _ item: StoredItem) -> OpenSteps {
        guard let steps = UnfinishedSignOut.read(item, for: active.configuration)?.steps else { return open }
        let added = steps.revocations.filter { one in
            !known.refreshTokens.has(one.token) && !open.refreshTokens.has(one.token)
        }
        let isGivenUp = known.isGlobalSignOutOpen && !steps.isGlobalSignOutOpen
        return (isGivenUp ? open.withoutGlobalSignOut : open).adding(revoking: added)
    }

    private func present(_ item: StoredItem) throws(AuthFailure) -> StoredItem {
        guard let now = try current(item) else { throw AuthFailure(.sessionChanged) }
        return now
    }

    /// What there is of it now; nil where it is gone, and its place perhaps another item's.
    private func current(_ item: StoredItem) throws(AuthFailure) -> StoredItem? {
        let found = try active.keyring.reread([item], of: .unfinished, active.time.deletion)
        return found.first { $0.attributes == item.attributes }
    }

    /// Writes down all that is left, or removes the record where nothing is.
    func keep(_ open: OpenSteps, deleting deletions: [SessionIdentity]) {
        self.deletions = deletions
        if case .unconfirmed = state {
            // Whether the keyring took it all the same, a look tells now, or nobody knows.
            do { confirm(try mine(active.time.deletion)) } catch {}
        }
        // What was read to be merged was read just now.
        if !write(open, onto: { item throws(AuthFailure) in try present(item) }) {
            remove(for: .signOut) { $0 }
        }
    }

    /// Removes the record, and looks. Nobody may cut that short.
    func remove(for purpose: OwnChange.Purpose = .signOut) {
        remove(for: purpose) { item throws(AuthFailure) in try current(item) }
    }

    private func remove(
        for purpose: OwnChange.Purpose, _ current: (StoredItem) throws(AuthFailure) -> StoredItem?
    ) {
        let limit = active.time.deletion
        do throws(AuthFailure) {
            let item: StoredItem?
            switch state {
            case .absent: return
            case .written(let written), .outdated(let written): item = try current(written)
            case .unconfirmed: item = try mine(limit)
            }
            state = .unconfirmed
            let removal = active.keyring.remove([item].compactMap { $0 }, of: .unfinished, for: purpose, limit)
            if let failure = removal.deletion.failure { throw failure }
            switch removal.left {
            case .success(let left): state = left.contains { isMine($0, at: item) } ? .unconfirmed : .absent
            case .failure(let failure): throw failure
            }
        } catch {
            warn("is still in the keyring", error)
        }
    }

    private func warn(_ what: String, _ failure: AuthFailure) {
        active.call.write(.warning, .joining("An unfinished sign-out ", what, ": ", failure.status.name))
    }
}

extension AuthFailure {
    /// All is done, and what was written down of it is still there.
    static var recordLeft: AuthFailure {
        AuthFailure(
            .keyringFailed, "A sign-out is finished, but what was kept of it may still be in the keyring.")
    }
}
