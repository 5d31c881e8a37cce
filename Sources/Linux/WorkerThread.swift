// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform

/// One thread of the process for work that nothing can end, such as a library's that waits for somebody else.
///
/// Who has work done waits no longer than the limit allows, and leaves it behind then. While it goes on, others wait
/// for their turn, and leave at their limits too: whatever is stuck, it is one thread. No lock is held meanwhile. The
/// thread ends when there is nothing left to do.
public final class WorkerThread: @unchecked Sendable {
    private let mutex = ThreadMutex()
    private var queue: [Work] = []
    private var isRunning = false
    private let process = getpid()

    public init() {}

    /// A child of fork(2) does not have the thread.
    public var isOfThisProcess: Bool { process == getpid() }

    /// Has `work` done and waits for it. Fails with `cancelled` or `deadlineExceeded` when the limit is reached; it is
    /// then not begun any more, but what has begun goes on. Fails with `outOfResources` where no thread can be had.
    public func perform(_ work: Work, _ limit: WaitLimit) throws(AuthFailure) {
        guard work.done.isUsable, enqueue(work) else { throw AuthFailure(.outOfResources) }
        do throws(AuthFailure) {
            try work.done.wait(limit)
        } catch {
            mutex.withLock { queue.removeAll { $0 === work } }
            // It may have been done between the limit and now.
            guard work.abandon() else { throw error }
        }
    }

    private func enqueue(_ work: Work) -> Bool {
        mutex.withLock {
            if !isRunning {
                let thread = BackgroundThread.start(self) { data in
                    if let data { Unmanaged<WorkerThread>.fromOpaque(data).takeRetainedValue().run() }
                    return nil
                }
                thread?.detach()
                isRunning = thread != nil
            }
            if isRunning { queue.append(work) }
            return isRunning
        }
    }

    private func run() {
        while let work = next() { work.run() }
    }

    private func next() -> Work? {
        mutex.withLock {
            if queue.isEmpty {
                isRunning = false
                return nil
            }
            return queue.removeFirst()
        }
    }
}

/// What a worker does for somebody who may have left by the time that it is done.
public final class Work: @unchecked Sendable {
    fileprivate let done = EventDescriptor()
    private let body: (Work) -> Void
    private let mutex = ThreadMutex()
    private var isAbandoned = false
    private var isCommitted = false

    public init(_ body: @escaping (Work) -> Void) { self.body = body }

    /// Says, in the work, that from now on something is changed. Returns whether that may be: not where nobody is
    /// there any more who could be told.
    public func commit() -> Bool {
        mutex.withLock {
            if !isAbandoned { isCommitted = true }
            return !isAbandoned
        }
    }

    /// Whether anything was changed, or is about to be; it stays what it is once the work has been left behind.
    public var hasCommitted: Bool { mutex.withLock { isCommitted } }

    fileprivate func run() {
        guard mutex.withLock({ !isAbandoned }) else { return }
        body(self)
        done.raise()
    }

    /// Leaves the work behind. Returns whether it is done all the same.
    fileprivate func abandon() -> Bool {
        mutex.withLock { isAbandoned = true }
        return done.isRaised
    }
}
