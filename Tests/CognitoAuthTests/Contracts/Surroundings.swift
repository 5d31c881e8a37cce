// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import CognitoAuth

/// What there is around the tests beside this process. run.sh provides it and says so in the environment; a plain
/// `swift test` has none of it.
enum Surroundings {
    /// Which keyring libsecret uses. A process has one.
    enum Keyring: String {
        case gnomeKeyring = "gnome-keyring"
        case kwallet
        case keepassxc
        case file
        case mock
        /// A provider that a test starts, on a bus that it has started.
        case ofTest = "of-test"
    }

    static let keyring = variable("COGNITOAUTH_TEST_KEYRING").flatMap(Keyring.init)

    /// The runtime directory of a private session, which no other program of the user's uses.
    static let runtimeDirectory = variable("COGNITOAUTH_TEST_HOME").flatMap { _ in variable("XDG_RUNTIME_DIR") }

    /// Where the user's own desktop files and settings are, in a session in which nobody else starts a browser.
    static let browserFolder = variable("COGNITOAUTH_TEST_BROWSER")

    /// Where Tests/Support is.
    static let support = variable("COGNITOAUTH_TEST_SUPPORT") ?? ""

    /// Where Tests/Support/scripted_cognito.py listens.
    static let cognito = variable("COGNITOAUTH_TEST_COGNITO")

    /// Runs a program and returns what it printed.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        struct Failed: Error {
            let command: [String]
        }

        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(command: [program] + arguments) }
        return String(decoding: printed, as: UTF8.self)
    }

    /// What comes before the command of a daemon, or of what starts one: it must be able to end, while threads here block
    /// signals; and Foundation waits until nobody has this process's descriptors.
    static let afresh = [
        "python3", "-IS", "-c",
        """
        import os, signal, sys
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.closerange(3, 1024)
        os.execvp(sys.argv[1], sys.argv[1:])
        """,
    ]

    static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}

extension Configuration {
    /// One of an app that no other test is about.
    static func unique(endpoint: String? = nil) throws -> Configuration {
        var options = ConfigurationOptions()
        options.appID = "org.example.\(UUID().uuidString)"
        options.userPoolID = "eu-west-1_AbCdEfGhI"
        options.clientID = "client1example"
        options.endpoint = endpoint
        return try Configuration.checked(options)
    }
}
