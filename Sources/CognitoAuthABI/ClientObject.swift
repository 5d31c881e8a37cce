// SPDX-License-Identifier: Apache-2.0

internal import CCognitoAuth
internal import CognitoAuth
internal import Linux

/// What an `auth_client` points to.
final class Client {
    let core: AuthClient
    let callbacks: Callbacks
    private let mutex = ThreadMutex()
    /// Of the calls and operations that are running.
    private var cancellations: [EventDescriptor] = []

    init(_ core: AuthClient, _ callbacks: Callbacks) {
        self.core = core
        self.callbacks = callbacks
    }

    /// A call with these options, which `cancel` cancels until `end`.
    func begin(_ options: CallOptions, _ cancellation: EventDescriptor, _ mailbox: any Mailbox) -> Call {
        mutex.withLock { cancellations.append(cancellation) }
        return Call(
            options, cancellation: cancellation, logLimit: callbacks.takesLines ? core.configuration.logLevel : nil,
            mailbox: mailbox)
    }

    func end(_ cancellation: EventDescriptor) {
        mutex.withLock { cancellations.removeAll { $0 === cancellation } }
    }

    func cancel() {
        for cancellation in mutex.withLock({ cancellations }) { cancellation.raise() }
    }

    /// Tells the log of a mistake in the program, at once.
    func reportMisuse(_ line: String) { callbacks.tell(.line(.error, line)) }

    /// Ends the session of a sign-in that nobody holds: it could not be stored, and nobody took it.
    func discard(_ outcome: SessionOutcome?) {
        guard let outcome, outcome.failure != nil, let session = outcome.session else { return }
        run(DiscardRequest(session: session), CallOptions(core.configuration))
    }

    /// Runs a request, and then the callbacks for what it had to tell.
    func run<R: Request>(_ request: R, _ options: CallOptions) -> R.Outcome {
        let cancellation = EventDescriptor()
        let mailbox = BlockingMailbox(callbacks)
        let call = begin(options, cancellation, mailbox)
        let outcome = request.run(core, call)
        end(cancellation)
        mailbox.serve()
        return outcome
    }
}
