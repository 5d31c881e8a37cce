// SPDX-License-Identifier: Apache-2.0

internal import Linux

/// Where one thread leaves a value that another takes, once.
final class Slot<Value> {
    private let mutex = ThreadMutex()
    private var value: Value?

    func fill(_ value: Value) {
        mutex.withLock { self.value = value }
    }

    func take() -> Value? {
        mutex.withLock {
            let taken = value
            value = nil
            return taken
        }
    }
}
