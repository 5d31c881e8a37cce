// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Cancelling saving, loading and fetching")
struct CancelSessionCallTests {
    static let expired = SampleToken.access(exp: 1_516_238_000)
    static let renewed = SampleToken.access(exp: 1_516_242_000)
    let world = FakeWorld()

    @Test(
        "Row 29c: a save that is cancelled before it stores stores nothing, and says so",
        arguments: [Moment.before, .in("take 1"), .in("look 1")])
    func saveInTime(moment: Moment) throws {
        world.cancel(moment)
        let failure = try #require(throws: AuthFailure.self) {
            try world.save(FakeWorld.session(), deviceKey: "eu-west-1_key")
        }
        #expect(failure.status == .cancelled)
        #expect(failure.message == Self.notStored)
        #expect(world.journal.onlyLooks)
        #expect(world.store.sessions.isEmpty && world.store.devices.isEmpty)
        #expect(world.events.isEmpty)
    }

    private static let notStored = "The call was cancelled. (the session was not stored)"

    @Test(
        "Row 29c: a save that is cancelled while it stores fails, looks again, and says that the session is not there",
        arguments: [
            (Moment.after("look 1"), "look"), (.in("lookDevice 1"), "look"),
            (.after("lookDevice 1"), "look createDevice"),
            (.in("createDevice 1"), "look createDevice"), (.after("createDevice 1"), "look createDevice create look"),
            (.in("create 1"), "look createDevice create look"),
        ])
    func saveStoring(moment: Moment, steps: String) throws {
        world.cancel(moment)
        let failure = try #require(throws: AuthFailure.self) {
            try world.save(FakeWorld.session(), deviceKey: "eu-west-1_key")
        }
        #expect(failure.status == .cancelled)
        #expect(failure.message == Self.notStored)
        #expect(world.journal.keyring == steps)
        #expect(world.store.sessions.isEmpty)
        #expect(world.events.isEmpty)
    }

    @Test("Row 29c: where the session was stored all the same, the save says so; it is the newest session then")
    func saveStoredAllTheSame() throws {
        world.store.sessions = [FakeWorld.item(refresh: "older", savedAt: 1)]
        world.store.storesAllTheSame = true
        world.cancel(.in("create 1"))
        let failure = try #require(throws: AuthFailure.self) { try world.save(FakeWorld.session()) }
        #expect(failure.status == .cancelled)
        #expect(failure.message == "The call was cancelled. (the session was stored all the same)")
        #expect(world.journal.keyring == "look create look")
        #expect(world.events.isEmpty)
        world.cancellation.isCancelled = false
        #expect(try world.load().session.refreshToken?.text == SampleToken.refresh)
    }

    @Test(
        "Row 29c: where a second look cannot see, or no time is left for one, the save says that it is not known",
        arguments: [true, false])
    func saveUnseen(isCancelled: Bool) throws {
        if isCancelled {
            world.store.failingLooks = [2: AuthFailure(.keyringLocked)]
            world.cancel(.in("create 1"))
        } else {
            world.store.hangsFrom = "create 1"
        }
        let failure = try #require(throws: AuthFailure.self) { try world.save(FakeWorld.session()) }
        #expect(failure.status == (isCancelled ? .cancelled : .deadlineExceeded))
        #expect(failure.message.hasSuffix("(the session may have been stored, or may be yet)"))
        #expect(world.journal.keyring == "look create look")
    }

    @Test("Row 29c: nobody can cut the second look of a save short, which has the time that is left")
    func saveLookLimit() throws {
        world.cancel(.in("create 1"))
        #expect(throws: AuthFailure.self) { try world.save(FakeWorld.session()) }
        let look = try #require(world.store.limits.last)
        #expect(look.step == "look")
        #expect(look.limit.cancellation == nil)
        #expect(look.limit.deadline == 1_030_000)
    }

    @Test("Row 29c: another session that the second look shows is not taken for the one that was to be saved")
    func saveBesideAnother() throws {
        world.journal.whenBegun["look 2"] = { [store = world.store] in
            store.addSession(FakeWorld.item(), as: "another")
        }
        world.cancel(.in("create 1"))
        let failure = try #require(throws: AuthFailure.self) { try world.save(FakeWorld.session()) }
        #expect(failure.message == Self.notStored)
    }

    @Test(
        "A save that is cancelled once all is stored is done", arguments: [Moment.after("create 1"), .in("release 1")])
    func saveTooLate(moment: Moment) throws {
        world.cancel(moment)
        try world.save(FakeWorld.session(), deviceKey: "eu-west-1_key")
        #expect(world.journal.network == "")
        #expect(!world.journal.hasDeleted)
        #expect(world.journal.hasStored)
        #expect(world.store.sessions.count == 1 && world.store.devices.count == 1)
        #expect(world.events == [.sessionSaved])
    }

    @Test("A save that waits for the lock ends without one")
    func saveWaiting() throws {
        world.lock.isHeld = true
        world.cancel(.in("wait 1"))
        let failure = try #require(throws: AuthFailure.self) { try world.save(FakeWorld.session()) }
        #expect(failure.status == .cancelled)
        #expect(world.journal.line == "wait")
    }

    @Test("A load that is cancelled before it has read fails", arguments: [Moment.before, .in("look 1")])
    func load(moment: Moment) throws {
        world.store.sessions = [FakeWorld.item()]
        world.cancel(moment)
        let failure = try #require(throws: AuthFailure.self) { try world.load() }
        #expect(failure.status == .cancelled)
        #expect(world.journal.line == "look")
    }

    @Test(
        "A fetch that is cancelled before the new tokens came leaves the session as it is",
        arguments: [
            (Moment.before, true, "take look release"), (.in("take 1"), true, "take look release"),
            (.in("look 1"), true, "take look release"), (.after("look 1"), true, "take look release"),
            (.in("lookDevice 1"), true, "take look release"), (.after("lookDevice 1"), true, "take look release"),
            (.in("GetTokensFromRefreshToken 1"), false, "take look GetTokensFromRefreshToken release"),
        ])
    func fetchInTime(moment: Moment, isSent: Bool, line: String) throws {
        world.store.sessions = [FakeWorld.item(access: Self.expired)]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        world.transport.isSentWhenCancelled = isSent
        world.cancel(moment)
        let failure = try #require(throws: SessionFailure.self) { try world.fetch() }
        #expect(failure.failure.status == .cancelled)
        #expect(failure.unsaved == nil)
        #expect(world.journal.line == line)
        #expect(world.storedSessions == [FakeWorld.item(access: Self.expired)?.text])
        #expect(world.events.isEmpty)
    }

    @Test(
        "Once the new tokens came they are stored and handed out, whoever cancels: the old ones may have ended",
        arguments: [
            Moment.in("GetTokensFromRefreshToken 1"), .after("GetTokensFromRefreshToken 1"), .in("reread 1"),
            .after("reread 1"), .in("update 1"), .after("update 1"), .in("look 2"), .after("look 2"), .in("release 1"),
        ])
    func fetchTooLate(moment: Moment) throws {
        world.store.sessions = [FakeWorld.item(access: Self.expired)]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.cancel(moment)
        #expect(try world.fetch().session.refreshToken?.text == "rotated")
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(!world.journal.hasDeleted)
        #expect(world.journal.hasStored)
        #expect(world.storedSessions == [FakeWorld.item(access: Self.renewed, refresh: "rotated")?.text])
        #expect(world.events == [.sessionRefreshed])
    }

    @Test(
        "Row 25: a fetch that is cancelled while no answer comes waits 2 s, and says that the session may have ended",
        arguments: [(30_000, 2000), (2400, 1600)])
    func fetchUnanswered(timeout: Int64, wait: Int64) throws {
        world.store.sessions = [FakeWorld.item(access: Self.expired)]
        world.transport.script("GetTokensFromRefreshToken", .stall(.networkTimedOut, wasSent: true))
        world.cancel(.in("GetTokensFromRefreshToken 1"))
        let failure = try #require(throws: SessionFailure.self) { try world.fetch(timeout: timeout) }
        #expect(failure.failure.status == .cancelled)
        #expect(
            failure.failure.message
                == "Could not refresh the tokens. The call was cancelled. The session may have ended with it.")
        #expect(world.clock.monotonicMilliseconds == 1_000_000 + wait)
        #expect(world.storedSessions == [FakeWorld.item(access: Self.expired)?.text])
    }

    @Test("In the pause after a renewal that reached nobody a fetch ends at once")
    func fetchInPause() throws {
        world.store.sessions = [FakeWorld.item(access: Self.expired)]
        world.transport.goOffline()
        world.cancel(.in("pause 1"))
        let failure = try #require(throws: SessionFailure.self) { try world.fetch() }
        #expect(failure.failure.status == .cancelled)
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(!world.journal.hasDeleted)
        #expect(world.clock.monotonicMilliseconds == 1_000_000)
    }
}
