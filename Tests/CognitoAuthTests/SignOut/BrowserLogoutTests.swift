// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Signing the browser out first")
struct BrowserLogoutTests {
    let world = FakeWorld.signedInByHostedUI()

    @Test("Row 1: the browser first, with no lock held; then the session is read again, and all is done as without it")
    func order() throws {
        world.browser.visits = { [world] _ in
            #expect(!world.lock.isTaken)
            return [""]
        }
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .done))
        #expect(world.journal.line == "look open take look RevokeToken reread delete look release")
        #expect(world.browser.opened == [FakeWorld.logoutURL])
        #expect(world.browser.shown == ["Your browser is signed out."])
        #expect(world.browser.listeners.map(\.isClosed) == [true])
        #expect(world.mailbox.dialogue == nil)
        #expect(world.store.items.isEmpty)
    }

    @Test("Row 2: globally too, before GlobalSignOut")
    func globally() throws {
        let report = try world.signOut(globally: true)
        #expect(
            try world.summary(report) == ReportSummary(.complete, globalSignOut: .done, revocation: .done))
        #expect(world.journal.line == "look open take look GlobalSignOut RevokeToken reread delete look release")
    }

    @Test("A session that was not signed in through the hosted UI is signed out without a browser")
    func otherMethod() throws {
        world.store.sessions = [FakeWorld.item()]
        #expect(try world.signOut().outcome == .complete)
        #expect(world.journal.line == "look take look RevokeToken reread delete look release")
        #expect(world.browser.listeners.isEmpty)
        #expect(world.store.items.isEmpty)
    }

    @Test("Of several sessions the newest that can be read decides", arguments: [true, false])
    func several(isNewest: Bool) throws {
        world.store.sessions = [
            SecretBytes("{}"), FakeWorld.item(refresh: "a", savedAt: isNewest ? 2 : 1, method: .hostedUI),
            FakeWorld.item(refresh: "b", savedAt: isNewest ? 1 : 2),
        ]
        #expect(try world.signOut().failure == nil)
        #expect(world.browser.opened.count == (isNewest ? 1 : 0))
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Row 3: where nobody is signed in no browser is started")
    func nobody() throws {
        world.store.sessions = []
        let report = try world.signOut()
        #expect(report.outcome == .complete)
        #expect(report.wasSignedIn == .no)
        #expect(world.journal.line == "look take look release")
    }

    @Test("Row 18: with a locked keyring no browser is started")
    func locked() throws {
        world.store.lockedFromCall = 0
        #expect(try world.signOut().failure?.status == .keyringLocked)
        #expect(world.journal.line == "look")
    }

    @Test("With the first redirect URI's port in use the next one is taken")
    func secondPort() throws {
        world.browser.takenPorts = [8000]
        #expect(try world.signOut().outcome == .complete)
        #expect(world.browser.opened.map { $0.hasSuffix("localhost%3A8001%2Fbye") } == [true])
    }

    @Test("What the user takes in the browser is no time of the call's")
    func time() throws {
        world.browser.visits = { [world] _ in
            world.clock.monotonicMilliseconds += 100_000
            return [""]
        }
        let report = try world.signOut(timeout: 1000)
        #expect(report.outcome == .complete)
        #expect(world.store.sessions.isEmpty)
    }

    // MARK: Redirect URIs of the program's own

    @Test("Where the program hears of the return, its report ends the step, and that of another URI does not")
    func reported() throws {
        world.options.signOutRedirectURIs = ["mail:bye"]
        world.mailbox.reports = ["mail:hello", "mail:bye"]
        #expect(try world.signOut().outcome == .complete)
        #expect(world.mailbox.reports.isEmpty)
        #expect(world.browser.opened.map { $0.hasSuffix("logout_uri=mail%3Abye") } == [true])
        #expect(world.mailbox.dialogue == nil)
    }

    @Test("A blocking call, which cannot hear of it, does nothing and says what to do", arguments: [true, false])
    func unheard(fails: Bool) throws {
        world.options.signOutRedirectURIs = ["mail:bye"]
        world.mailbox.hearsRedirects = false
        if fails { world.browserFailure = .fails }
        let report = try world.signOut()
        #expect(report.failure?.status == .invalidArgument)
        #expect(report.failure?.message.hasPrefix("sign_out_redirect_uris need") == true)
        #expect(report.failure?.suggestion == "Start the sign-out as an operation, or set skip_browser.")
        #expect(world.journal.line == "look")
        #expect(world.browser.opened.isEmpty)
        world.skipsBrowser = true
        #expect(try world.signOut().outcome == .complete)
    }

    // MARK: What others do meanwhile

    @Test("Row 27b: where another process signs out meanwhile, nothing is left to do", arguments: [true, false])
    func signedOutMeanwhile(isDone: Bool) throws {
        if !isDone { world.browser.failure = AuthFailure(.browserUnavailable) }
        world.journal.whenBegun["take 1"] = { [world] in world.store.sessions = [] }
        let report = try world.signOut()
        #expect(
            try world.summary(report)
                == ReportSummary(
                    isDone ? .complete : .partial, hostedUIError: isDone ? nil : .browserUnavailable,
                    tokensValidUntil: 0, openSteps: isDone ? nil : StepsLeft(browser: true)))
        #expect(world.journal.network.isEmpty)
        #expect(SignOutFacts(report).sentence == (isDone ? .here : .hereButBrowser))
    }

    @Test("Row 27b: globally, it is not said that the other devices are signed out")
    func signedOutMeanwhileGlobally() throws {
        world.journal.whenBegun["take 1"] = { [world] in world.store.sessions = [] }
        let report = try world.signOut(globally: true)
        #expect(report.outcome == .complete)
        #expect(report.globalSignOut == .notAttempted)
        #expect(SignOutFacts(report).sentence == .othersLeft)
    }

    @Test(
        "Row 27c: a session that was stored meanwhile stays, and nothing is revoked",
        arguments: [(true, false), (false, false), (true, true), (false, true)])
    func anotherMeanwhile(isInPlace: Bool, globally: Bool) throws {
        world.journal.whenBegun["take 1"] = { [world] in
            if isInPlace {
                world.store.replaceSession(with: OpenDeletion.another("bob"), as: "another")
            } else {
                world.store.addSession(OpenDeletion.another("alice"), as: "another")
            }
        }
        let report = try world.signOut(globally: globally)
        #expect(
            try world.summary(report)
                == ReportSummary(
                    .failed, signedOutLocally: .no, globalSignOut: globally ? .notAttempted : .notRequested,
                    revocation: .notAttempted, failure: .sessionChanged, tokensValidUntil: 0))
        #expect(world.journal.onlyLooks)
        #expect(world.store.marks.isEmpty)
        #expect(SignOutFacts(report).sentence == .stillSignedInAnew)
    }

    @Test("Row 29: what another process refreshed meanwhile is revoked and deleted")
    func refreshedMeanwhile() throws {
        world.journal.whenBegun["take 1"] = { [world] in
            world.store.refreshSession(with: FakeWorld.item(refresh: "newer", method: .hostedUI))
        }
        #expect(try world.signOut().outcome == .complete)
        #expect(world.transport.requests.map { $0.body["Token"] } == ["newer"])
        #expect(world.store.items.isEmpty)
    }
}
