// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform

/// A turn among the threads of this process.
public final class MutexTurn: Turn {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    public init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    public func take() { pthread_mutex_lock(mutex) }

    public func giveBack() { pthread_mutex_unlock(mutex) }
}
