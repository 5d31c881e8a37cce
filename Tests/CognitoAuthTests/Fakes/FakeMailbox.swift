// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// Writes down what is told, and answers what is asked as a test says.
final class FakeMailbox: Mailbox {
    enum Letter {
        case notice(Notice)
        case question(Question)
    }

    private(set) var letters: [Letter] = []
    var answer = true
    /// Called with each question before it is answered.
    var whenAsked: ((Question) -> Void)?
    var opensURLs = false
    var hearsRedirects = true
    private(set) var dialogue: BrowserDialogue?
    /// What the program reports, one after the other, as soon as it is waited for.
    var reports: [String] = []
    /// Called when a report is waited for.
    var whenAwaiting: (() -> Void)?
    private let clock: FakeClock

    init(_ clock: FakeClock) { self.clock = clock }

    var notices: [Notice] { letters.compactMap { if case .notice(let notice) = $0 { notice } else { nil } } }

    func tell(_ notice: Notice) { letters.append(.notice(notice)) }

    func ask(_ question: Question, _ limit: WaitLimit) throws(AuthFailure) -> Bool {
        _ = try limit.left(at: clock.monotonicMilliseconds)
        letters.append(.question(question))
        whenAsked?(question)
        return answer
    }

    func show(_ dialogue: BrowserDialogue?) { self.dialogue = dialogue }

    func awaitRedirect(_ limit: WaitLimit) throws(AuthFailure) -> RedirectVerdict {
        whenAwaiting?()
        while let expected = dialogue?.reported, !reports.isEmpty {
            let verdict = expected.verdict(reported: SecretBytes(reports.removeFirst()))
            if case .foreign = verdict { continue }
            return verdict
        }
        throw clock.waitInVain(limit)
    }
}
