// SPDX-License-Identifier: Apache-2.0

/// How a call that is under way speaks with the program: it tells, or it asks and is answered.
///
/// The program hears it on a thread of its own choosing, where none of the library's locks is held: in dispatch, or in
/// the blocking call itself once it holds none.
public protocol Mailbox: AnyObject {
    func tell(_ notice: Notice)
    /// Waits for the program's answer. To be called while no lock is held: whoever answers may call the library
    /// again. Fails with `cancelled` or `deadlineExceeded`; the question is withdrawn then.
    func ask(_ question: Question, _ limit: WaitLimit) throws(AuthFailure) -> Bool
    /// Whether the program can start a browser when it is asked to.
    var opensURLs: Bool { get }
    /// Whether the program can report that a browser came back: only of an operation, which it has in its hands.
    var hearsRedirects: Bool { get }
    /// What the browser is open for from now on; nil: the call does not wait for it any more.
    func show(_ dialogue: BrowserDialogue?)
    /// Waits for the program's next report that is not foreign. Fails with `cancelled` or `deadlineExceeded`.
    func awaitRedirect(_ limit: WaitLimit) throws(AuthFailure) -> RedirectVerdict
}

/// What a call tells.
public enum Notice: Sendable {
    case line(LogLevel, String)
    case event(Event)
}

extension Notice {
    /// Whether `later` says how things are by then, so that who has not heard this one need not hear it any more. So the
    /// notices of a watch do not become ever more while nobody serves them.
    public func isOutdated(by later: Notice) -> Bool {
        guard case .event(let mine) = self, case .event(let other) = later, let subject = mine.subject else {
            return false
        }
        return subject == other.subject
    }
}

/// What a call asks the program to do; the answer is whether it did.
public enum Question: Sendable {
    /// Open a URL in the user's browser.
    case openURL(String)
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
    case signedOutElsewhere = 5
    case sessionChangedElsewhere = 6
    case keyringLocked = 7
    case keyringUnlocked = 8

    fileprivate enum Subject {
        case session
        case keyring
    }

    /// What the events of a watch are about: each tells how that is now.
    fileprivate var subject: Subject? {
        switch self {
        case .signedOutElsewhere, .sessionChangedElsewhere: .session
        case .keyringLocked, .keyringUnlocked: .keyring
        default: nil
        }
    }
}
