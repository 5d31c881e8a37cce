// SPDX-License-Identifier: Apache-2.0

/// One call of the program: how long it may take, who may cancel it, and what it has to tell.
///
/// What there is to tell is handed over when the call is over and the turn given back: a callback may
/// call the library again, and must find no lock held.
public final class Call {
    public enum Notice {
        case line(LogLevel, String)
        case event(Event)
    }

    public private(set) var notices: [Notice] = []
    let timeout: Int64
    let cancellation: any Cancellation
    let promptTimeout: Int64?
    private let logLimit: LogLevel?

    /// - Parameters:
    ///   - timeout: in milliseconds; prompts not counted.
    ///   - promptTimeout: how long the keyring's prompt may take, in milliseconds; nil for no prompt.
    ///   - logLimit: what is told of the log: lines at least as important; nil for none.
    public init(timeout: Int64, promptTimeout: Int64?, cancellation: any Cancellation, logLimit: LogLevel?) {
        self.timeout = timeout
        self.promptTimeout = promptTimeout
        self.cancellation = cancellation
        self.logLimit = logLimit
    }

    @inline(never)
    func write(_ level: LogLevel, _ text: @autoclosure () -> String) {
        guard let logLimit, level.rawValue <= logLimit.rawValue else { return }
        notices.append(.line(level, text()))
    }

    @inline(never)
    func announce(_ event: Event) { notices.append(.event(event)) }
}

/// How important a line of the log is. The numbers are those of `auth_log_level` in the C header.
public enum LogLevel: Int32, Sendable {
    case error = 1
    case warning = 2
    case info = 3
    case debug = 4
}

/// What happened to the session. The numbers are those of `auth_event` in the C header.
public enum Event: Int32, Sendable {
    case signedOut = 1
    case sessionSaved = 2
    case sessionRefreshed = 3
    case sessionExpired = 4
}
