// SPDX-License-Identifier: Apache-2.0

/// Deleting the session from this machine. Only what a second look shows is believed.
struct LocalDeletion {
    let active: ActiveCall

    /// Deletes `items`, which nobody may cut short once it has begun.
    func run(_ items: [StoredItem], _ report: inout SignOutReport) throws(AuthFailure) {
        let limit = active.time.deletion
        guard active.ports.clock.monotonicMilliseconds < limit.deadline else { throw AuthFailure(.deadlineExceeded) }
        let deletion = active.keyring.delete(items, of: .session, limit)
        let left: [StoredItem]
        do {
            left = try active.keyring.items(.session, limit)
        } catch {
            report.signedOutLocally = Self.answerUnseen(deletion)
            throw deletion.failure ?? error
        }
        report.signedOutLocally = left.isEmpty ? .yes : .no
        guard left.isEmpty else {
            throw deletion.failure ?? AuthFailure(.keyringFailed, detail: "the session is still there")
        }
    }

    /// What can be said where the second look failed.
    private static func answerUnseen(_ deletion: Deletion) -> SignOutReport.Answer {
        // Where time ran out before the delete was even asked for, nothing is gone.
        if case .failed(let failure) = deletion, failure.isAboutTime { return .no }
        return .unknown
    }
}
