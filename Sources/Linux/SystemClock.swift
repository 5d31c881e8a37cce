// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform

/// The system's clocks.
public final class SystemClock: Clock {
    public init() {}

    public var unixMilliseconds: Int64 { cognitoauth_unix_milliseconds() }

    public var monotonicMilliseconds: Int64 { cognitoauth_monotonic_milliseconds() }

    public func pause(milliseconds: Int64, _ limit: WaitLimit) {
        let end = min(monotonicMilliseconds + milliseconds, limit.deadline)
        while !limit.isCancelled {
            let left = end - monotonicMilliseconds
            guard left > 0 else { return }
            DescriptorWait.wait(for: limit.cancellation?.descriptor ?? -1, milliseconds: left)
        }
    }
}
