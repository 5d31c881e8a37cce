// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// A clock that stands still. A pause moves it on at once.
final class FakeClock: Clock {
    /// Seven minutes before the tokens of `SampleToken` expire.
    var unixSeconds: Int64 = 1_516_238_602
    var monotonicMilliseconds: Int64 = 1_000_000
    private(set) var pauses: [Int64] = []

    func pause(milliseconds: Int64, _ limit: WaitLimit) {
        pauses.append(milliseconds)
        monotonicMilliseconds += milliseconds
    }
}
