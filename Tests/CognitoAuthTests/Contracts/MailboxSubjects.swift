// SPDX-License-Identifier: Apache-2.0

import CCognitoAuth
import CognitoAuth
import Linux

@testable import CognitoAuthABI

/// A mailbox, and the program that hears what comes through it.
protocol MailboxSubject: TimedSubject {
    var mailbox: any Mailbox { get }
    /// What the program heard, in order.
    var heard: [String] { get }
    /// What the program answers to every question.
    func setAnswer(_ answer: Bool)
    /// Makes a call in which the program serves the mailbox.
    func whileServing<Result>(_ call: () throws -> Result) rethrows -> Result
}

enum Mailboxes {
    static let all: [Implementation<any MailboxSubject>] = [
        Implementation("FakeMailbox") { FakeMailboxSubject() },
        Implementation("EventSource") { EventSourceSubject() },
        Implementation("BlockingMailbox") { BlockingMailboxSubject() },
    ]
}

/// What a program does with notices and questions.
final class RecordingProgram: @unchecked Sendable {
    private let mutex = ThreadMutex()
    private var texts: [String] = []
    private var nextAnswer = true

    var heard: [String] { mutex.withLock { texts } }

    var answer: Bool {
        get { mutex.withLock { nextAnswer } }
        set { mutex.withLock { nextAnswer = newValue } }
    }

    func tell(_ notice: Notice) { hear(Self.text(notice)) }

    func answer(_ question: Question) -> Bool {
        hear(Self.text(question))
        return answer
    }

    func hear(_ text: String) { mutex.withLock { texts.append(text) } }

    static func text(_ notice: Notice) -> String {
        switch notice {
        case .line(_, let text): "line \(text)"
        case .event(let event): "event \(event.rawValue)"
        }
    }

    static func text(_ question: Question) -> String {
        switch question {
        case .openURL(let url): "question \(url)"
        }
    }
}

struct FakeMailboxSubject: MailboxSubject {
    private let fakeClock = FakeClock(Journal())
    private let fake: FakeMailbox

    init() { fake = FakeMailbox(fakeClock) }

    var mailbox: any Mailbox { fake }
    var clock: any Clock { fakeClock }

    var heard: [String] {
        fake.letters.map { letter in
            switch letter {
            case .notice(let notice): RecordingProgram.text(notice)
            case .question(let question): RecordingProgram.text(question)
            }
        }
    }

    func setAnswer(_ answer: Bool) { fake.answer = answer }
    func whileServing<Result>(_ call: () throws -> Result) rethrows -> Result { try call() }
}

/// The program serves on a thread of its own.
struct EventSourceSubject: MailboxSubject {
    let source = EventSource(opensURLs: false)
    let clock: any Clock = SystemClock()
    private let program = RecordingProgram()

    var mailbox: any Mailbox { source }
    var heard: [String] { program.heard }

    func setAnswer(_ answer: Bool) { program.answer = answer }

    func whileServing<Result>(_ call: () throws -> Result) rethrows -> Result {
        let isOver = EventDescriptor()
        let server = WorkerThread { [source, program] in
            while !isOver.isRaised {
                DescriptorWait.wait(for: source.descriptor, or: isOver.descriptor, milliseconds: 1000)
                _ = source.serve(program.tell, program.answer)
            }
            _ = source.serve(program.tell, program.answer)
        }
        defer {
            isOver.raise()
            _ = try? server.value()
        }
        return try call()
    }
}

/// The program is C, and hears it in the call.
struct BlockingMailboxSubject: MailboxSubject {
    let clock: any Clock = SystemClock()
    private let blocking: BlockingMailbox
    private let program = RecordingProgram()

    init() {
        var options = auth_client_options()
        let program = Unmanaged.passUnretained(program).toOpaque()
        options.log_function = { program, _, text in
            guard let program, let text else { return }
            let this = Unmanaged<RecordingProgram>.fromOpaque(program).takeUnretainedValue()
            this.hear("line \(String(cString: text))")
        }
        options.event_function = { program, event in
            guard let program else { return }
            Unmanaged<RecordingProgram>.fromOpaque(program).takeUnretainedValue().hear("event \(event)")
        }
        options.open_url_function = { program, url in
            guard let program, let url else { return 1 }
            let this = Unmanaged<RecordingProgram>.fromOpaque(program).takeUnretainedValue()
            this.hear("question \(String(cString: url))")
            return this.answer ? 0 : 1
        }
        options.log_user_data = program
        options.event_user_data = program
        options.open_url_user_data = program
        blocking = BlockingMailbox(Callbacks(options))
    }

    var mailbox: any Mailbox { blocking }
    var heard: [String] { program.heard }

    func setAnswer(_ answer: Bool) { program.answer = answer }

    func whileServing<Result>(_ call: () throws -> Result) rethrows -> Result {
        defer { blocking.serve() }
        return try call()
    }
}
