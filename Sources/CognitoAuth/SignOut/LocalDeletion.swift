// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Deleting sessions from this machine. Only what a second look shows is believed.
///
/// No keyring compares before it deletes, and most use a path again: so what is to be deleted is read again just before.
/// Nobody may cut the deletion short once it has begun.
struct LocalDeletion {
    let active: ActiveCall

    /// What is still there of what was read. Where another process refreshed it meanwhile, it has other tokens. Where it saved
    /// another session in the same place, that session is left out: it was not read, and must stay.
    func reread(
        _ read: [StoredSession], knownAs identities: [SessionIdentity]
    ) throws(AuthFailure) -> [StoredSession] {
        let limit = active.time.deletion
        guard active.ports.clock.monotonicMilliseconds < limit.deadline else { throw AuthFailure(.deadlineExceeded) }
        let current = try active.keyring.reread(read.map { $0.item }, of: .session, limit)
        return current.map { item in read.first { $0.item.isSame(as: item) } ?? StoredSession(item) }
            .filter { isOne(of: identities, $0) }
    }

    /// How a deletion ended.
    enum Outcome {
        /// All is gone, and nobody else is signed in here.
        case signedOut
        /// The session may still be there, and `answer` is what can be said of that.
        case open(AuthFailure, signedOutLocally: SignOutReport.Answer)
        /// It is gone, and another session is stored here.
        case replaced
    }

    /// Deletes sessions, and looks whether one with these identities is left.
    func run(
        _ sessions: [StoredSession], knownAs identities: [SessionIdentity], for purpose: OwnChange.Purpose = .signOut
    ) -> Outcome {
        let items = sessions.map { $0.item }
        let removal = active.keyring.remove(items, of: .session, for: purpose, active.time.deletion)
        let deletion = removal.deletion
        let left: [StoredSession]
        switch removal.left {
        case .success(let found): left = found.map(StoredSession.init)
        case .failure(let failure):
            return .open(deletion.failure ?? failure, signedOutLocally: Self.answerUnseen(deletion, of: sessions))
        }
        let isStillThere = left.contains { isOne(of: identities, $0) }
        if let failure = deletion.failure {
            return .open(failure, signedOutLocally: isStillThere ? .no : .unknown)
        }
        if isStillThere {
            return .open(AuthFailure(.keyringFailed, detail: "the session is still there"), signedOutLocally: .no)
        }
        return left.isEmpty ? .signedOut : .replaced
    }

    @inline(never)
    func identities(_ sessions: [StoredSession]) -> [SessionIdentity] { sessions.map(identity) }

    func identity(_ stored: StoredSession) -> SessionIdentity { SessionIdentity(stored, active.ports.digest) }

    func isOne(of identities: [SessionIdentity], _ stored: StoredSession) -> Bool {
        identities.has(identity(stored))
    }

    /// What can be said where the second look failed.
    private static func answerUnseen(_ deletion: Deletion, of sessions: [StoredSession]) -> SignOutReport.Answer {
        // Where time ran out before a delete was even asked for, nothing is gone, unless another one came before it.
        if case .failed(let failure) = deletion, failure.isAboutTime, sessions.count < 2 { return .no }
        return .unknown
    }
}
