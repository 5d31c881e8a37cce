// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform
internal import Linux

/// The lock of one client's session: a queue among its threads, and a lock file among processes.
public final class ClientLock: SessionLock {
    /// How long another process may keep the lock before it counts as hanging; a third of the time there is
    /// if that is less, so that a sign-out can go on without it.
    private static let patience: Int64 = 5000
    /// How often a wait looks whether it was cancelled, or the lock is free: flock(2) that waits cannot be
    /// cancelled.
    private static let interval: Int64 = 10

    private let threads = ThreadQueue()
    private let file: LockFile?

    public init(_ configuration: Configuration) {
        file = LockFile.make(configuration)
    }

    public func take(_ limit: WaitLimit) throws(AuthFailure) -> LockScope {
        try takeAmongThreads(limit)
        guard let file, file.open() else { return .noLockFile }
        let now = cognitoauth_monotonic_milliseconds()
        let patienceEnd = now + min(Self.patience, (limit.deadline - now) / 3)
        while true {
            switch file.tryLock() {
            case .locked: return .allProcesses
            case .unusable: return .noLockFile
            case .held: break
            }
            if cognitoauth_monotonic_milliseconds() >= patienceEnd { return .heldElsewhere }
            do {
                try wait(limit)
            } catch {
                release()
                throw error
            }
        }
    }

    public func release() {
        file?.unlock()
        threads.leaveFirst()
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

    private func wait(_ limit: WaitLimit) throws(AuthFailure) {
        let left = try limit.left(at: cognitoauth_monotonic_milliseconds())
        DescriptorWait.wait(for: limit.cancellation?.descriptor ?? -1, milliseconds: min(left, Self.interval))
    }
}
