// SPDX-License-Identifier: Apache-2.0

/// What a call has to say to the program's log.
///
/// The lines are handed over when the call is over and the turn given back: a log function may call the
/// library again, and must find no lock held.
public final class CallLog {
    public enum Level: Int32 {
        case error = 1
        case warning = 2
        case info = 3
        case debug = 4
    }

    public private(set) var lines: [(level: Level, text: String)] = []
    private let limit: Level?

    /// Keeps what is at least as important as `limit`; nil keeps nothing.
    public init(limit: Level?) { self.limit = limit }

    func write(_ level: Level, _ text: @autoclosure () -> String) {
        guard let limit, level.rawValue <= limit.rawValue else { return }
        lines.append((level, text()))
    }
}
