// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Linux
import Testing

@Suite("The contract of SessionLock", .serialized)
struct SessionLockContract {
    private func expect(_ status: Status, _ subject: any SessionLockSubject, _ limit: WaitLimit) throws {
        let failure = try #require(throws: AuthFailure.self) { try subject.lock.take(limit) }
        #expect(failure.status == status)
    }

    /// The lock can be had, which shows that nobody has it.
    private func expectFree(_ subject: any SessionLockSubject) throws {
        #expect(try subject.lock.take(subject.limit()) == .allProcesses)
        subject.lock.release()
    }

    @Test("A free lock is taken, keeps all processes out, and is free again when released", arguments: SessionLocks.all)
    func free(implementation: Implementation<any SessionLockSubject>) throws {
        let subject = try implementation.make()
        for _ in 1...3 { try expectFree(subject) }
    }

    @Test(
        "While another thread has it, a call waits to its limit, and has nothing to release",
        arguments: SessionLocks.all)
    func deadline(implementation: Implementation<any SessionLockSubject>) throws {
        let subject = try implementation.make()
        let release = try subject.holdInOtherThread()
        for _ in 1...2 {
            let took = try subject.milliseconds { try expect(.deadlineExceeded, subject, subject.limit(100)) }
            #expect(took >= 100 && took < 5000)
        }
        release()
        try expectFree(subject)
    }

    @Test("A wait for another thread can be cancelled, and leaves nothing to release", arguments: SessionLocks.all)
    func cancelled(implementation: Implementation<any SessionLockSubject>) throws {
        let subject = try implementation.make()
        let release = try subject.holdInOtherThread()
        let cancellation = EventDescriptor()
        subject.whenWaiting { cancellation.raise() }
        let took = try subject.milliseconds { try expect(.cancelled, subject, subject.limit(60_000, cancellation)) }
        #expect(took < 5000)
        release()
        try expectFree(subject)
    }

    @Test(
        "Where another process does not release it, the lock is had all the same, after a while and before the limit",
        arguments: SessionLocks.all)
    func heldElsewhere(implementation: Implementation<any SessionLockSubject>) throws {
        let subject = try implementation.make()
        let release = try subject.holdInOtherProcess()
        let limit = subject.limit(900)
        var scope: LockScope?
        let took = try subject.milliseconds { scope = try subject.lock.take(limit) }
        #expect(scope == .heldElsewhere)
        #expect(took >= 100)
        #expect(subject.clock.monotonicMilliseconds < limit.deadline)
        subject.lock.release()
        release()
        try expectFree(subject)
    }

    @Test("A wait for another process can be cancelled, and leaves nothing to release", arguments: SessionLocks.all)
    func cancelledBesideProcess(implementation: Implementation<any SessionLockSubject>) throws {
        let subject = try implementation.make()
        let release = try subject.holdInOtherProcess()
        let cancellation = EventDescriptor()
        subject.whenWaitingForProcess { cancellation.raise() }
        let took = try subject.milliseconds { try expect(.cancelled, subject, subject.limit(60_000, cancellation)) }
        #expect(took < 4000)
        release()
        try expectFree(subject)
    }

    @Test("One sign-in at a time has the browser, whoever has the lock", arguments: SessionLocks.all)
    func signIn(implementation: Implementation<any SessionLockSubject>) throws {
        let subject = try implementation.make()
        let release = try subject.holdInOtherThread()
        for _ in 1...2 {
            #expect(subject.lock.reserveSignIn())
            #expect(!subject.lock.reserveSignIn())
            subject.lock.releaseSignIn()
        }
        release()
        #expect(subject.lock.reserveSignIn())
        try expectFree(subject)
        #expect(!subject.lock.reserveSignIn())
        subject.lock.releaseSignIn()
    }

    @Test("Where there is no place for a lock file, the lock is had and says so", arguments: SessionLocks.all)
    func noLockFile(implementation: Implementation<any SessionLockSubject>) throws {
        let subject = try implementation.make()
        let restore = try subject.makeFileUnusable()
        defer { restore() }
        for _ in 1...2 {
            #expect(try subject.lock.take(subject.limit()) == .noLockFile)
            subject.lock.release()
        }
    }
}
