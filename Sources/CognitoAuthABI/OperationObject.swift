// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import Linux

/// What an `auth_operation` points to: a call that runs on a thread of its own.
final class Operation {
    /// What the program is asked to serve meanwhile.
    let events: EventSource
    let work: Work
    private let over = EventDescriptor()
    private let cancellation = EventDescriptor()
    private let client: Client
    private let call: Call
    private var thread: BackgroundThread?

    /// What runs, and where its outcome goes. The kind says which function may ask for it.
    enum Work {
        case signOut(SignOutRequest, Slot<SignOutReport>)
        case session(SessionRequest, Slot<SessionOutcome>)

        func run(_ core: AuthClient, _ call: Call) {
            switch self {
            case .signOut(let request, let slot): slot.fill(request.run(core, call))
            case .session(let request, let slot): slot.fill(request.run(core, call))
            }
        }
    }

    /// Starts the work on a thread. The operation keeps its client alive.
    static func start(_ work: Work, _ client: Client, _ options: CallOptions) throws(AuthFailure) -> Operation {
        let operation = Operation(work, client, options)
        if operation.events.isUsable, operation.over.isUsable, operation.cancellation.isUsable {
            operation.thread = BackgroundThread.start(operation) { this in
                guard let this else { return nil }
                Unmanaged<Operation>.fromOpaque(this).takeRetainedValue().run()
                return nil
            }
        }
        guard operation.thread != nil else {
            client.end(operation.cancellation)
            throw AuthFailure(.outOfResources)
        }
        return operation
    }

    private init(_ work: Work, _ client: Client, _ options: CallOptions) {
        self.work = work
        self.client = client
        events = EventSource(opensURLs: client.callbacks.opensURLs)
        call = client.begin(options, cancellation, events)
    }

    func cancel() { cancellation.raise() }

    /// Serves what there is for the program; returns whether the operation is over and all is told.
    func dispatch() -> Bool {
        events.serve(client.callbacks.tell, client.callbacks.answer)
    }

    /// Waits until the operation is over, serves what is left, and hands the outcome out, once.
    func finish<Outcome>(_ slot: Slot<Outcome>) throws(AuthFailure) -> Outcome {
        while !over.isRaised {
            // A question that comes while the program waits here is for this thread to answer.
            DescriptorWait.wait(for: over.descriptor, or: events.descriptor, milliseconds: 1000)
            _ = dispatch()
        }
        _ = dispatch()
        guard let outcome = slot.take() else { throw .invalid("operation", "was finished before") }
        return outcome
    }

    /// Starts the browser once more with what it was started with.
    func openAgain() throws(AuthFailure) {
        guard let url = events.openURL else { throw .notWaiting }
        guard client.callbacks.opensURLs else { return try client.core.openBrowser(url) }
        guard client.callbacks.answer(.openURL(url)) else { throw AuthFailure(.browserUnavailable) }
    }

    /// Cancels, and waits until the thread has ended: what it holds is gone then, and a program may end. A session that
    /// nobody took and no keyring has is ended.
    func abandon() {
        cancel()
        thread?.join()
        if case .session(.signIn, let slot) = work { discard(slot.take()) }
    }

    func discard(_ outcome: SessionOutcome?) { client.discard(outcome) }

    private func run() {
        work.run(client.core, call)
        client.end(cancellation)
        events.end()
        over.raise()
    }
}
