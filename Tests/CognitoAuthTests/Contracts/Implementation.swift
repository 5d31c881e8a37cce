// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Testing

/// How a contract gets one of the implementations that keep it: the fake, so that the core's tests can be believed, and
/// the real ones.
///
/// `Subject` is what a test makes: the implementation, and the hand of somebody who moves what is around it.
struct Implementation<Subject>: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable () throws -> Subject

    init(_ name: String, _ make: @escaping @Sendable () throws -> Subject) {
        self.name = name
        self.make = make
    }

    var testDescription: String { name }
}

/// Something that is waited for, by a clock that may be a fake.
protocol TimedSubject {
    var clock: any Clock { get }
}

extension TimedSubject {
    /// A limit that is reached in so many milliseconds; by default late enough for everything that works.
    func limit(_ milliseconds: Int64 = 20_000, _ cancellation: (any Cancellation)? = nil) -> WaitLimit {
        WaitLimit(deadline: clock.monotonicMilliseconds + milliseconds, cancellation: cancellation)
    }

    /// How many milliseconds `body` takes.
    func milliseconds(_ body: () throws -> Void) rethrows -> Int64 {
        let start = clock.monotonicMilliseconds
        try body()
        return clock.monotonicMilliseconds - start
    }
}
