// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Foundation
import Linux
import Testing

@Suite("The mailbox of an operation")
struct EventSourceTests {
    private let source = EventSource(opensURLs: false)
    private let program = RecordingProgram()
    private let clock = SystemClock()

    private func limit(_ milliseconds: Int64 = 20_000, _ cancellation: EventDescriptor? = nil) -> WaitLimit {
        WaitLimit(deadline: clock.monotonicMilliseconds + milliseconds, cancellation: cancellation)
    }

    /// Serves what is due, as the program does in dispatch.
    private func serve() -> Bool { source.serve(program.tell, program.answer) }

    private var isReadable: Bool {
        var entry = pollfd(fd: source.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    private func awaitReadable() { DescriptorWait.wait(for: source.descriptor, milliseconds: 20_000) }

    /// A call on a thread of its own that asks this.
    private func asking(_ url: String, _ limit: WaitLimit) -> WorkerThread<Bool> {
        WorkerThread { [source] in try source.ask(.openURL(url), limit) }
    }

    private func expect(
        _ status: Status, _ asking: WorkerThread<Bool>, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let failure = try #require(throws: AuthFailure.self, sourceLocation: location) { try asking.value() }
        #expect(failure.status == status, sourceLocation: location)
    }

    // MARK: Serving

    @Test("Notices and questions are served in order, on the thread that serves")
    func order() throws {
        let threads = Threads()
        source.tell(.line(.info, "1"))
        source.tell(.event(.signedOut))
        let call = WorkerThread { [source] in
            let answer = try source.ask(.openURL("https://a"), limit())
            source.tell(.line(.info, "2"))
            return answer
        }
        while program.heard.count < 4 {
            awaitReadable()
            let isOver = source.serve { notice in
                threads.note()
                program.tell(notice)
            } _: { question in
                threads.note()
                return program.answer(question)
            }
            #expect(!isOver)
        }
        #expect(try call.value())
        #expect(program.heard == ["line 1", "event \(Event.signedOut.rawValue)", "question https://a", "line 2"])
        #expect(threads.isAlwaysThisOne)
    }

    @Test("A question waits on its thread until the program has answered on another", arguments: [true, false])
    func answered(answer: Bool) throws {
        program.answer = answer
        let call = asking("https://a", limit())
        #expect(!call.ends(within: 100))
        awaitReadable()
        #expect(!serve())
        #expect(try call.value() == answer)
        #expect(program.heard == ["question https://a"])
    }

    @Test("Calls that ask at the same time get their own answers")
    func manyQuestions() throws {
        let calls = (0..<8).map { asking("https://\($0)", limit()) }
        var put = 0
        while put < calls.count {
            awaitReadable()
            _ = source.serve({ _ in }) { question in
                put += 1
                guard case .openURL(let url) = question, let last = url.last?.wholeNumberValue else { return false }
                return last % 2 == 0
            }
        }
        #expect(try calls.map { try $0.value() } == (0..<8).map { $0 % 2 == 0 })
    }

    @Test("All that several threads tell is served, each thread's in its order")
    func manyThreads() throws {
        let tellers = (0..<8).map { thread in
            WorkerThread { [source] in
                for number in 0..<500 { source.tell(.line(.debug, "\(thread) \(number)")) }
            }
        }
        let end = WorkerThread { [source] in
            for teller in tellers { try teller.value() }
            source.end()
        }
        repeat { awaitReadable() } while !serve()
        try end.value()
        #expect(program.heard.count == 4000)
        for thread in 0..<8 {
            let mine = program.heard.filter { $0.hasPrefix("line \(thread) ") }
            #expect(mine == (0..<500).map { "line \(thread) \($0)" })
        }
    }

    @Test("Of what a watch tells, only the last of the session and the last of the keyring waits to be served")
    func outdated() {
        for _ in 0..<100 {
            for event in [Event.signedOutElsewhere, .keyringLocked, .keyringUnlocked, .sessionChangedElsewhere] {
                source.tell(.event(event))
            }
            source.tell(.event(.signedOut))
        }
        _ = serve()
        let heard = program.heard.filter { $0 != "event \(Event.signedOut.rawValue)" }
        #expect(
            heard == [
                "event \(Event.keyringUnlocked.rawValue)", "event \(Event.sessionChangedElsewhere.rawValue)",
            ])
        #expect(program.heard.count == 102)
    }

    @Test("Of lines that nobody serves the last 4096 are kept, and every event and question")
    func manyLines() throws {
        source.tell(.event(.signedOut))
        for number in 0..<5000 { source.tell(.line(.debug, "\(number)")) }
        _ = serve()
        #expect(program.heard.count == 4096)
        #expect(program.heard.first == "event \(Event.signedOut.rawValue)")
        #expect(program.heard.dropFirst().first == "line 905")
        #expect(program.heard.last == "line 4999")
    }

    @Test("What is told while the program is called is served the next time, and nothing hangs")
    func toldWhileServing() {
        source.tell(.line(.info, "1"))
        for next in 2...3 {
            let isOver = source.serve({ notice in
                program.tell(notice)
                source.tell(.line(.info, "\(next)"))
            }) { _ in false }
            #expect(!isOver)
        }
        #expect(program.heard == ["line 1", "line 2"])
        #expect(isReadable)
    }

    @Test("A program that serves while it is called hears everything in order all the same")
    func servedWhileServing() {
        for number in 1...3 { source.tell(.line(.info, "\(number)")) }
        let isOver = source.serve({ notice in
            program.tell(notice)
            guard program.heard.count == 1 else { return }
            source.tell(.line(.info, "4"))
            source.end()
            #expect(serve() == (program.heard.count == 4))
        }) { _ in false }
        #expect(program.heard == ["line 1", "line 2", "line 3", "line 4"])
        #expect(isOver)
    }

    // MARK: The end

    @Test("Serving says that it is over only after the end, and then with all served")
    func end() {
        #expect(!serve())
        source.tell(.line(.info, "1"))
        #expect(!serve())
        source.tell(.line(.info, "2"))
        source.end()
        #expect(serve())
        #expect(program.heard == ["line 1", "line 2"])
        #expect(serve())
        #expect(program.heard.count == 2)
    }

    @Test("An end that comes while the program is called is told by that serving or the next")
    func endWhileServing() {
        source.tell(.line(.info, "1"))
        var isOver = source.serve({ _ in source.end() }) { _ in false }
        if !isOver {
            #expect(isReadable)
            isOver = serve()
        }
        #expect(isOver)
    }

    // MARK: The descriptor

    @Test("The descriptor is readable while there is something to serve, and no longer")
    func descriptor() {
        #expect(!isReadable)
        for count in 1...3 {
            for number in 1...count { source.tell(.line(.info, "\(number)")) }
            #expect(isReadable)
            _ = serve()
            #expect(!isReadable)
        }
        source.end()
        #expect(isReadable)
        #expect(serve())
        #expect(!isReadable)
    }

    @Test("A question that was taken back leaves nothing to serve", arguments: [0, 1])
    func descriptorAfterWithdrawal(notices: Int) throws {
        for number in 0..<notices { source.tell(.line(.info, "\(number)")) }
        try expect(.deadlineExceeded, asking("https://a", limit(50)))
        #expect(isReadable == (notices > 0))
        #expect(!serve())
        #expect(!isReadable)
        source.end()
        #expect(isReadable)
    }

    // MARK: Limits

    @Test("A question ends when its call is cancelled, and is not put to the program any more")
    func cancelled() throws {
        let cancellation = EventDescriptor()
        let call = asking("https://a", limit(60_000, cancellation))
        awaitReadable()
        #expect(!call.ends(within: 50))
        cancellation.raise()
        try expect(.cancelled, call)
        #expect(!serve())
        #expect(program.heard == [])
    }

    @Test("A question ends at its limit, and is not put to the program any more")
    func deadline() throws {
        let start = clock.monotonicMilliseconds
        try expect(.deadlineExceeded, asking("https://a", limit(100)))
        let took = clock.monotonicMilliseconds - start
        #expect(took >= 100 && took < 5000)
        #expect(!serve())
        #expect(program.heard == [])
    }

    @Test("Other letters stay when a question is taken back")
    func othersStay() throws {
        let patient = asking("https://patient", limit())
        awaitReadable()
        source.tell(.line(.info, "1"))
        try expect(.deadlineExceeded, asking("https://a", limit(50)))
        source.tell(.line(.info, "2"))
        #expect(!serve())
        #expect(program.heard == ["question https://patient", "line 1", "line 2"])
        #expect(try patient.value())
    }

    @Test("Nor is it put where the program is hearing something else meanwhile")
    func withdrawnWhileServing() throws {
        let cancellation = EventDescriptor()
        source.tell(.line(.info, "1"))
        let call = asking("https://a", limit(60_000, cancellation))
        #expect(!call.ends(within: 50))
        _ = source.serve(
            { notice in
                program.tell(notice)
                cancellation.raise()
                #expect(call.ends(within: 20_000))
            }, program.answer)
        try expect(.cancelled, call)
        #expect(!serve())
        #expect(program.heard == ["line 1"])
    }

    @Test("An answer that comes when the call has gone is dropped, and the next question gets its own")
    func lateAnswer() throws {
        let cancellation = EventDescriptor()
        let call = asking("https://late", limit(60_000, cancellation))
        awaitReadable()
        _ = source.serve(program.tell) { question in
            cancellation.raise()
            #expect(call.ends(within: 20_000))
            return program.answer(question)
        }
        try expect(.cancelled, call)
        program.answer = false
        let next = asking("https://next", limit())
        awaitReadable()
        #expect(!serve())
        #expect(try next.value() == false)
        #expect(program.heard == ["question https://late", "question https://next"])
    }
}

/// Which threads something happened on.
private final class Threads {
    private let here = pthread_self()
    private(set) var isAlwaysThisOne = true

    func note() { isAlwaysThisOne = isAlwaysThisOne && pthread_equal(pthread_self(), here) != 0 }
}
