// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CognitoAuth

@Suite("What a person is told of a sign-out")
struct SignOutSentenceTests {
    /// All that there can be, reachable or not, by what is said of it.
    private let facts: [SignOutSentence: [SignOutFacts]]

    init() {
        let answers: [SignOutReport.Answer] = [.no, .yes, .unknown]
        let remotes: [SignOutReport.Remote] = [.notRequested, .done, .notEnabled, .notAttempted, .failed, .unknown]
        let ofSteps: [Status?] = [nil, .notAuthorized, .connectionLost, .tooManyRequests]
        let failures: [Status?] = [
            .keyringLocked, .keyringPromptDismissed, .keyringUnavailable, .keyringAccessDenied, .keyringNoCollection,
            .keyringFailed, .deadlineExceeded, .cancelled, .sessionChanged, .invalidArgument, .browserTimedOut, nil,
        ]
        var all: [SignOutFacts] = []
        for outcome in [SignOutReport.Outcome.complete, .partial, .failed] {
            for (was, here) in Self.pairs(answers, answers) {
                for (global, revocation) in Self.pairs(remotes, remotes) {
                    let kept = Self.pairs([false, true], outcome == .complete ? [false] : [false, true])
                    for (isDamaged, (canRetry, isKept)) in Self.pairs([false, true], kept) {
                        var facts = SignOutFacts(
                            outcome, wasSignedIn: was, signedOutLocally: here, globalSignOut: global,
                            revocation: revocation, failure: nil, globalSignOutFailure: nil, revocationFailure: nil,
                            isSessionDamaged: isDamaged, isBrowserOpen: false, canRetry: canRetry,
                            isKept: isKept)
                        if outcome != .complete {
                            facts.isBrowserOpen = true
                            all.append(facts)
                            facts.isBrowserOpen = false
                        }
                        for (ofGlobal, ofRevocation) in Self.pairs(ofSteps, ofSteps) {
                            facts.globalSignOutFailure = ofGlobal
                            facts.revocationFailure = ofRevocation
                            for failure in outcome == .failed ? failures : [nil] {
                                facts.failure = failure
                                all.append(facts)
                            }
                        }
                    }
                }
            }
        }
        facts = Dictionary(grouping: all, by: \.sentence)
    }

    private static func pairs<First, Second>(_ first: [First], _ second: [Second]) -> [(First, Second)] {
        first.flatMap { one in second.map { (one, $0) } }
    }

    /// Holds a claim to all facts of which is said what has `words` in it.
    private func expect(
        where words: String, _ claim: Comment, location: SourceLocation = #_sourceLocation,
        _ holds: (SignOutFacts) -> Bool
    ) {
        let meant = facts.filter { "\($0.key.text)".lowercased().contains(words) }
        #expect(!meant.isEmpty, "nobody says \"\(words)\"", sourceLocation: location)
        for (_, facts) in meant {
            let violation = facts.first { !holds($0) }
            #expect(violation == nil, claim, sourceLocation: location)
        }
    }

    @Test("\"Signed out\" is said where it is known, and always there, except to who was not signed in")
    func signedOut() {
        expect(where: "signed out", "the keyring was looked into") { $0.signedOutLocally == .yes }
        let told = facts.filter { $0.value.contains { $0.signedOutLocally == .yes } }.map { "\($0.key.text)" }
        #expect(
            told.filter { !$0.hasPrefix("Signed out") }.sorted() == [
                "You were not signed in here. Other devices were not signed out: sign in, then sign out everywhere.",
                "You were not signed in.",
            ])
        expect(where: "last step", "a retry has revoked what was left") { facts in
            facts.outcome == .complete && facts.wasSignedIn == .no
                && [.done, .notEnabled].contains(facts.revocation)
        }
        expect(where: "were not signed in", "nothing was found, and nothing sent") { facts in
            facts.outcome == .complete && facts.wasSignedIn == .no && facts.signedOutLocally == .yes
                && facts.revocation == .notRequested && facts.globalSignOut != .done
        }
    }

    @Test("\"All devices\" is said only where Cognito did GlobalSignOut")
    func allDevices() {
        expect(where: "all devices", "GlobalSignOut is done") { $0.globalSignOut == .done }
        expect(where: "other devices were not signed out", "GlobalSignOut was asked for, and not sent") { facts in
            facts.globalSignOut == .notAttempted
        }
        expect(where: "you were not signed in.", "GlobalSignOut is not for want of a session that it was not sent") {
            $0.globalSignOut != .notAttempted
        }
        expect(where: "other devices may", "GlobalSignOut was asked for, and is not done") { facts in
            facts.globalSignOut != .done && facts.globalSignOut != .notRequested
        }
        expect(where: "may not have ended everywhere", "something is not done") { $0.outcome == .partial }
    }

    @Test("\"Still signed in\" is said only of a session that was there, and was not deleted")
    func stillSignedIn() {
        expect(where: "you are still signed in", "it is there") { facts in
            facts.outcome == .failed && facts.wasSignedIn == .yes && facts.signedOutLocally == .no
        }
        expect(where: "you may still be signed in", "it may be there") { facts in
            facts.outcome == .failed && facts.signedOutLocally != .yes
        }
        expect(where: "is still stored", "it was not deleted") { facts in
            facts.wasSignedIn == .yes && facts.signedOutLocally == .no
        }
        expect(where: "may still be stored", "the deletion is not known") { $0.signedOutLocally == .unknown }
        expect(where: "your sign-in may still be stored", "no step at Cognito is open") { facts in
            facts.canRetry && facts.globalSignOut == .notRequested && facts.revocation == .notRequested
        }
        expect(where: "a newer", "another session is there") { facts in
            facts.wasSignedIn == .yes && facts.signedOutLocally == .no
        }
    }

    @Test("\"Has ended\" is said only where Cognito ended the session")
    func hasEnded() {
        expect(where: "has ended", "a step of Cognito's is done") { facts in
            facts.globalSignOut == .done || facts.revocation == .done && facts.revocationFailure == nil
        }
        expect(where: "the service may not know", "RevokeToken is not done") { facts in
            ![.done, .notEnabled, .notRequested].contains(facts.revocation)
        }
        expect(where: "is finished", "only a retry without a keyring says so") { facts in
            facts.outcome == .complete && facts.signedOutLocally == .unknown
        }
        expect(where: "is not finished", "so does one with a step left, and who keeps what failed") { facts in
            facts.outcome == .failed ? facts.isKept : facts.signedOutLocally == .unknown
        }
    }

    @Test("A second try is offered after a partial sign-out only where there is a partial-failure token")
    func tryAgain() {
        expect(where: "try again", "there is something to try") { $0.canRetry || $0.outcome == .failed }
        expect(where: "try again in a minute", "Cognito has too many requests") { facts in
            [facts.globalSignOutFailure, facts.revocationFailure].contains(.tooManyRequests)
        }
        expect(where: "check the network", "it was the connection") { facts in
            [facts.globalSignOutFailure, facts.revocationFailure].contains(.connectionLost)
        }
    }

    @Test("What the keyring keeps will be done, and nobody is asked to try it again, but what is left in the browser")
    func kept() {
        expect(where: "will be", "the keyring keeps it") { $0.isKept && ($0.canRetry || $0.outcome == .failed) }
        let asked = facts.filter { "\($0.key.text)".contains("try again") }
        let isKept = asked.values.joined().contains { facts in
            facts.isKept && facts.signedOutLocally == .yes && !facts.isBrowserOpen
        }
        #expect(!isKept)
        expect(where: "you are still signed in", "no program sees a session whose end is kept") { facts in
            !facts.isKept || facts.failure == .sessionChanged
        }
        expect(where: "you may still be signed in", "nor may there be one") { !$0.isKept }
        expect(where: "no earlier sign-out is left", "nothing was sent, and somebody is signed in") { facts in
            facts.outcome == .complete && facts.wasSignedIn == .yes && facts.signedOutLocally == .no
                && facts.globalSignOut == .notRequested && facts.revocation == .notRequested
        }
    }

    @Test("\"Your browser\" is said only where its step failed, and always where it is all that is left")
    func browser() {
        expect(where: "your browser may still", "its step is open") { $0.isBrowserOpen && $0.canRetry }
        let silent = facts.filter { !"\($0.key.text)".lowercased().contains("your browser") }
        let isLeft = silent.values.joined().contains { facts in
            facts.isBrowserOpen && facts.canRetry && facts.signedOutLocally == .yes
        }
        #expect(!isLeft)
    }

    @Test("A cause is named only where it is the failure's")
    func causes() {
        let causes: [(String, [Status])] = [
            ("is locked", [.keyringLocked]), ("your permission", [.keyringPromptDismissed]),
            ("no keyring can be reached", [.keyringUnavailable]), ("refused", [.keyringAccessDenied]),
            ("problem with the keyring", [.keyringFailed, .keyringNoCollection]),
            ("too long", [.deadlineExceeded]), ("cancelled", [.cancelled]), ("the browser did not", [.browserTimedOut]),
        ]
        for (words, statuses) in causes {
            expect(where: words, "\(words)") { facts in facts.failure.map(statuses.contains) ?? false }
        }
        for words in ["is still stored", "may still be stored"] {
            expect(where: "\(words) on this computer: try again", "a locked keyring is named") { facts in
                facts.failure != .keyringLocked
            }
        }
        expect(where: "something went wrong", "there is no better word") { facts in
            !causes.contains { facts.failure.map($0.1.contains) ?? false }
        }
    }

    @Test("Every sentence is said of something, is another than all others, and has no word of a programmer's")
    func sentences() {
        #expect(Set(facts.keys) == Set(SignOutSentence.allCases))
        let texts = SignOutSentence.allCases.map { "\($0.text)" }
        #expect(Set(texts).count == texts.count)
        for text in texts {
            #expect(text.hasSuffix(".") && text.utf8.allSatisfy { (0x20...0x7E).contains($0) })
            for word in ["token", "session", "revok", "cognito", "retry", "null", "error", "auth", "status", "client"] {
                #expect(!text.lowercased().contains(word), "\(text)")
            }
        }
    }
}
