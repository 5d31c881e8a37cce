// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Testing

/// What the core asked of its ports, by the channel that it went through.
///
/// A test asserts the channel that it is about. How the channels follow each other holds for every call alike, and is
/// checked at the end of each (`expectOrder`). Looks for a device key are left out: it is open when they happen. So are
/// pauses.
final class Journal {
    enum Channel {
        case network, keyring, lock, resumeLock, clock, browser
    }

    private(set) var entries: [(channel: Channel, step: String)] = []
    /// What happens when a step begins, or when it has been done, by its name and number, as in "look 2".
    var whenBegun: [String: () -> Void] = [:]
    var whenDone: [String: () -> Void] = [:]
    /// What happens at each step, before it begins.
    var onStep: (() -> Void)?
    private var counts: [String: Int] = [:]

    /// What was sent, as in "GlobalSignOut RevokeToken".
    var network: String { steps(.network) }
    /// What the keyring was asked, as in "look reread delete look".
    var keyring: String { steps(.keyring) }
    /// All of it, for the few tests that are about the order, as in "take look RevokeToken reread delete look release".
    var line: String { entries.map(\.step).joined(separator: " ") }

    /// Whether the session was read again, deleted and looked for, and nothing was asked of the keyring after that.
    var endsWithDeletionAndLook: Bool { keyring.hasSuffix("reread delete look") }
    /// Whether nothing was sent, and the keyring only looked at.
    var onlyLooks: Bool { network.isEmpty && entries.allSatisfy { $0.channel != .keyring || $0.step == "look" } }
    var hasDeleted: Bool { entries.contains { $0.step == "delete" } }
    var hasStored: Bool { entries.contains { $0.step == "create" || $0.step == "update" } }

    func begin(_ step: String, _ channel: Channel, isWritten: Bool = true) {
        if isWritten { entries.append((channel, step)) }
        onStep?()
        counts[step, default: 0] += 1
        whenBegun[key(step)]?()
    }

    func end(_ step: String) { whenDone[key(step)]?() }

    /// What holds for the entries of every call, which begin at `start`: the lock is released last, but before the user is
    /// asked to make a collection, and Cognito whether the session is good; nothing is sent after the deletion, and one look
    /// follows it; but none where older sessions make room for one that was saved.
    func expectOrder(from start: Int) {
        // Sign-outs that are not finished have an order of their own.
        let entries = entries[start...].filter { !$0.step.hasSuffix("Unfinished") }
        if entries.contains(where: { $0.step == "take" }), !entries.contains(where: { $0.channel == .resumeLock }) {
            // Tokens that a sign-in may not store are revoked after it.
            let isSignIn = entries.contains { $0.step == "token" }
            let last = entries.last {
                !["createCollection", "GetUser"].contains($0.step) && $0.channel != .resumeLock
                    && !(isSignIn && $0.channel == .network)
            }
            #expect(last?.step == "release", "\(line)")
        }
        guard let deletion = entries.firstIndex(where: { $0.step == "delete" }) else { return }
        let end = entries[deletion...].firstIndex { $0.step == "release" } ?? entries.endIndex
        let rest = entries[(deletion + 1)..<end].map(\.step)
        let isOfSave = entries.contains { $0.step == "create" }
        // What an interrupted sign-out left is deleted before a session is stored.
        #expect(rest == (isOfSave ? [] : ["look"]) || isOfSave && rest == ["look", "create"], "\(line)")
    }

    private func steps(_ channel: Channel) -> String {
        entries.filter { $0.channel == channel }.map(\.step).joined(separator: " ")
    }

    private func key(_ step: String) -> String { "\(step) \(counts[step] ?? 0)" }
}
