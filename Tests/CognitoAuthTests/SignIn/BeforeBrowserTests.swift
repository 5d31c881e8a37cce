// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows S2, S3: what keeps a sign-in from opening a browser")
struct BeforeBrowserTests {
    let scene = SignInScene()
    private var world: FakeWorld { scene.world }

    /// It failed without a browser or a port.
    @discardableResult
    private func expectNoBrowser(_ status: Status, _ location: SourceLocation = #_sourceLocation) throws -> AuthFailure
    {
        let failure = try scene.expectFailure(status, location)
        #expect(world.browser.opened.isEmpty, sourceLocation: location)
        #expect(world.browser.listeners.isEmpty, sourceLocation: location)
        #expect(!world.journal.line.contains("take"), sourceLocation: location)
        return failure
    }

    // MARK: Somebody is signed in

    @Test("Row S2: while a user is signed in nobody can sign in, not even the same", arguments: ["alice", "bob"])
    func signedIn(username: String) throws {
        let access = SampleToken.access(sub: "sub-of-\(username)", username: username)
        world.store.sessions = [FakeWorld.item(access: access, username: username)]
        let failure = try expectNoBrowser(.alreadySignedIn)
        #expect(failure.message == "A user is signed in already.")
        #expect(failure.suggestion == "Sign out first, then sign in again.")
    }

    @Test("Row S2: where the program asks for it, a session of the same user is replaced")
    func replaced() throws {
        world.store.sessions = [FakeWorld.item()]
        scene.request.replacesSameUser = true
        _ = try scene.signIn()
        #expect(world.store.sessions.count == 1)
        #expect(try world.load().session.refreshToken?.text == SignInScene.newRefreshToken)
        #expect(world.journal.line == "look open take token look create reread delete release look")
        #expect(scene.revoked == [])
    }

    @Test("Row S2: a session of another user is never replaced, and what came for the new one is revoked")
    func otherUser() throws {
        let bob = FakeWorld.item(access: SampleToken.access(sub: "sub-of-bob", username: "bob"), username: "bob")
        world.store.sessions = [bob]
        scene.request.replacesSameUser = true
        let failure = try scene.expectFailure(.alreadySignedIn, network: "token RevokeToken")
        #expect(failure.message == "Somebody is signed in already.")
        #expect(scene.revoked == [SignInScene.newRefreshToken])
        #expect(world.browser.shown == ["Signing in to Example Mail did not work."])
    }

    @Test("Row S2: a damaged session is nobody, whosever it was, and is replaced", arguments: [false, true])
    func damaged(replacesSameUser: Bool) throws {
        scene.request.replacesSameUser = replacesSameUser
        world.store.sessions = [
            SecretBytes(#"{"version":1,"username":"bob","refresh_token":"t"}"#), SecretBytes("?"), nil,
        ]
        _ = try scene.signIn()
        #expect(world.store.sessions.count == 1)
        #expect(try world.load().session.username == "alice")
    }

    @Test("A damaged session beside a whole one is no reason to sign somebody else in")
    func damagedBesideWhole() throws {
        world.store.sessions = [SecretBytes("?"), FakeWorld.item()]
        try expectNoBrowser(.alreadySignedIn)
    }

    // MARK: Nothing could be stored

    @Test("Row S3: a locked keyring ends the sign-in before the browser")
    func locked() throws {
        world.store.lockedFromCall = 0
        let failure = try expectNoBrowser(.keyringLocked)
        #expect(failure.suggestion == "Unlock the keyring and try again.")
    }

    @Test("Row S3: a sign-in that may ask has the keyring unlocked first")
    func unlocked() throws {
        world.store.lockedFromCall = 0
        world.promptTimeout = 120_000
        _ = try scene.signIn()
        #expect(world.journal.line == "unlock look open take token look create release")
        #expect(world.store.prompts.count == 1)
    }

    @Test("Row S3: a user who dismisses the keyring's prompt sees no browser")
    func dismissed() throws {
        world.store.lockedFromCall = 0
        world.promptTimeout = 120_000
        world.store.promptFailure = AuthFailure(.keyringPromptDismissed)
        try expectNoBrowser(.keyringPromptDismissed)
    }

    @Test(
        "Row S3: a keyring that is absent, fails or hides what it has ends the sign-in before the browser",
        arguments: [Status.keyringUnavailable, .keyringFailed, .keyringAccessDenied, .keyringNoCollection])
    func absent(status: Status) throws {
        world.store.failingLooks = [1: AuthFailure(status)]
        try expectNoBrowser(status)
    }

    @Test("Row S3: without a collection to store in there is no browser, and the advice says what would help")
    func noCollection() throws {
        world.store.hasCollection = false
        let failure = try expectNoBrowser(.keyringNoCollection)
        #expect(failure.suggestion.contains("allow_prompt"))
        #expect(world.store.prompts.isEmpty)
    }

    @Test("Row S3: a sign-in that may ask offers to have one made, and looks again before the browser")
    func collectionMade() throws {
        world.store.hasCollection = false
        world.promptTimeout = 120_000
        _ = try scene.signIn()
        #expect(world.journal.line == "unlock look createCollection look open take token look create release")
        #expect(world.store.sessions.count == 1)
    }

    @Test("Row S3: a user who does not want one sees no browser")
    func collectionDeclined() throws {
        world.store.hasCollection = false
        world.promptTimeout = 120_000
        world.store.promptFailure = AuthFailure(.keyringPromptDismissed)
        try expectNoBrowser(.keyringPromptDismissed)
    }

    @Test("A keyring that hangs ends the sign-in in the time of the call")
    func hanging() throws {
        world.store.hangsFrom = "look 1"
        try expectNoBrowser(.deadlineExceeded)
        #expect(world.clock.monotonicMilliseconds == 1_030_000)
    }

    // MARK: Nothing could be begun

    @Test("Without random numbers nothing is begun")
    func noRandomness() throws {
        world.randomness.hasRunDry = true
        let failure = try expectNoBrowser(.outOfResources)
        #expect(failure.message == "The system has no random numbers.")
        #expect(world.store.limits.isEmpty)
    }

    @Test("While a sign-in of the client waits for the browser, a second one is busy")
    func busy() throws {
        var second: Status?
        scene.comesBack = { [scene, world] parameters in
            do {
                _ = try scene.signIn()
            } catch {
                second = (error as? SessionFailure)?.failure.status
            }
            #expect(world.browser.opened.count == 1)
            return ["code=\(SignInScene.code)&state=\(parameters["state"] ?? "")"]
        }
        #expect(try scene.signIn().session.username == "alice")
        #expect(second == .busy)
        scene.expectNothingLeft()
    }
}
