// SPDX-License-Identifier: Apache-2.0

/// One call of the program: how long it may take, who may cancel it, and where it speaks with the program.
public final class Call {
    let options: CallOptions
    let cancellation: any Cancellation
    private let logLimit: LogLevel?
    private let mailbox: any Mailbox

    /// `logLimit`: what is told of the log, which is lines at least as important; nil for none.
    public init(
        _ options: CallOptions, cancellation: any Cancellation, logLimit: LogLevel?, mailbox: any Mailbox
    ) {
        self.options = options
        self.cancellation = cancellation
        self.logLimit = logLimit
        self.mailbox = mailbox
    }

    @inline(never)
    public func write(_ level: LogLevel, _ text: @autoclosure () -> String) {
        guard let logLimit, level.rawValue <= logLimit.rawValue else { return }
        mailbox.tell(.line(level, text()))
    }

    @inline(never)
    func announce(_ event: Event) { mailbox.tell(.event(event)) }

    /// Asks the program, which may take until `limit`. No lock may be held.
    func ask(_ question: Question, _ limit: WaitLimit) throws(AuthFailure) -> Bool {
        try mailbox.ask(question, limit)
    }

    var opensURLs: Bool { mailbox.opensURLs }

    var hearsRedirects: Bool { mailbox.hearsRedirects }

    func show(_ dialogue: BrowserDialogue?) { mailbox.show(dialogue) }

    func awaitRedirect(_ limit: WaitLimit) throws(AuthFailure) -> RedirectVerdict {
        try mailbox.awaitRedirect(limit)
    }
}
