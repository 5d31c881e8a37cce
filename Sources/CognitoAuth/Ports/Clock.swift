// SPDX-License-Identifier: Apache-2.0

/// The time of day, a stopwatch and a pause.
public protocol Clock: AnyObject {
    /// Seconds since 1970-01-01 UTC.
    var unixSeconds: Int64 { get }
    /// Milliseconds of a clock that nobody sets.
    var monotonicMilliseconds: Int64 { get }
    /// Waits so long, or until the limit is reached.
    func pause(milliseconds: Int64, _ limit: WaitLimit)
}
