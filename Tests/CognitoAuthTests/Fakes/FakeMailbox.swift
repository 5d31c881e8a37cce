// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// Writes down what is told, and answers what is asked as a test says.
final class FakeMailbox: Mailbox {
    private(set) var notices: [Notice] = []
    private(set) var questions: [Question] = []
    var answer = true

    func tell(_ notice: Notice) { notices.append(notice) }

    func ask(_ question: Question, _ limit: WaitLimit) throws(AuthFailure) -> Bool {
        questions.append(question)
        return answer
    }
}
