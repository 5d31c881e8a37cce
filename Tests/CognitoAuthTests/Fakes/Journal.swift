// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// What the core asked of its world, in order: keyring, network and turn in one list.
///
/// Looks for a device key are left out: it is open when they happen. So are pauses.
final class Journal {
    private(set) var entries: [String] = []
    /// What happens when a step begins, or when it has been done, by its name and number, as in "look 2".
    var whenBegun: [String: () -> Void] = [:]
    var whenDone: [String: () -> Void] = [:]
    private var counts: [String: Int] = [:]

    /// One line, as in "take look RevokeToken delete look giveBack".
    var line: String { entries.joined(separator: " ") }

    func begin(_ step: String, isWritten: Bool = true) {
        if isWritten { entries.append(step) }
        counts[step, default: 0] += 1
        whenBegun[key(step)]?()
    }

    func end(_ step: String) { whenDone[key(step)]?() }

    private func key(_ step: String) -> String { "\(step) \(counts[step] ?? 0)" }
}
