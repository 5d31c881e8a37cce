// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CognitoAuth

/// How long one and the same process may keep the lock before it counts as hanging: 5 s, or a third of the time there
/// is if that is less, so that a sign-out can go on without it.
struct Patience {
    private static let longest: Int64 = 5000
    private let length: Int64
    private var holder: UInt64
    private var end: Int64

    init(with holder: UInt64, _ limit: WaitLimit) {
        let now = cognitoauth_monotonic_milliseconds()
        length = min(Self.longest, (limit.deadline - now) / 3)
        self.holder = holder
        end = now + length
    }

    /// Whether `holder` has had the lock all that time. With another holder it begins anew.
    mutating func isOver(with holder: UInt64) -> Bool {
        let now = cognitoauth_monotonic_milliseconds()
        if holder != self.holder {
            self.holder = holder
            end = now + length
        }
        return now >= end
    }
}
