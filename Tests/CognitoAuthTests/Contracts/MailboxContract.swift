// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Linux
import Testing

@Suite("The contract of Mailbox")
struct MailboxContract {
    @Test("The program hears everything that is told, in order", arguments: Mailboxes.all)
    func told(implementation: Implementation<any MailboxSubject>) throws {
        let subject = try implementation.make()
        subject.whileServing {
            for number in 1...100 { subject.mailbox.tell(.line(.info, "\(number)")) }
            subject.mailbox.tell(.event(.signedOut))
        }
        #expect(subject.heard == (1...100).map { "line \($0)" } + ["event \(Event.signedOut.rawValue)"])
    }

    @Test("A question gets the program's answer", arguments: Mailboxes.all, [true, false])
    func answered(implementation: Implementation<any MailboxSubject>, answer: Bool) throws {
        let subject = try implementation.make()
        subject.setAnswer(answer)
        let got = try subject.whileServing { try subject.mailbox.ask(.openURL("https://a"), subject.limit()) }
        #expect(got == answer)
        #expect(subject.heard == ["question https://a"])
    }

    @Test("What was told before a question is heard before it, and what is told after, after", arguments: Mailboxes.all)
    func order(implementation: Implementation<any MailboxSubject>) throws {
        let subject = try implementation.make()
        try subject.whileServing {
            for number in 1...3 {
                subject.mailbox.tell(.line(.info, "\(number)"))
                _ = try subject.mailbox.ask(.openURL("https://\(number)"), subject.limit())
            }
            subject.mailbox.tell(.line(.info, "4"))
        }
        #expect(
            subject.heard == [
                "line 1", "question https://1", "line 2", "question https://2", "line 3", "question https://3",
                "line 4",
            ])
    }

    @Test("A question whose call was cancelled before is not put to the program", arguments: Mailboxes.all)
    func cancelled(implementation: Implementation<any MailboxSubject>) throws {
        let subject = try implementation.make()
        let cancellation = EventDescriptor()
        cancellation.raise()
        try expect(.cancelled, subject, subject.limit(20_000, cancellation))
    }

    @Test("A question whose time was over before is not put to the program", arguments: Mailboxes.all)
    func late(implementation: Implementation<any MailboxSubject>) throws {
        let subject = try implementation.make()
        try expect(.deadlineExceeded, subject, subject.limit(-1))
    }

    private func expect(
        _ status: Status, _ subject: any MailboxSubject, _ limit: WaitLimit,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let failure = try #require(throws: AuthFailure.self, sourceLocation: location) {
            try subject.whileServing { try subject.mailbox.ask(.openURL("https://a"), limit) }
        }
        #expect(failure.status == status, sourceLocation: location)
        subject.whileServing {}
        #expect(subject.heard == [], sourceLocation: location)
    }
}
