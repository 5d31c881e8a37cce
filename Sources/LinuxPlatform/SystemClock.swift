// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform

/// The system's clocks.
public final class SystemClock: Clock {
    public init() {}

    public var unixSeconds: Int64 { Int64(Self.now(CLOCK_REALTIME).tv_sec) }

    public var monotonicMilliseconds: Int64 {
        let now = Self.now(CLOCK_MONOTONIC)
        return Int64(now.tv_sec) * 1000 + Int64(now.tv_nsec) / 1_000_000
    }

    public func pause(milliseconds: Int64) {
        guard milliseconds > 0 else { return }
        var end = Self.now(CLOCK_MONOTONIC)
        end.tv_sec += Int(milliseconds / 1000)
        end.tv_nsec += Int(milliseconds % 1000) * 1_000_000
        if end.tv_nsec >= 1_000_000_000 {
            end.tv_sec += 1
            end.tv_nsec -= 1_000_000_000
        }
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nil) == EINTR {}
    }

    private static func now(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}
