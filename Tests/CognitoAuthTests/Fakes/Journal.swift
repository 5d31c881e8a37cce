// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// What the core asked of its world, in order: keyring, network and turn in one list.
///
/// Looks for a device key are left out: behaviour.md leaves it open when they happen.
final class Journal {
    private(set) var entries: [String] = []

    /// One line, as in "take look RevokeToken delete look giveBack".
    var line: String { entries.joined(separator: " ") }

    func write(_ entry: String) { entries.append(entry) }
}
