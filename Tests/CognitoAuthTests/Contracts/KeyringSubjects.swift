// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import SecretServiceStore

@testable import CognitoAuth

/// gnome-keyring in a private session.
final class GnomeKeyringSubject: LockableStoreSubject {
    let store: any SessionStore
    let keyring: Surroundings.Keyring? = .gnomeKeyring
    let clock: any Clock = SystemClock()
    private let daemon = Surroundings.variable("GNOME_KEYRING_PID").flatMap { pid_t($0) }

    init() throws { store = SecretServiceStore(try .unique()) }

    func lock() throws { try Self.run("lock") }
    func unlock() throws { try Self.run("unlock") }
    func hang() { signal(SIGSTOP) }
    func wake() { signal(SIGCONT) }
    func whenHanging(_ action: @escaping @Sendable () -> Void) { after(milliseconds: 100, action) }

    private static func run(_ command: String) throws {
        try Surroundings.run("\(Surroundings.support)/keyring.sh", [command])
    }

    private func signal(_ number: Int32) {
        if let daemon { kill(daemon, number) }
    }
}

/// The encrypted file that libsecret keeps in a sandbox. It is never locked.
final class FileStoreSubject: SessionStoreSubject {
    let store: any SessionStore
    let keyring: Surroundings.Keyring? = .file
    let clock: any Clock = SystemClock()

    init() throws { store = SecretServiceStore(try .unique()) }
}

/// Tests/Support/mock_secret_service.py, which has a user and shows no window.
final class MockKeyringSubject: PromptingStoreSubject {
    let store: any SessionStore
    let clock: any Clock = SystemClock()
    private var earlierPrompts = 0

    init() throws {
        store = SecretServiceStore(try .unique())
        try ask("Reset")
        try setUser(.agrees(after: 0))
        _ = try store.unlock(limit(), prompt: limit())
        earlierPrompts = try prompts()
    }

    func lock() throws { try ask("Lock") }
    func refuseCollection() throws { try ask("Refuse", "CreateCollection") }

    func removeCollection() throws {
        try ask("Remove")
        try ask("Ask", "CreateCollection")
    }

    func setUser(_ user: User) throws {
        switch user {
        case .agrees(let time): try ask("Behave", "complete", "\(time)")
        case .agreesElsewhere: try ask("Behave", "elsewhere", "0")
        case .dismisses: try ask("Behave", "dismiss", "0")
        case .isAway: try ask("Behave", "silent", "0")
        }
    }

    func prompts() throws -> Int {
        try ask("Calls").components(separatedBy: "'Prompt.Prompt'").count - 1 - earlierPrompts
    }

    func whenPrompting(_ action: @escaping @Sendable () -> Void) { after(milliseconds: 300, action) }
    func hangInDelete() throws { try ask("Hush", "Delete") }
    func whenHangingInDelete(_ action: @escaping @Sendable () -> Void) { after(milliseconds: 300, action) }

    @discardableResult
    private func ask(_ method: String, _ arguments: String...) throws -> String {
        let name = "org.cognitoauth.Mock"
        return try Surroundings.run(
            "/usr/bin/env",
            ["gdbus", "call", "--session", "--dest", name, "--object-path", "/mock", "--method", "\(name).\(method)"]
                + arguments)
    }
}
