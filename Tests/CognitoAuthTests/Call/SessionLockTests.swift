// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The session's lock")
struct SessionLockTests {
    private func warnings(_ world: FakeWorld) -> [String] { world.lines.filter { $0.level == .warning }.map(\.text) }

    @Test(
        "Row 32: beside a process that hangs, saving and fetching are busy, and nothing is stored or sent",
        arguments: [AnyCall.save, .fetch, .check])
    func busy(call: AnyCall) throws {
        let world = call.world()
        let before = world.storedSessions
        world.lock.scope = .heldElsewhere
        #expect(try call.failure(in: world) == .busy)
        #expect(world.journal.onlyLooks)
        #expect(world.storedSessions == before)
        #expect(world.store.limits.isEmpty)
        #expect(world.events.isEmpty)
        #expect(!world.lock.isTaken)
    }

    @Test(
        "Row 32: beside a process that hangs, signing out goes on and says so in the log, once",
        arguments: [AnyCall.signOut, .globalSignOut, .retry])
    func goesOn(call: AnyCall) throws {
        let world = call.world()
        world.lock.scope = .heldElsewhere
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.line == call.line)
        #expect(warnings(world) == ["Sign-out: another process does not release the lock; going on without it"])
        #expect(world.events == call.events)
        #expect(!world.lock.isTaken)
    }

    @Test(
        "Without a place for a lock file every call works, and says in the log that it keeps nobody out, once",
        arguments: AnyCall.takingLock)
    func noLock(call: AnyCall) throws {
        let world = call.world()
        world.lock.scope = .noLockFile
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.line == call.line)
        #expect(
            warnings(world) == ["There is no usable place for a lock file: other processes are not kept out"])
        #expect(world.events == call.events)
        #expect(!world.lock.isTaken)
    }

    @Test("A lock that keeps everyone out is worth no line", arguments: AnyCall.takingLock)
    func everyone(call: AnyCall) throws {
        let world = call.world()
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.line == call.line)
        #expect(warnings(world).isEmpty)
    }

    @Test("A lock that was not had in time fails the call, and is not released", arguments: AnyCall.takingLock)
    func notInTime(call: AnyCall) throws {
        let world = call.world()
        world.lock.isHeld = true
        #expect(try call.failure(in: world) == .deadlineExceeded)
        #expect(world.journal.line == "wait")
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
        #expect(world.events.isEmpty)
    }

    @Test("A sign-out that got no lock in time did nothing, and says that of GlobalSignOut too")
    func notInTimeReport() throws {
        for isGlobal in [false, true] {
            let world = FakeWorld.signedIn()
            world.lock.isHeld = true
            var expected = ReportSummary.failed(.deadlineExceeded)
            if isGlobal { expected.globalSignOut = .notAttempted }
            #expect(try world.summary(world.signOut(globally: isGlobal)) == expected)
            world.expectUntouched()
        }
    }

    @Test("A retry that got no lock in time gives its token back byte for byte")
    func notInTimeRetry() throws {
        let world = FakeWorld()
        world.lock.isHeld = true
        let token = try AnyCall.token()
        let report = try world.retry(token)
        #expect(report.failure?.status == .deadlineExceeded)
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
    }

    @Test("A retry that only revokes takes no lock: it reaches no other session than its own")
    func revokingAlone() throws {
        let world = FakeWorld.signedIn()
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        let token = try #require(try world.signOut().partialFailureToken)
        world.lock.isHeld = true
        #expect(try world.retry(token).outcome == .complete)
    }

    @Test("Loading takes no lock")
    func loading() throws {
        let world = FakeWorld.signedIn()
        world.lock.isHeld = true
        _ = try world.load()
        #expect(world.journal.line == "look")
    }

    @Test(
        "The lock is released last, and by a check before Cognito is asked",
        arguments: AnyCall.takingLock)
    func releasedLast(call: AnyCall) throws {
        let world = call.world()
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.line.hasSuffix(call == .check ? "release GetUser" : "release"))
        #expect(!world.notices.isEmpty)
    }
}
