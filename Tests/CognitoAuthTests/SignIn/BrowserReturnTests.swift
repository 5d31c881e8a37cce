// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows S4 to S6: how the browser comes back, or does not")
struct BrowserReturnTests {
    let scene = SignInScene()
    private var world: FakeWorld { scene.world }

    // MARK: It does not come back

    @Test("Row S4: where no browser can be started, nothing is stored and the port is free again")
    func noBrowser() throws {
        world.browser.failure = AuthFailure(.browserUnavailable)
        let failure = try scene.expectFailure(.browserUnavailable)
        #expect(failure.suggestion == "Set a default browser and try again.")
        #expect(world.browser.listeners.count == 1)
    }

    @Test("Row S4: a program that does not start one says so")
    func programDeclines() throws {
        world.mailbox.opensURLs = true
        world.mailbox.answer = false
        try scene.expectFailure(.browserUnavailable)
        #expect(world.browser.opened.isEmpty)
    }

    @Test("Row S4: where no port is free no browser is started")
    func noPort() throws {
        world.options.signInRedirectURIs = [SignInScene.redirectURI, "http://localhost:8913/"]
        world.browser.takenPorts = [8912, 8913]
        try scene.expectFailure(.browserNoPort)
        #expect(world.browser.opened.isEmpty)
    }

    @Test("The first redirect URI is used whose port is free, and the exchange names it byte for byte")
    func secondPort() throws {
        world.options.signInRedirectURIs = [SignInScene.redirectURI, "http://127.0.0.1:8913"]
        world.browser.takenPorts = [8912]
        _ = try scene.signIn()
        #expect(scene.asked["redirect_uri"] == "http://127.0.0.1:8913")
        #expect(scene.exchange?.body["redirect_uri"] == "http://127.0.0.1:8913")
    }

    @Test(
        "Row S4: a browser that does not come back is waited for 300 s, or as long as the program says",
        arguments: [(0, 300_000), (5000, 5000)] as [(Int32, Int64)])
    func timedOut(asked: Int32, time: Int64) throws {
        scene.comesBack = { _ in [] }
        scene.request.browserTimeout = asked
        let failure = try scene.expectFailure(.browserTimedOut)
        #expect(world.clock.monotonicMilliseconds == 1_000_000 + time)
        let advice =
            "Look at the page in the browser. If it shows an error, check the domain, the client id, and whether the redirect URI is registered for the app client; then sign in again."
        #expect(failure.suggestion == advice)
    }

    @Test("Row S4: so is one that a program started")
    func timedOutOfProgram() throws {
        scene.comesBack = { _ in [] }
        world.options.signInRedirectURIs = ["myapp://signed-in"]
        try scene.expectFailure(.browserTimedOut)
        #expect(world.clock.monotonicMilliseconds == 1_300_000)
    }

    @Test("Row S4: a sign-in that is cancelled while the browser is open ends there")
    func cancelled() throws {
        scene.comesBack = { _ in [] }
        world.clock.whenWaiting = { [world] in world.cancellation.isCancelled = true }
        try scene.expectFailure(.cancelled)
        #expect(world.clock.monotonicMilliseconds == 1_000_000)
    }

    @Test("Row S4: so does one that is cancelled before", arguments: [Moment.before, .in("look 1"), .in("open 1")])
    func cancelledBefore(moment: Moment) throws {
        scene.comesBack = { _ in [] }
        world.cancel(moment)
        try scene.expectFailure(.cancelled)
    }

    // MARK: It comes back with an error

    @Test("Row S5: what the user declines is told with the code, at once")
    func declined() throws {
        scene.comesBack = { ["error=access_denied&error_description=No%2C+thanks.&state=\($0["state"] ?? "")"] }
        let failure = try scene.expectFailure(.browserRedirectError)
        #expect(failure.serviceException == "access_denied")
        #expect(failure.message == "The browser came back with an error (access_denied: No, thanks.).")
        #expect(world.clock.monotonicMilliseconds == 1_000_000)
        #expect(world.browser.shown == ["Sign-in failed."])
    }

    @Test("Row S5: an error without a state ends nothing, and is told at the time-out")
    func withoutState() throws {
        scene.comesBack = { _ in ["error=server_error"] }
        let failure = try scene.expectFailure(.browserRedirectError)
        #expect(failure.serviceException == "server_error")
        #expect(world.clock.monotonicMilliseconds == 1_300_000)
        #expect(world.browser.shown == ["Sign-in failed."])
    }

    @Test("Row S5: ... and is forgotten where the user goes on and signs in")
    func withoutStateAndBack() throws {
        scene.comesBack = { ["error=server_error", "code=\(SignInScene.code)&state=\($0["state"] ?? "")"] }
        #expect(try scene.signIn().session.username == "alice")
        #expect(world.browser.shown == ["Sign-in failed.", "You are signed in to Example Mail."])
    }

    @Test("Row S5: a cancelled sign-in is cancelled, whatever error came before")
    func withoutStateAndCancelled() throws {
        scene.comesBack = { _ in ["error=server_error"] }
        world.clock.whenWaiting = { [world] in world.cancellation.isCancelled = true }
        try scene.expectFailure(.cancelled)
    }

    @Test("Row S5: where scopes are refused, error and advice say which", arguments: ["", "&state="])
    func invalidScope(state: String) throws {
        scene.request.scopes = ["openid", "https://example.com/write"]
        scene.comesBack = { ["error=invalid_scope" + (state.isEmpty ? "" : state + ($0["state"] ?? ""))] }
        let failure = try scene.expectFailure(.browserRedirectError)
        #expect(failure.serviceException == "invalid_scope")
        #expect(failure.message.hasSuffix(" The scopes were: openid https://example.com/write."))
        #expect(failure.suggestion == "Ask for other scopes, or allow these to the app client.")
    }

    @Test("What is no name of an error is not told as one", arguments: ["Access%20Denied", "%3Cscript%3E", ""])
    func nameless(error: String) throws {
        scene.comesBack = { ["error=\(error)&state=\($0["state"] ?? "")"] }
        #expect(try scene.expectFailure(.browserRedirectError).serviceException == nil)
    }

    // MARK: What comes is not ours

    @Test(
        "Row S6: a foreign, missing or doubled state or code ends nothing",
        arguments: [
            "", "code=evil", "state={state}", "code=evil&state=other", "code=evil&state=", "code=evil&state={state}x",
            "code=evil&code=evil&state={state}", "code=evil&state={state}&state={state}",
            "code=evil&state=other&state={state}", "code=&state={state}", "code=evil&error=access_denied&state={state}",
            "error=access_denied&error=access_denied&state={state}", "error=access_denied&state=other",
            "error=access_denied&state={state}&state={state}", "CODE=evil&STATE={state}", "code=evil&state={state}%00",
            "code=evil;state={state}", "code=evil&%00state={state}",
        ])
    func foreign(query: String) throws {
        scene.comesBack = {
            let state = $0["state"] ?? ""
            return [query.replacing("{state}", with: state), "code=\(SignInScene.code)&state=\(state)"]
        }
        #expect(try scene.signIn().session.username == "alice")
        #expect(scene.exchange?.body["code"] == SignInScene.code)
        #expect(world.browser.shown == ["Nothing is here.", "You are signed in to Example Mail."])
    }

    @Test("Row S6: where only such things come, the sign-in times out as if nothing had")
    func onlyForeign() throws {
        scene.comesBack = { _ in ["code=evil&state=other", "error=access_denied&state=other"] }
        try scene.expectFailure(.browserTimedOut)
        #expect(world.browser.shown == ["Nothing is here.", "Nothing is here."])
    }

    @Test("Row S6: where such things come without end, the sign-in still ends in its time")
    func withoutEnd() throws {
        world.browser.answerTime = 1000
        scene.comesBack = { _ in Array(repeating: "code=evil&state=other", count: 1000) }
        try scene.expectFailure(.browserTimedOut)
        #expect(world.browser.shown.count { $0 == "Nothing is here." } == 300)
    }

    @Test("Row S6: what a program reports and is not ours ends nothing either")
    func foreignReport() throws {
        world.options.signInRedirectURIs = ["myapp://signed-in"]
        scene.comesBack = { [world] in
            let query = "code=\(SignInScene.code)&state=\($0["state"] ?? "")"
            world.mailbox.reports = [
                "myapp://signed-out?\(query)", "myapp://signed-in?code=evil&state=other", "myapp://signed-in#\(query)",
                "myapp://signed-in", "", "myapp://signed-in/?\(query)",
            ]
            return []
        }
        #expect(try scene.signIn().session.username == "alice")
        #expect(world.mailbox.reports.isEmpty)
    }

    @Test("Row S6: a second redirect after the first is told that it is over, and changes nothing")
    func second() throws {
        scene.comesBack = { [world] parameters in
            let query = "code=\(SignInScene.code)&state=\(parameters["state"] ?? "")"
            world.journal.whenBegun["token 1"] = { world.browser.listeners.last?.arrive(query) }
            return [query]
        }
        _ = try scene.signIn()
        #expect(world.browser.shown == ["Nothing is left to do here.", "You are signed in to Example Mail."])
        #expect(world.journal.network == "token")
    }

    @Test(
        "Row S6: once the browser came back, the program can neither report another return nor open it again",
        arguments: ["http://localhost:8912/signed-in", "myapp://signed-in"])
    func dialogueEnds(redirectURI: String) throws {
        world.options.signInRedirectURIs = [redirectURI]
        scene.comesBack = { [world] in
            let query = "code=\(SignInScene.code)&state=\($0["state"] ?? "")"
            world.mailbox.reports = ["myapp://signed-in?\(query)"]
            return [query]
        }
        var isWaitedFor: Bool?
        world.journal.whenBegun["token 1"] = { [world] in isWaitedFor = world.mailbox.dialogue != nil }
        _ = try scene.signIn()
        #expect(isWaitedFor == false)
    }
}
