// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CognitoAuth

/// How a blocking call speaks with the program: on the program's thread, which is its own.
///
/// What it has to tell waits until it holds no lock: until the call is over, or asks something. To be used by one
/// thread.
final class BlockingMailbox: Mailbox {
    private let callbacks: Callbacks
    private var notices: [Notice] = []

    init(_ callbacks: Callbacks) { self.callbacks = callbacks }

    func tell(_ notice: Notice) { notices.append(notice) }

    func ask(_ question: Question, _ limit: WaitLimit) throws(AuthFailure) -> Bool {
        serve()
        _ = try limit.left(at: cognitoauth_monotonic_milliseconds())
        return callbacks.answer(question)
    }

    var opensURLs: Bool { callbacks.opensURLs }

    /// Who waits in a blocking call has nothing in hand to report with.
    var hearsRedirects: Bool { false }

    func show(_ dialogue: BrowserDialogue?) {}

    func awaitRedirect(_ limit: WaitLimit) throws(AuthFailure) -> RedirectVerdict { throw AuthFailure(.notSupported) }

    func serve() {
        let due = notices
        notices = []
        for notice in due { callbacks.tell(notice) }
    }
}
