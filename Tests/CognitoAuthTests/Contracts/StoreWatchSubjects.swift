// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import SecretServiceStore

@testable import CognitoAuth

/// A store whose keyring somebody locks and unlocks, and tells so.
protocol TellingStoreSubject: SessionStoreSubject {
    func lock() throws
    func unlock() throws
}

/// A store whose keyring ends and begins.
protocol RestartingStoreSubject: SessionStoreSubject {
    func stop() throws
    func start() throws
    func isRunning() throws -> Bool
}

/// The implementations of `StoreWatch`, by the stores that they watch.
enum StoreWatches {
    static let all: [Implementation<any SessionStoreSubject>] =
        [Implementation("FakeWatch") { FakeStoreSubject(watchEnd: nil) }] + real

    static let real: [Implementation<any SessionStoreSubject>] =
        (Surroundings.keyring == .file ? [Implementation("KeyringWatch, file") { try FileStoreSubject() }] : [])
        + daemons.map { daemon in Implementation(daemon.name) { try daemon.make() } }

    static let telling: [Implementation<any TellingStoreSubject>] =
        [Implementation("FakeWatch") { FakeStoreSubject(watchEnd: nil) }]
        + daemons.map { daemon in Implementation(daemon.name) { try daemon.make() } }

    static let restarting: [Implementation<any RestartingStoreSubject>] =
        daemons.map { daemon in Implementation(daemon.name) { try daemon.make() } }

    private static let daemons: [Implementation<KeyringDaemonSubject>] =
        switch Surroundings.keyring {
        case .gnomeKeyring, .kwallet, .keepassxc:
            [Surroundings.keyring].compactMap { $0 }.map { keyring in
                Implementation("KeyringWatch, \(keyring.rawValue)") { try KeyringDaemonSubject(keyring) }
            }
        case .file, .mock, .ofTest, nil: []
        }
}

extension FakeStoreSubject: TellingStoreSubject {}

/// A keyring that Tests/Support has a script for.
final class KeyringDaemonSubject: TellingStoreSubject, RestartingStoreSubject {
    let store: any SessionStore
    let keyring: Surroundings.Keyring?
    let clock: any Clock = SystemClock()
    private let script: String
    private let unlocking: String

    init(_ keyring: Surroundings.Keyring) throws {
        self.keyring = keyring
        store = SecretServiceStore(try .unique())
        script = Surroundings.support + (keyring == .gnomeKeyring ? "/keyring.sh" : "/\(keyring.rawValue).sh")
        unlocking = keyring == .gnomeKeyring ? "unlock-told" : "unlock"
    }

    func lock() throws { try run("lock") }
    func unlock() throws { try run(unlocking) }
    func stop() throws { try run("stop") }
    func start() throws { try run("restart-unlocked") }
    func isRunning() throws -> Bool { try run("state") != "no-provider\n" }

    @discardableResult
    private func run(_ command: String) throws -> String {
        try Surroundings.run("/usr/bin/env", Surroundings.afresh + [script, command])
    }
}
