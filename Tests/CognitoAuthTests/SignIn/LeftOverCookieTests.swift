// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row S14: a browser that was left signed in")
struct LeftOverCookieTests {
    let scene = SignInScene()
    private var world: FakeWorld { scene.world }
    private static let warning =
        "Sign-in: the browser may be signed in still, and no sign-out redirect URI can be used to sign it out first"

    init() {
        world.store.marks = [SecretBytes("{}")]
        world.options.signInRedirectURIs = [SignInScene.redirectURI, "http://localhost:8913/"]
    }

    private var warnings: [String] { world.lines.filter { $0.level == .warning }.map(\.text) }

    /// The logout page was opened first, returned to `uri`, and sent on to sign-in.
    private func expectSignedOutFirst(_ uri: String, _ location: SourceLocation = #_sourceLocation) throws {
        _ = try scene.signIn()
        #expect(world.browser.opened.count == 1, sourceLocation: location)
        let logout = try #require(world.browser.opened.first, sourceLocation: location)
        #expect(logout.hasPrefix("https://auth.example.com/logout?"), sourceLocation: location)
        #expect(
            URLQuery.parameters(of: logout) == ["client_id": FakeWorld.clientID, "logout_uri": uri],
            sourceLocation: location)
        #expect(scene.asked["prompt"] == "login", sourceLocation: location)
        #expect(scene.asked["redirect_uri"] == SignInScene.redirectURI, sourceLocation: location)
        #expect(scene.exchange?.body["redirect_uri"] == SignInScene.redirectURI, sourceLocation: location)
        #expect(world.browser.shown.count == 2, sourceLocation: location)
        #expect(world.browser.shown.contains("You are signed in to Example Mail."), sourceLocation: location)
        #expect(world.store.marks.isEmpty, sourceLocation: location)
        #expect(world.store.sessions.count == 1, sourceLocation: location)
        #expect(warnings == [], sourceLocation: location)
        scene.expectNothingLeft(location)
    }

    @Test("Row S14: the browser is signed out first, and sent on to sign-in by its return")
    func otherPort() throws {
        world.options.signOutRedirectURIs = ["http://localhost:8920/signed-out"]
        try expectSignedOutFirst("http://localhost:8920/signed-out")
        #expect(world.browser.listeners.map(\.redirect.port) == [8912, 8920, 8912])
    }

    @Test("Row S14: the sign-in's port is listened to before the browser is sent on, which may be back at once")
    func portsOpen() throws {
        world.options.signOutRedirectURIs = ["http://localhost:8912/signed-out", "http://localhost:8913/signed-out"]
        try expectSignedOutFirst("http://localhost:8913/signed-out")
        #expect(world.browser.portsWhenSentOn == [8913, 8912])
    }

    @Test("Row S14: ... also where both come back to one port", arguments: ["/signed-out", "/signed-in"])
    func samePort(path: String) throws {
        world.options.signOutRedirectURIs = ["http://localhost:8912\(path)"]
        try expectSignedOutFirst("http://localhost:8912\(path)")
        #expect(world.browser.listeners.map(\.redirect.port) == [8912, 8912, 8912])
    }

    @Test("Row S14: ... and also where the program hears of the sign-in's return")
    func programRedirect() throws {
        world.options.signInRedirectURIs = ["myapp://signed-in"]
        world.options.signOutRedirectURIs = ["http://localhost:8920/"]
        world.mailbox.whenAwaiting = { [browser = world.browser] in browser.goOn() }
        scene.comesBack = { [world] in
            world.mailbox.reports = ["myapp://signed-in?code=\(SignInScene.code)&state=\($0["state"] ?? "")"]
            return []
        }
        _ = try scene.signIn()
        #expect(world.browser.opened.first?.contains("/logout?") == true)
        #expect(scene.asked["prompt"] == "login")
        scene.expectNothingLeft()
    }

    @Test("Row S14: whatever the program asks for, the user has to sign in anew", arguments: [0, 2, 3] as [Int32])
    func prompt(number: Int32) throws {
        scene.request.prompt = number
        _ = try scene.signIn()
        #expect(scene.asked["prompt"] == "login")
    }

    @Test(
        "Row S14: without a sign-out redirect URI of this machine the user is asked, and the log says what is missing",
        arguments: [[], ["myapp://signed-out"], ["http://localhost:8920/"]])
    func noRedirect(redirects: [String]) throws {
        world.options.signOutRedirectURIs = redirects
        world.browser.takenPorts = [8920]
        _ = try scene.signIn()
        #expect(world.browser.opened.count == 1)
        #expect(world.browser.opened.first?.contains("/oauth2/authorize?") == true)
        #expect(scene.asked["prompt"] == "login")
        #expect(warnings == [Self.warning])
        #expect(world.store.marks.isEmpty)
        scene.expectNothingLeft()
    }

    @Test(
        "Row S14: the mark stays until a session is stored",
        arguments: ["before", "logout", "sign-in", "token", "store"])
    func markStays(failing: String) throws {
        world.options.signOutRedirectURIs = ["http://localhost:8912/signed-out"]
        switch failing {
        case "before": world.browser.failure = AuthFailure(.browserUnavailable)
        case "logout": scene.comesBackFromLogout = { ["error=invalid_request"] }
        case "sign-in": scene.comesBack = { _ in [] }
        case "token": world.transport.script("token", .lost())
        default: world.store.storeFailure = AuthFailure(.keyringFailed)
        }
        _ = try scene.failure()
        #expect(world.store.marks.count == 1)
        scene.expectNothingLeft()
    }

    @Test("Row S14: a browser that does not come back from its sign-out does not sign in")
    func noReturn() throws {
        world.options.signOutRedirectURIs = ["http://localhost:8920/"]
        scene.comesBackFromLogout = { [] }
        let failure = try scene.expectFailure(.browserTimedOut)
        #expect(failure.message.contains("the sign-out redirect URI must be registered"))
        #expect(world.clock.monotonicMilliseconds == 1_300_000)
    }

    @Test("Row S14: a port that somebody takes while the browser is signed out ends the sign-in")
    func portTaken() throws {
        world.options.signOutRedirectURIs = ["http://localhost:8920/"]
        scene.comesBackFromLogout = { [world] in
            world.browser.takenPorts = [8912]
            return [""]
        }
        try scene.expectFailure(.browserNoPort)
    }

    @Test("Row S14: an error that comes back from its sign-out ends nothing, as any page could send one")
    func foreignError() throws {
        world.options.signOutRedirectURIs = ["http://localhost:8920/"]
        scene.comesBackFromLogout = { ["error=access_denied", ""] }
        #expect(try scene.signIn().session.username == "alice")
        #expect(world.store.marks.isEmpty)
        scene.expectNothingLeft()
    }

    @Test("Row S14: ... and is told where nothing better comes")
    func onlyError() throws {
        world.options.signOutRedirectURIs = ["http://localhost:8920/"]
        scene.comesBackFromLogout = { ["error=invalid_request"] }
        let failure = try scene.expectFailure(.browserRedirectError)
        #expect(failure.serviceException == "invalid_request")
        #expect(world.clock.monotonicMilliseconds == 1_300_000)
        #expect(world.store.marks.count == 1)
    }

    @Test("Row S14: a mark that cannot be deleted is no reason to fail, and asks again the next time")
    func markNotDeleted() throws {
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        _ = try scene.signIn()
        #expect(world.store.marks.count == 1)
        #expect(warnings.contains("Save: a mark was not deleted: AUTH_STATUS_KEYRING_FAILED"))
    }

    @Test("A mark that came while the browser was open stays: it is of a later sign-out")
    func laterMark() throws {
        world.journal.whenDone["open 1"] = { [store = world.store] in
            store.items.append(
                StoredItem(path: "/item/later", attributes: ItemAttributes(.browser), secret: SecretBytes("{}")))
        }
        _ = try scene.signIn()
        #expect(world.store.items.filter { $0.attributes.kind == .browser }.map(\.path) == ["/item/later"])
    }

    @Test("What is stored in the place of a mark that another sign-in has deleted meanwhile stays")
    func placeOfMark() throws {
        let place = try #require(world.store.items.first?.path)
        world.journal.whenDone["open 1"] = { [store = world.store] in store.marks = [] }
        world.journal.whenDone["create 1"] = { [store = world.store] in
            store.items = store.items.map { StoredItem(path: place, attributes: $0.attributes, secret: $0.secret) }
        }
        _ = try scene.signIn()
        #expect(world.store.sessions.count == 1)
        #expect(warnings == [Self.warning])
    }

    @Test("Without a mark nobody is signed out first, and no prompt is asked for")
    func unmarked() throws {
        world.store.marks = []
        world.options.signOutRedirectURIs = ["http://localhost:8912/signed-out"]
        _ = try scene.signIn()
        #expect(scene.asked["prompt"] == nil)
        #expect(world.browser.opened.first?.contains("/oauth2/authorize?") == true)
    }
}
