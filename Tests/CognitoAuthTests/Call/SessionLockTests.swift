// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Turns")
struct TurnTests {
    private func warnings(_ world: FakeWorld) -> [String] { world.lines.filter { $0.level == .warning }.map(\.text) }

    @Test(
        "Row 32: beside a process that hangs, saving and fetching are busy, and nothing is stored or sent",
        arguments: [AnyCall.save, .fetch])
    func busy(call: AnyCall) throws {
        let world = call.world()
        let before = world.storedSessions
        world.turn.scope = .thisProcessOnly
        #expect(try call.failure(in: world) == .busy)
        #expect(world.journal.line == "take giveBack")
        #expect(world.storedSessions == before)
        #expect(world.store.limits.isEmpty)
        #expect(world.events.isEmpty)
        #expect(!world.turn.isTaken)
    }

    @Test(
        "Row 32: beside a process that hangs, signing out goes on and says so in the log, once",
        arguments: [AnyCall.signOut, .globalSignOut, .retry])
    func goesOn(call: AnyCall) throws {
        let world = call.world()
        world.turn.scope = .thisProcessOnly
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.line == call.line)
        #expect(warnings(world) == ["Sign-out: another process does not end its turn; going on without it"])
        #expect(world.events == call.events)
        #expect(!world.turn.isTaken)
    }

    @Test(
        "Without a place for a lock file every call works, and says in the log that it keeps nobody out, once",
        arguments: AnyCall.takingTurns)
    func noLock(call: AnyCall) throws {
        let world = call.world()
        world.turn.scope = .thisProcessOnlyForWantOfALock
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.line == call.line)
        #expect(
            warnings(world) == ["There is no usable place for a lock file: other processes are not kept out"])
        #expect(world.events == call.events)
        #expect(!world.turn.isTaken)
    }

    @Test("A turn that keeps everyone out is worth no line", arguments: AnyCall.takingTurns)
    func everyone(call: AnyCall) throws {
        let world = call.world()
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.line == call.line)
        #expect(warnings(world).isEmpty)
    }

    @Test("A turn that was not had in time fails the call, and is not given back", arguments: AnyCall.takingTurns)
    func notInTime(call: AnyCall) throws {
        let world = call.world()
        world.turn.isHeld = true
        #expect(try call.failure(in: world) == .deadlineExceeded)
        #expect(world.journal.line == "wait")
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
        #expect(world.events.isEmpty)
    }

    @Test("A sign-out that got no turn in time did nothing, and says that of GlobalSignOut too")
    func notInTimeReport() throws {
        for isGlobal in [false, true] {
            let world = FakeWorld.signedIn()
            world.turn.isHeld = true
            var expected = ReportSummary.failed(.deadlineExceeded)
            if isGlobal { expected.globalSignOut = .notAttempted }
            #expect(try world.summary(world.signOut(globally: isGlobal)) == expected)
            world.expectUntouched()
        }
    }

    @Test("A retry that got no turn in time gives its token back byte for byte")
    func notInTimeRetry() throws {
        let world = FakeWorld()
        world.turn.isHeld = true
        let token = try AnyCall.token()
        let report = try world.retry(token)
        #expect(report.failure?.status == .deadlineExceeded)
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
    }

    @Test("Loading takes no turn")
    func loading() throws {
        let world = FakeWorld.signedIn()
        world.turn.isHeld = true
        _ = try world.load()
        #expect(world.journal.line == "look")
    }

    @Test(
        "The turn is given back last, and before anything is told",
        arguments: AnyCall.takingTurns)
    func givenBackBeforeTelling(call: AnyCall) throws {
        let world = call.world()
        world.journal.whenBegun["giveBack 1"] = { [unowned world] in #expect(world.notices.isEmpty) }
        #expect(try call.failure(in: world) == nil)
        #expect(world.journal.entries.last == "giveBack")
        #expect(!world.notices.isEmpty)
    }
}
