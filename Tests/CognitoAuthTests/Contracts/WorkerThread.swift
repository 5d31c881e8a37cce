// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// A thread of a test's own, which may wait as long as it likes, and what it came to.
final class WorkerThread<Value>: @unchecked Sendable {
    struct DoesNotEnd: Error {}

    private let body: () throws -> Value
    private let done = DispatchSemaphore(value: 0)
    /// Written by the thread before `done` is signalled, read after.
    private var result: Result<Value, any Error>?

    /// What `body` uses must be made for several threads, or be left alone by the others until the value is there.
    init(_ body: @escaping () throws -> Value) {
        self.body = body
        Thread { [self] in
            result = Result(catching: self.body)
            done.signal()
        }.start()
    }

    /// Waits for the thread to end.
    func value() throws -> Value {
        guard done.wait(timeout: .now() + 30) == .success, let result else { throw DoesNotEnd() }
        done.signal()
        return try result.get()
    }

    /// Whether it ends within so many milliseconds.
    func ends(within milliseconds: Int) -> Bool {
        guard done.wait(timeout: .now() + .milliseconds(milliseconds)) == .success else { return false }
        done.signal()
        return true
    }
}

/// Does something in so many milliseconds, while the caller waits elsewhere.
func after(milliseconds: UInt32, _ action: @escaping @Sendable () -> Void) {
    Thread {
        usleep(milliseconds * 1000)
        action()
    }.start()
}
