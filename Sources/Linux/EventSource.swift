// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform

/// What a call on a thread of ours has for the program, to be served on a thread of the program's when `descriptor` is
/// readable.
///
/// Its state is guarded by `mutex`, which is never held while the program is called.
public final class EventSource: Mailbox, @unchecked Sendable {
    private let ready = EventDescriptor()
    private let mutex = ThreadMutex()
    private var letters: [Letter] = []
    private var hasEnded = false

    private enum Letter {
        case notice(Notice)
        case question(PendingQuestion)
    }

    /// A question that a thread waits to have answered.
    private final class PendingQuestion: @unchecked Sendable {
        let question: Question
        let answered = EventDescriptor()
        /// Written before `answered` is raised, read after.
        var answer = false

        init(_ question: Question) { self.question = question }
    }

    public init() {}

    /// Readable while there is something to serve.
    public var descriptor: Int32 { ready.descriptor }

    public var isUsable: Bool { ready.isUsable }

    public func tell(_ notice: Notice) { post(.notice(notice)) }

    public func ask(_ question: Question, _ limit: WaitLimit) throws(AuthFailure) -> Bool {
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

    /// Says that nothing comes after what is there by now.
    public func end() {
        mutex.withLock {
            hasEnded = true
            ready.raise()
        }
    }

    /// Serves what is due, in order, and returns whether the source has ended and all is served.
    public func serve(_ tell: (Notice) -> Void, _ answer: (Question) -> Bool) -> Bool {
        var due: [Letter] = []
        let isOver = mutex.withLock {
            swap(&due, &letters)
            ready.lower()
            return hasEnded
        }
        for letter in due {
            switch letter {
            case .notice(let notice): tell(notice)
            case .question(let pending):
                pending.answer = answer(pending.question)
                pending.answered.raise()
            }
        }
        return isOver
    }

    private func post(_ letter: Letter) {
        mutex.withLock {
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
        }
    }
}
