// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Foundation
import Linux
import SessionLockFile
import Testing

/// A lock, and the others who want it.
protocol SessionLockSubject: TimedSubject {
    var lock: any SessionLock { get }
    /// Lets another thread take the lock; returns what makes it release it. So do the others.
    func holdInOtherThread() throws -> () -> Void
    func holdInOtherProcess() throws -> () -> Void
    /// Takes the lock file its place.
    func makeFileUnusable() throws -> () -> Void
    /// Does something while a call waits for another thread, or for another process.
    func whenWaiting(_ action: @escaping @Sendable () -> Void)
    func whenWaitingForProcess(_ action: @escaping @Sendable () -> Void)
}

enum SessionLocks {
    static let all: [Implementation<any SessionLockSubject>] =
        [Implementation("FakeLock") { FakeLockSubject() }]
        + real.map { lock in Implementation(lock.name) { try lock.make() } }

    /// The real one, where there is a runtime directory for it.
    static let real: [Implementation<ClientLockSubject>] =
        if let directory = Surroundings.runtimeDirectory {
            [Implementation("ClientLock") { try ClientLockSubject(runtimeDirectory: directory) }]
        } else {
            []
        }
}

struct FakeLockSubject: SessionLockSubject {
    private let journal = Journal()
    private let fakeClock: FakeClock
    private let fake: FakeLock

    init() {
        fakeClock = FakeClock(journal)
        fake = FakeLock(journal, fakeClock)
    }

    var lock: any SessionLock { fake }
    var clock: any Clock { fakeClock }

    func holdInOtherThread() -> () -> Void {
        fake.isHeld = true
        return { fake.isHeld = false }
    }

    func holdInOtherProcess() -> () -> Void { set(.heldElsewhere) }
    func makeFileUnusable() -> () -> Void { set(.noLockFile) }
    func whenWaiting(_ action: @escaping @Sendable () -> Void) { fakeClock.whenWaiting = action }
    func whenWaitingForProcess(_ action: @escaping @Sendable () -> Void) { whenWaiting(action) }

    private func set(_ scope: LockScope) -> () -> Void {
        fake.scope = scope
        return { fake.scope = .allProcesses }
    }
}

struct ClientLockSubject: SessionLockSubject, @unchecked Sendable {
    let clock: any Clock = SystemClock()
    let clientLock: ClientLock
    private let configuration: Configuration
    private let directory: String

    init(runtimeDirectory: String) throws {
        directory = runtimeDirectory + "/cognitoauth"
        configuration = try .unique()
        clientLock = ClientLock(configuration)
    }

    var lock: any SessionLock { clientLock }

    /// The lock of another client of this process, with the same app, pool and app client.
    func lockOfOtherClient() -> ClientLock { ClientLock(configuration) }

    func holdInOtherThread() throws -> () -> Void {
        _ = try WorkerThread { try clientLock.take(limit()) }.value()
        return { clientLock.release() }
    }

    /// The other process is no library of ours: it locks the file as the documentation names it.
    func holdInOtherProcess() throws -> () -> Void {
        let identity = "\(configuration.appID)\n\(configuration.userPoolID)\n\(configuration.clientID)"
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-IS", "-c", Self.holder, directory, identity]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.availableData
        try #require(said == Data("locked\n".utf8))
        return {
            input.fileHandleForWriting.closeFile()
            process.waitUntilExit()
        }
    }

    private static let holder = """
        import fcntl, hashlib, os, sys
        directory, identity = sys.argv[1:]
        os.makedirs(directory, mode=0o700, exist_ok=True)
        file = open(f"{directory}/lock-{hashlib.sha256(identity.encode()).hexdigest()}", "w")
        fcntl.flock(file, fcntl.LOCK_EX)
        print("locked", flush=True)
        sys.stdin.read()
        """

    /// A directory that others may enter is none for a lock file.
    func makeFileUnusable() throws -> () -> Void {
        mkdir(directory, 0o700)
        try #require(chmod(directory, 0o755) == 0)
        return { [directory] in chmod(directory, 0o700) }
    }

    func whenWaiting(_ action: @escaping @Sendable () -> Void) { after(milliseconds: 100, action) }
    func whenWaitingForProcess(_ action: @escaping @Sendable () -> Void) { after(milliseconds: 100, action) }
}
