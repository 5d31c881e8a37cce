// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform
internal import Linux

/// A lock of one client, that of its session or another: a queue among its threads, and a fair lock among processes.
public final class ClientLock: SessionLock {
    /// How often a wait looks whether it was cancelled, or the lock is free: flock(2) that waits cannot be
    /// cancelled.
    private static let interval: Int64 = 10

    private let threads = ThreadQueue()
    private let mutex = ThreadMutex()
    private var isSignInReserved = false
    private let processes: FairLock?

    /// `purpose`: what else than the session it is for, as a part of the files' names.
    public init(_ configuration: Configuration, purpose: String = "") {
        processes = FairLock.make(configuration, purpose: purpose)
    }

    public func take(_ limit: WaitLimit) throws(AuthFailure) -> LockScope {
        try takeAmongThreads(limit)
        guard let processes, processes.open() else { return .noLockFile }
        do {
            return try take(processes, limit)
        } catch {
            release()
            throw error
        }
    }

    public func release() {
        processes?.release()
        threads.leaveFirst()
    }

    public func reserveSignIn() -> Bool {
        mutex.withLock {
            defer { isSignInReserved = true }
            return !isSignInReserved
        }
    }

    public func releaseSignIn() {
        mutex.withLock { isSignInReserved = false }
    }

    private func takeAmongThreads(_ limit: WaitLimit) throws(AuthFailure) {
        let ticket = threads.join()
        do {
            while !threads.isFirst(ticket) { try wait(limit) }
        } catch {
            threads.leave(ticket)
            throw error
        }
    }

    private func take(_ lock: FairLock, _ limit: WaitLimit) throws(AuthFailure) -> LockScope {
        var patience = Patience(with: lock.holder, limit)
        while true {
            switch lock.tryLock() {
            case .locked: return .allProcesses
            case .unusable: return .noLockFile
            case .held: break
            }
            if patience.isOver(with: lock.holder) {
                // Who goes on without the lock must not be in the way of those who wait for it.
                lock.release()
                return .heldElsewhere
            }
            try wait(limit)
        }
    }

    private func wait(_ limit: WaitLimit) throws(AuthFailure) {
        let left = try limit.left(at: cognitoauth_monotonic_milliseconds())
        DescriptorWait.wait(for: limit.cancellation?.descriptor ?? -1, milliseconds: min(left, Self.interval))
    }
}
