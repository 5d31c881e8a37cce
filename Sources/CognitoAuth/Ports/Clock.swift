// SPDX-License-Identifier: Apache-2.0

/// The time of day, a stopwatch and a pause.
public protocol Clock: AnyObject {
    /// Milliseconds since 1970-01-01 UTC.
    var unixMilliseconds: Int64 { get }
    /// Milliseconds of a clock that nobody sets.
    var monotonicMilliseconds: Int64 { get }
    /// Waits so long, or until the limit is reached.
    func pause(milliseconds: Int64, _ limit: WaitLimit)
}

extension Clock {
    /// Seconds since 1970-01-01 UTC.
    public var unixSeconds: Int64 { unixMilliseconds / 1000 }
}
