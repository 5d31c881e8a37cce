// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import Linux

/// What an `auth_operation` points to: a call that runs on a thread of its own.
///
/// Its state is guarded by `mutex`, which is never held while a callback or the core runs.
final class Operation {
    /// How a call ended. Handed out once; the kind says which function may ask for it.
    ///
    /// Indirect: in a large enum the compiler leaves bits of nil unset and looks at them, which memcheck tells
    /// every program that is tested with it.
    indirect enum Outcome {
        case signOut(SignOutReport)
        case saved
        case session(LoadedSession)
        case sessionFailure(AuthFailure)
        /// Renewed tokens that could not be stored.
        case unsavedSession(LoadedSession, AuthFailure)
    }

    /// Readable while there is something to dispatch.
    let ready = EventDescriptor()
    private let over = EventDescriptor()
    private let cancellation = EventDescriptor()
    /// Whether it is finished as a sign-out, or as a session call.
    let isSignOut: Bool
    private let client: Client
    private let call: Call
    private let work: (AuthClient, Call) -> Outcome

    private let mutex = ThreadMutex()
    private var hasEnded = false
    private var outcome: Outcome?
    private var notices: [Call.Notice] = []

    /// Starts `work` on a thread. The operation keeps its client alive.
    static func start(
        _ client: Client, _ options: CallOptions, isSignOut: Bool,
        _ work: @escaping (AuthClient, Call) -> Outcome
    ) throws(AuthFailure) -> Operation {
        let operation = Operation(client, options, isSignOut, work)
        let isUsable = operation.ready.isUsable && operation.over.isUsable && operation.cancellation.isUsable
        let hasBegun =
            isUsable
            && BackgroundThread.start(operation) { this in
                guard let this else { return nil }
                Unmanaged<Operation>.fromOpaque(this).takeRetainedValue().run()
                return nil
            }
        guard hasBegun else {
            client.end(operation.cancellation)
            throw AuthFailure(.outOfResources)
        }
        return operation
    }

    private init(
        _ client: Client, _ options: CallOptions, _ isSignOut: Bool,
        _ work: @escaping (AuthClient, Call) -> Outcome
    ) {
        self.isSignOut = isSignOut
        self.client = client
        self.work = work
        call = client.begin(options, cancellation)
    }

    func cancel() { cancellation.raise() }

    /// Delivers what there is to tell; answers whether the operation is over and all is told.
    func dispatch() -> Bool {
        var due: [Call.Notice] = []
        let isOver = mutex.withLock {
            swap(&due, &notices)
            ready.lower()
            return hasEnded
        }
        client.deliver(due)
        return isOver
    }

    /// Waits until the operation is over, delivers what is left to tell, and hands the outcome out, once.
    func finish() -> Outcome? {
        over.wait()
        _ = dispatch()
        return mutex.withLock {
            let result = outcome
            outcome = nil
            return result
        }
    }

    /// Cancels, and waits until the thread has let go.
    func abandon() {
        cancel()
        over.wait()
    }

    private func run() {
        let result = work(client.core, call)
        client.end(cancellation)
        mutex.withLock {
            hasEnded = true
            outcome = result
            notices = call.notices
            ready.raise()
        }
        over.raise()
    }
}
