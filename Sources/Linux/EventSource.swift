// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform
public import SecretMemory

/// What a call on a thread of ours has for the program, to be served on a thread of the program's when `descriptor` is
/// readable.
///
/// Its state is guarded by `mutex`, which is never held while the program is called.
public final class EventSource: Mailbox, @unchecked Sendable {
    private let ready = EventDescriptor()
    private let mutex = ThreadMutex()
    private var letters: [Letter] = []
    private var hasEnded = false
    private var dialogue: BrowserDialogue?
    private var reports: [RedirectVerdict] = []
    private let reported = EventDescriptor()

    private enum Letter {
        case notice(Notice)
        case question(PendingQuestion)

        /// Whether it need not be served any more once `later` is. Where there are too many, the oldest line makes room.
        func yields(to later: Letter, isFull: Bool) -> Bool {
            guard case .notice(let notice) = self, case .notice(let later) = later else { return false }
            if case .line = notice, case .line = later { return isFull }
            return notice.isOutdated(by: later)
        }
    }

    /// A question that a thread waits to have answered.
    private final class PendingQuestion: @unchecked Sendable {
        let question: Question
        let answered = EventDescriptor()
        /// Written before `answered` is raised, read after.
        var answer = false

        init(_ question: Question) { self.question = question }
    }

    public let opensURLs: Bool

    public init(opensURLs: Bool) { self.opensURLs = opensURLs }

    /// Readable while there is something to serve.
    public var descriptor: Int32 { ready.descriptor }

    public var isUsable: Bool { ready.isUsable && reported.isUsable }

    public func tell(_ notice: Notice) { post(.notice(notice)) }

    /// So many lines wait at most, as a watch may go on for days.
    private static let maximum = 4096

    public func ask(_ question: Question, _ limit: WaitLimit) throws(AuthFailure) -> Bool {
        _ = try limit.left(at: cognitoauth_monotonic_milliseconds())
        let pending = PendingQuestion(question)
        guard pending.answered.isUsable else { throw AuthFailure(.outOfResources) }
        post(.question(pending))
        do throws(AuthFailure) {
            try pending.answered.wait(limit)
        } catch {
            withdraw(pending)
            // The answer may have come between the limit and the withdrawal.
            guard pending.answered.isRaised else { throw error }
        }
        return pending.answer
    }

    public var hearsRedirects: Bool { true }

    public func show(_ dialogue: BrowserDialogue?) {
        mutex.withLock {
            self.dialogue = dialogue
            reports = []
            reported.lower()
        }
    }

    public func awaitRedirect(_ limit: WaitLimit) throws(AuthFailure) -> RedirectVerdict {
        while true {
            try reported.wait(limit)
            let report = mutex.withLock { () -> RedirectVerdict? in
                let first = reports.first
                if first != nil { reports.removeFirst() }
                if reports.isEmpty { reported.lower() }
                return first
            }
            if let report { return report }
        }
    }

    /// The URL that the browser was started with; nil where the call does not wait for one.
    public var openURL: String? { mutex.withLock { dialogue?.url } }

    /// Takes a report of the program's that the browser came back. Returns whether the call waits for that.
    public func report(_ uri: SecretBytes) -> Bool {
        mutex.withLock {
            guard let expected = dialogue?.reported else { return false }
            let verdict = expected.verdict(reported: uri)
            if case .foreign = verdict { return false }
            reports.append(verdict)
            reported.raise()
            return true
        }
    }

    /// Says that nothing comes after what is there by now.
    public func end() {
        mutex.withLock {
            hasEnded = true
            ready.raise()
        }
    }

    /// Serves what is due, in order, and returns whether the source has ended and all is served.
    public func serve(_ tell: (Notice) -> Void, _ answer: (Question) -> Bool) -> Bool {
        // What comes meanwhile is for the next time: the program has other things to do.
        var due = mutex.withLock { letters.count }
        while due > 0, let letter = takeFirst() {
            due -= 1
            switch letter {
            case .notice(let notice): tell(notice)
            case .question(let pending):
                pending.answer = answer(pending.question)
                pending.answered.raise()
            }
        }
        return mutex.withLock {
            guard hasEnded, letters.isEmpty else { return false }
            ready.lower()
            return true
        }
    }

    /// One at a time: a question can be taken back while the program hears what was before it, and a program that
    /// serves again meanwhile goes on with what is next.
    private func takeFirst() -> Letter? {
        mutex.withLock {
            guard !letters.isEmpty else { return nil }
            let letter = letters.removeFirst()
            lowerIfIdle()
            return letter
        }
    }

    private func post(_ letter: Letter) {
        mutex.withLock {
            let isFull = letters.count >= Self.maximum
            if let index = letters.firstIndex(where: { $0.yields(to: letter, isFull: isFull) }) {
                letters.remove(at: index)
            }
            letters.append(letter)
            ready.raise()
        }
    }

    /// Takes a question back that nobody has begun to answer.
    private func withdraw(_ pending: PendingQuestion) {
        mutex.withLock {
            letters.removeAll { letter in
                if case .question(let waiting) = letter { return waiting === pending }
                return false
            }
            lowerIfIdle()
        }
    }

    /// To be called with the mutex locked.
    private func lowerIfIdle() {
        if letters.isEmpty && !hasEnded { ready.lower() }
    }
}
