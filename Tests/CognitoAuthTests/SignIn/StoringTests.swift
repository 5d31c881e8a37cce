// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows S10 to S13: storing what came")
struct StoringTests {
    let scene = SignInScene()
    private var world: FakeWorld { scene.world }
    private var store: FakeStore { world.store }

    /// It failed, and the session was handed out all the same.
    @discardableResult
    private func expectHandedOut(_ status: Status, _ location: SourceLocation = #_sourceLocation) throws -> AuthFailure
    {
        let failure = try scene.failure(location)
        #expect(failure.failure.status == status, sourceLocation: location)
        #expect(failure.unsaved?.session.refreshToken?.text == SignInScene.newRefreshToken, sourceLocation: location)
        #expect(failure.unsaved?.session.username == "alice", sourceLocation: location)
        #expect(scene.revoked == [], sourceLocation: location)
        #expect(world.events.isEmpty, sourceLocation: location)
        #expect(
            world.browser.shown == ["Signing in to Example Mail did not work."], sourceLocation: location)
        scene.expectNothingLeft(location)
        return failure.failure
    }

    // MARK: Somebody else

    @Test(
        "Rows S10, S13: a session that is saved meanwhile stays, and what came is revoked",
        arguments: ["alice", "bob"])
    func savedMeanwhile(username: String) throws {
        let access = SampleToken.access(sub: "sub-of-\(username)", username: username)
        let saved = FakeWorld.item(access: access, username: username)
        world.journal.whenDone["open 1"] = { [store] in store.addSession(saved, as: "another") }
        let failure = try scene.failure()
        #expect(failure.failure.status == .alreadySignedIn)
        #expect(failure.unsaved == nil)
        #expect(scene.revoked == [SignInScene.newRefreshToken])
        #expect(world.storedSessions == [saved?.text])
        #expect(world.journal.line == "look open take token look release RevokeToken")
        scene.expectNothingLeft()
    }

    @Test("Row S10: ... which is told where it cannot be done")
    func savedMeanwhileAndNotRevoked() throws {
        world.journal.whenDone["open 1"] = { [store] in store.addSession(FakeWorld.item(), as: "another") }
        world.transport.script("RevokeToken", .lost())
        world.transport.script("RevokeToken", .lost(), .lost())
        let failure = try scene.failure().failure
        #expect(failure.status == .alreadySignedIn)
        #expect(failure.token?.text == SignInScene.newRefreshToken)
        #expect(failure.message.contains("A refresh token that no keyring holds may still be good."))
        #expect(world.lines.contains { $0.level == .warning && $0.text.contains("was not revoked") })
    }

    @Test("Row S10: an app client without revocation is no reason to say more")
    func revocationNotEnabled() throws {
        world.journal.whenDone["open 1"] = { [store] in store.addSession(FakeWorld.item(), as: "another") }
        world.transport.script("RevokeToken", .exception("UnsupportedOperationException"))
        #expect(try scene.failure().failure.message == "A user is signed in already.")
    }

    @Test("Row S10: the same user's session that is saved meanwhile is replaced where the program asks for that")
    func replacedMeanwhile() throws {
        scene.request.replacesSameUser = true
        world.journal.whenDone["open 1"] = { [store] in store.addSession(FakeWorld.item(), as: "another") }
        _ = try scene.signIn()
        #expect(store.sessions.count == 1)
    }

    @Test("Row S13: two sign-ins at once have a port each, and only the first one's session is stored")
    func twoProcesses() throws {
        world.options.signInRedirectURIs = [SignInScene.redirectURI, "http://localhost:8913/signed-in"]
        let other = SignInScene()
        other.world.options.signInRedirectURIs = world.options.signInRedirectURIs
        other.world.browser.takenPorts = [8912]
        scene.comesBack = { [world] parameters in
            _ = try? other.signIn()
            world.store.items = other.world.store.items
            return ["code=\(SignInScene.code)&state=\(parameters["state"] ?? "")"]
        }
        #expect(try scene.failure().failure.status == .alreadySignedIn)
        #expect(other.asked["redirect_uri"] == "http://localhost:8913/signed-in")
        #expect(scene.asked["redirect_uri"] == SignInScene.redirectURI)
        #expect(store.sessions.count == 1)
    }

    @Test("Row S13: with one redirect URI the second sign-in has no port, and the first goes on")
    func onePort() throws {
        let other = SignInScene()
        other.world.browser.takenPorts = [8912]
        var second: Status?
        scene.comesBack = { parameters in
            second = try? other.failure().failure.status
            return ["code=\(SignInScene.code)&state=\(parameters["state"] ?? "")"]
        }
        #expect(try scene.signIn().session.username == "alice")
        #expect(second == .browserNoPort)
        #expect(other.world.browser.opened.isEmpty)
    }

    // MARK: The keyring does not take it

    @Test(
        "Row S11: where the keyring does not store it, its status comes with the session",
        arguments: [Status.keyringFailed, .keyringUnavailable, .keyringAccessDenied])
    func notStored(status: Status) throws {
        store.storeFailure = AuthFailure(status)
        try expectHandedOut(status)
        #expect(store.sessions.isEmpty)
    }

    @Test("Row S11: so it is where the keyring was locked while the browser was open")
    func lockedMeanwhile() throws {
        world.journal.whenDone["open 1"] = { [store] in store.lockedFromCall = 0 }
        try expectHandedOut(.keyringLocked)
    }

    @Test("Where another process does not release the lock, the code is not exchanged: there is no session to be lost")
    func lockHeld() throws {
        world.lock.scope = .heldElsewhere
        #expect(try scene.failure().failure.status == .busy)
        let other = SignInScene()
        other.world.lock.isHeld = true
        let failure = try other.failure()
        #expect(failure.failure.status == .deadlineExceeded)
        #expect(failure.failure.suggestion == "Try again, with a longer timeout if that helps.")
        #expect(failure.unsaved == nil)
        #expect(world.transport.requests.isEmpty && other.world.transport.requests.isEmpty)
    }

    @Test("Row S11: where nobody takes the session it is revoked")
    func nobodyTakesIt() throws {
        scene.request.handsOut = false
        store.storeFailure = AuthFailure(.keyringFailed)
        try scene.expectFailure(.keyringFailed, network: "token RevokeToken")
        #expect(scene.revoked == [SignInScene.newRefreshToken])
    }

    @Test("Row S11: a collection that is gone by then may be made anew")
    func collectionGone() throws {
        world.promptTimeout = 120_000
        scene.browserTime = 200_000
        world.journal.whenDone["open 1"] = { [store] in store.hasCollection = false }
        _ = try scene.signIn()
        #expect(store.sessions.count == 1)
        // The user's time in the browser is none at the prompt.
        #expect(store.prompts.map(\.deadline) == [1_320_000])
    }

    @Test("Row S11: a keyring that hangs while it stores may have stored it, and the text says so")
    func hanging() throws {
        store.hangsFrom = "create 1"
        let failure = try expectHandedOut(.deadlineExceeded)
        #expect(failure.message.hasSuffix("(the session may have been stored, or may be yet)"))
    }

    @Test("Row S11: a keyring that hangs leaves time to revoke what nobody takes")
    func hangingAndNobodyTakesIt() throws {
        scene.request.handsOut = false
        store.hangsFrom = "create 1"
        let failure = try scene.failure()
        #expect(failure.failure.status == .deadlineExceeded)
        #expect(scene.revoked == [SignInScene.newRefreshToken])
        #expect(world.clock.monotonicMilliseconds <= 1_030_000)
    }

    @Test("What a keyring stored without saying so in time is a success, as a look shows")
    func storedAllTheSame() throws {
        store.hangsFrom = "create 1"
        store.storesAllTheSame = true
        world.journal.whenBegun["look 3"] = { [store, world] in
            store.isHanging = false
            world.clock.monotonicMilliseconds -= 10_000
        }
        #expect(try scene.signIn().session.username == "alice")
        #expect(world.events == [.sessionSaved])
        #expect(world.browser.shown == ["You are signed in to Example Mail."])
    }

    // MARK: Cancelled

    @Test(
        "Row S12: a sign-in that is cancelled before it stores stores nothing, and revokes what came",
        arguments: [Moment.after("token 1"), .in("look 2"), .after("look 2")])
    func cancelled(moment: Moment) throws {
        world.cancel(moment)
        try scene.expectFailure(.cancelled, network: "token RevokeToken")
        #expect(scene.revoked == [SignInScene.newRefreshToken])
        #expect(!world.journal.hasStored)
        let revocation = try #require(world.transport.requests("RevokeToken").first)
        #expect(revocation.deadline <= world.clock.monotonicMilliseconds + 2000)
    }

    @Test(
        "Row S12: once the store was sent, cancelling has no effect",
        arguments: [Moment.in("create 1"), .after("create 1")])
    func cancelledTooLate(moment: Moment) throws {
        world.cancel(moment)
        #expect(try scene.signIn().session.username == "alice")
        #expect(store.sessions.count == 1)
        #expect(world.events == [.sessionSaved])
        #expect(scene.revoked == [])
    }

    @Test("Row S12: so it is where the session takes the same user's place")
    func cancelledWhileReplacing() throws {
        store.sessions = [FakeWorld.item()]
        scene.request.replacesSameUser = true
        world.cancel(.in("create 1"))
        _ = try scene.signIn()
        #expect(store.sessions.count == 1)
        #expect(try StoredSession(#require(store.items.first)).refreshToken?.text == SignInScene.newRefreshToken)
    }

    @Test("Row S12: a sign-out while the browser is open finds nobody, and the sign-in goes on")
    func signOutMeanwhile() throws {
        var outcome: SignOutReport.Outcome?
        scene.comesBack = { [world] parameters in
            outcome = try? world.signOut().outcome
            return ["code=\(SignInScene.code)&state=\(parameters["state"] ?? "")"]
        }
        #expect(try scene.signIn().session.username == "alice")
        #expect(outcome == .complete)
        #expect(store.sessions.count == 1)
    }

    @Test(
        "The lock is held from the exchange of the code until the session is stored, and not while anything is revoked")
    func unlocked() throws {
        var seen: [Bool] = []
        for step in ["open 1", "token 1", "RevokeToken 1"] {
            world.journal.whenBegun[step] = { [world] in seen.append(world.lock.isTaken) }
        }
        world.journal.whenDone["open 1"] = { [store] in store.addSession(FakeWorld.item(), as: "another") }
        _ = try scene.failure()
        #expect(seen == [false, true, false])
    }
}
