// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CognitoAuth

@Suite("Statuses and the C header")
struct StatusTests {
    /// The constants of the headers whose names begin with `prefix`, as their text has them.
    private func constants(_ prefix: String) throws -> [String: Int32] {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 1...4 { folder.deleteLastPathComponent() }
        folder.appendPathComponent("Include/cognitoauth")
        let headers = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        var constants: [String: Int32] = [:]
        for header in headers where header.pathExtension == "h" {
            for line in try String(contentsOf: header, encoding: .utf8).components(separatedBy: "\n") {
                let code = String(line.components(separatedBy: "/**")[0].filter { $0 != "," }.drop { $0 == " " })
                let sides = code.components(separatedBy: " = ").map { String($0.filter { $0 != " " }) }
                guard sides.count == 2, sides[0].hasPrefix(prefix), let number = Int32(sides[1]) else { continue }
                constants[sides[0]] = number
            }
        }
        return constants
    }

    @Test("Every status has the name and the number of the header's constant, and every constant is a status")
    func numbers() throws {
        let statuses = Dictionary(uniqueKeysWithValues: Status.allCases.map { ("\($0.texts.name)", $0.rawValue) })
        #expect(try constants("AUTH_STATUS_") == statuses)
    }

    @Test("Outcomes, answers, remote fields, sign-in methods and log levels have the header's numbers")
    func enumerations() throws {
        let outcomes: [SignOutReport.Outcome] = [.complete, .partial, .failed]
        #expect(
            try constants("AUTH_SIGN_OUT_")
                == Dictionary(
                    uniqueKeysWithValues: zip(
                        ["COMPLETE", "PARTIAL", "FAILED"].map { "AUTH_SIGN_OUT_" + $0 }, outcomes.map(\.rawValue))))
        let remotes: [SignOutReport.Remote] = [.notRequested, .done, .notEnabled, .notAttempted, .failed, .unknown]
        let remoteNames = ["NOT_REQUESTED", "DONE", "NOT_ENABLED", "NOT_ATTEMPTED", "FAILED", "UNKNOWN"]
        #expect(
            try constants("AUTH_REMOTE_")
                == Dictionary(
                    uniqueKeysWithValues: zip(remoteNames.map { "AUTH_REMOTE_" + $0 }, remotes.map(\.rawValue))))
        #expect(
            try constants("AUTH_SIGN_IN_METHOD_") == [
                "AUTH_SIGN_IN_METHOD_API": Session.SignInMethod.api.rawValue,
                "AUTH_SIGN_IN_METHOD_HOSTED_UI": Session.SignInMethod.hostedUI.rawValue,
            ])
        #expect(
            try constants("AUTH_LOG_LEVEL_") == [
                "AUTH_LOG_LEVEL_DEFAULT": 0, "AUTH_LOG_LEVEL_ERROR": LogLevel.error.rawValue,
                "AUTH_LOG_LEVEL_WARNING": LogLevel.warning.rawValue,
                "AUTH_LOG_LEVEL_INFO": LogLevel.info.rawValue,
                "AUTH_LOG_LEVEL_DEBUG": LogLevel.debug.rawValue,
            ])
        let answers = try constants("AUTH_")
        #expect(answers["AUTH_ANSWER_NO"] == SignOutReport.Answer.no.rawValue)
        #expect(answers["AUTH_ANSWER_YES"] == SignOutReport.Answer.yes.rawValue)
        #expect(answers["AUTH_ANSWER_UNKNOWN"] == SignOutReport.Answer.unknown.rawValue)
    }

    @Test("Statuses of arguments, keyring, network, Cognito and browser keep to their hundreds")
    func ranges() {
        for status in Status.allCases where status != .success {
            let name = "\(status.texts.name)".dropFirst("AUTH_STATUS_".count)
            #expect(status.rawValue > 0)
            #expect(name.hasPrefix("KEYRING_") == (100..<200).contains(status.rawValue))
            #expect(name.hasPrefix("BROWSER_") == (400..<500).contains(status.rawValue))
        }
    }

    private static let situations: [Situation] = [
        .call, .signOut, .retry, .openDeletion, .openStep, .otherDevices, .missingScope, .disabledUser, .programCode,
        .encodedFile, .damagedSession,
    ]

    @Test("Every message is a sentence, and every failure has a suggestion that is one", arguments: Status.allCases)
    func texts(status: Status) throws {
        let message = "\(status.texts.message)"
        try expectSentence(message)
        if status == .success {
            #expect(AuthFailure(status).suggestion.isEmpty)
        } else {
            for situation in Self.situations { try expectSentence(AuthFailure(status, in: situation).suggestion) }
        }
    }

    @Test("No two statuses share a name or a message")
    func unique() {
        #expect(Set(Status.allCases.map { "\($0.texts.name)" }).count == Status.allCases.count)
        #expect(Set(Status.allCases.map { "\($0.texts.message)" }).count == Status.allCases.count)
    }

    @Test("A number that is no status has texts too")
    func unknown() throws {
        #expect(Status(rawValue: 9999) == nil)
        #expect("\(StatusTexts.unknown.name)" == "AUTH_STATUS_UNKNOWN")
        try expectSentence("\(StatusTexts.unknown.message)")
    }

    @Test("A prompt that was declined may have asked to unlock, or to confirm: the advice fits both")
    func dismissedPrompt() {
        for situation in [Situation.call, .signOut, .retry, .openDeletion] {
            let suggestion = AuthFailure(.keyringPromptDismissed, in: situation).suggestion
            #expect(suggestion.contains("accept the keyring's prompt"))
            #expect(!suggestion.contains("nlock"))
        }
    }

    @Test("A failure without texts of its own has those of its status")
    func failure() {
        let failure = AuthFailure(.keyringLocked)
        #expect(failure.message == "The keyring is locked.")
        #expect(failure.suggestion == "Unlock the keyring and try again.")
        #expect(failure.serviceException == nil)
        #expect(failure.token == nil)
    }

    private func expectSentence(_ text: String) throws {
        let first = try #require(text.first)
        #expect(first.isUppercase, "\(text)")
        #expect(text.hasSuffix(".") && !text.hasSuffix(".."), "\(text)")
        #expect(!text.contains("\n") && !text.contains("  "), "\(text)")
    }
}
