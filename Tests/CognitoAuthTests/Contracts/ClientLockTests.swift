// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Linux
import Testing

/// What only the real lock can be asked: its threads and processes are real. In the contract's suite, as both change
/// what all locks of the session share.
extension SessionLockContract {
    @Test("A thread that waits gets the lock when the other releases it", arguments: SessionLocks.real)
    func handedOn(implementation: Implementation<ClientLockSubject>) throws {
        let subject = try implementation.make()
        let release = try subject.holdInOtherThread()
        let waiting = WorkerThread { try subject.clientLock.take(subject.limit()) }
        #expect(!waiting.ends(within: 100))
        release()
        #expect(try waiting.value() == .allProcesses)
        subject.clientLock.release()
    }

    @Test("Row 29b: of many threads one has it at a time, and every one gets it", arguments: SessionLocks.real)
    func oneAtATime(implementation: Implementation<ClientLockSubject>) throws {
        final class Room: @unchecked Sendable {
            var count = 0
            var isEntered = false
            var meetings = 0
        }
        let subject = try implementation.make()
        let room = Room()
        let threads = (0..<8).map { _ in
            WorkerThread {
                for _ in 0..<3 {
                    _ = try subject.clientLock.take(subject.limit())
                    if room.isEntered { room.meetings += 1 }
                    room.isEntered = true
                    subject.clock.pause(milliseconds: 1, subject.limit())
                    room.isEntered = false
                    room.count += 1
                    subject.clientLock.release()
                }
            }
        }
        for thread in threads { try thread.value() }
        #expect(room.meetings == 0)
        #expect(room.count == 24)
    }

    @Test("Another process that releases it in time is waited for", arguments: SessionLocks.real)
    func processReleases(implementation: Implementation<ClientLockSubject>) throws {
        let subject = try implementation.make()
        let release = try subject.holdInOtherProcess()
        let waiting = WorkerThread { try subject.clientLock.take(subject.limit()) }
        #expect(!waiting.ends(within: 100))
        release()
        #expect(try waiting.value() == .allProcesses)
        subject.clientLock.release()
    }

    @Test("Who goes on beside another process still keeps the other threads out", arguments: SessionLocks.real)
    func threadsBesideProcess(implementation: Implementation<ClientLockSubject>) throws {
        let subject = try implementation.make()
        let release = try subject.holdInOtherProcess()
        defer { release() }
        #expect(try subject.clientLock.take(subject.limit(300)) == .heldElsewhere)
        try expectHeld(subject)
        subject.clientLock.release()
    }

    @Test("Without a lock file the other threads are kept out all the same", arguments: SessionLocks.real)
    func threadsWithoutFile(implementation: Implementation<ClientLockSubject>) throws {
        let subject = try implementation.make()
        let restore = try subject.makeFileUnusable()
        defer { restore() }
        #expect(try subject.clientLock.take(subject.limit()) == .noLockFile)
        try expectHeld(subject)
        subject.clientLock.release()
    }

    @Test("Clients of one app keep each other out as processes do; other apps' do not", arguments: SessionLocks.real)
    func clients(implementation: Implementation<ClientLockSubject>) throws {
        let subject = try implementation.make()
        let other = subject.lockOfOtherClient()
        #expect(try other.take(subject.limit()) == .allProcesses)
        #expect(try subject.clientLock.take(subject.limit(300)) == .heldElsewhere)
        subject.clientLock.release()
        let stranger = try implementation.make()
        #expect(try stranger.clientLock.take(stranger.limit()) == .allProcesses)
        stranger.clientLock.release()
        other.release()
        #expect(try subject.clientLock.take(subject.limit()) == .allProcesses)
        subject.clientLock.release()
    }

    private func expectHeld(_ subject: ClientLockSubject) throws {
        let other = WorkerThread { try subject.clientLock.take(subject.limit(100)) }
        let failure = try #require(throws: AuthFailure.self) { try other.value() }
        #expect(failure.status == .deadlineExceeded)
    }
}
