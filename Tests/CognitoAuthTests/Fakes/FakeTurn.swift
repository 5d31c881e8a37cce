// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// A turn that is always free and writes down who had it.
final class FakeTurn: Turn {
    private let journal: Journal

    init(_ journal: Journal) { self.journal = journal }

    /// Whom the turn keeps out.
    var scope = TurnScope.everyone
    /// Why it cannot be had.
    var failure: WaitFailure?

    func take(_ limit: WaitLimit) throws(WaitFailure) -> TurnScope {
        if let failure { throw failure }
        journal.write("take")
        return scope
    }

    func giveBack() { journal.write("giveBack") }
}
