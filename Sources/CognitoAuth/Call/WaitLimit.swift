// SPDX-License-Identifier: Apache-2.0

/// Somebody who may want a call to end early.
public protocol Cancellation: AnyObject, Sendable {
    var isCancelled: Bool { get }
    /// A file descriptor that is readable once `isCancelled`, for those who wait on descriptors.
    var descriptor: Int32 { get }
}

/// How long one wait may last.
public struct WaitLimit: Sendable {
    /// On the monotonic clock, in milliseconds.
    public let deadline: Int64
    /// nil for a wait that nobody may cut short.
    public let cancellation: (any Cancellation)?

    public init(deadline: Int64, cancellation: (any Cancellation)?) {
        self.deadline = deadline
        self.cancellation = cancellation
    }

    /// The limit of the first of so many waits, which may each take as long.
    func share(of count: Int, at now: Int64) -> WaitLimit {
        WaitLimit(deadline: now + max(0, deadline - now) / Int64(max(1, count)), cancellation: cancellation)
    }

    /// The limit of a wait in which somebody else took `milliseconds` of the time.
    public func extended(by milliseconds: Int64) -> WaitLimit {
        WaitLimit(deadline: deadline + milliseconds, cancellation: cancellation)
    }

    public var isCancelled: Bool { cancellation?.isCancelled ?? false }

    /// The milliseconds that are left at `now`. Fails with `cancelled` or `deadlineExceeded` where the limit is
    /// reached.
    public func left(at now: Int64) throws(AuthFailure) -> Int64 {
        if isCancelled { throw AuthFailure(.cancelled) }
        let left = deadline - now
        guard left > 0 else { throw AuthFailure(.deadlineExceeded) }
        return left
    }
}
