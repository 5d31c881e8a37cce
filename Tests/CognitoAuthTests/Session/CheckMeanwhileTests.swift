// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CognitoAuth

@Suite("Checking a session that other processes change meanwhile")
struct CheckMeanwhileTests {
    let world = FakeWorld.signedIn()

    private func failure() throws -> AuthFailure { try #require(throws: AuthFailure.self) { try world.check() } }

    @Test("The lock is not held while Cognito is asked")
    func lockIsFree() throws {
        var wasTaken: [Bool] = []
        world.transport.onRequest = { [lock = world.lock] in if $0 == "GetUser" { wasTaken.append(lock.isTaken) } }
        world.transport.script("GetUser", CheckTests.expired)
        world.transport.script("GetTokensFromRefreshToken", CheckTests.renewed)
        try world.check()
        #expect(wasTaken == [false, false])
    }

    @Test(
        "Where another process signs out while Cognito is asked, nobody is signed in; that is not told as an end",
        arguments: [CheckTests.revoked, CheckTests.unknownUser, CheckTests.expired, CheckTests.scopeMissing])
    func signedOutMeanwhile(answer: FakeTransport.Answer) throws {
        world.transport.script("GetUser", answer)
        world.journal.whenDone["GetUser 1"] = { [store = world.store] in store.sessions = [] }
        #expect(try failure().status == .notSignedIn)
        #expect(world.journal.network == "GetUser")
        #expect(world.events.isEmpty)
    }

    @Test(
        "Where another process refreshes or replaces the session meanwhile, Cognito is asked about that one",
        arguments: [CheckTests.revoked, CheckTests.expired, CheckTests.scopeMissing], [true, false])
    func changedMeanwhile(answer: FakeTransport.Answer, isEnded: Bool) throws {
        world.transport.script("GetUser", answer, isEnded ? CheckTests.revoked : .user())
        world.journal.whenDone["GetUser 1"] = { [store = world.store] in
            store.refreshSession(with: FakeWorld.item(access: AnyCall.renewed, refresh: "rotated"))
        }
        if isEnded { #expect(try failure().status == .sessionEnded) } else { try world.check() }
        #expect(world.journal.network == "GetUser GetUser")
        #expect(world.transport.requests.last?.body["AccessToken"] == AnyCall.renewed)
        #expect(world.events == (isEnded ? [.sessionExpired] : []))
    }

    @Test("Where the second look cannot be had, its status is told, and no end", arguments: [true, false])
    func unseen(isBusy: Bool) throws {
        world.transport.script("GetUser", CheckTests.revoked)
        if isBusy {
            world.journal.whenDone["GetUser 1"] = { [lock = world.lock] in lock.scope = .heldElsewhere }
        } else {
            world.store.failingLooks = [2: AuthFailure(.keyringLocked)]
        }
        #expect(try failure().status == (isBusy ? .busy : .keyringLocked))
        #expect(!world.journal.hasDeleted && !world.journal.hasStored)
        #expect(world.events.isEmpty)
        #expect(!world.lock.isTaken)
    }

    @Test("A session that is signed out during the refresh does not come back, and its new refresh token is revoked")
    func goneDuringRefresh() throws {
        world.transport.script("GetUser", CheckTests.scopeMissing)
        world.transport.script("GetTokensFromRefreshToken", CheckTests.renewed)
        world.journal.whenDone["GetTokensFromRefreshToken 1"] = { [store = world.store] in store.sessions = [] }
        #expect(try failure().status == .sessionChanged)
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated"])
        #expect(world.store.sessions.isEmpty)
        #expect(world.events.isEmpty)
    }
}
