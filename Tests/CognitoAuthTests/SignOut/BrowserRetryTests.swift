// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows 26 to 28: retrying to sign the browser out")
struct BrowserRetryTests {
    /// A world after a sign-out whose browser step failed, with the other steps that failed in it.
    private func after(
        _ globally: Bool = false, _ change: (FakeWorld) -> Void = { _ in }
    ) throws -> (world: FakeWorld, token: SecretBytes) {
        let world = FakeWorld.signedInByHostedUI()
        BrowserFault.timedOut.happen(in: world)
        change(world)
        let token = try #require(try world.signOut(globally: globally).partialFailureToken)
        let later = FakeWorld()
        later.configureHostedUI()
        later.store.items = world.store.items
        return (later, token)
    }

    @Test("The browser alone needs no keyring, no network and no lock, and is then finished")
    func alone() throws {
        let (world, token) = try after()
        world.store.lockedFromCall = 0
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == ReportSummary(.complete, wasSignedIn: .unknown, signedOutLocally: .unknown, tokensValidUntil: 0))
        #expect(world.journal.line == "open")
        #expect(world.browser.opened == [FakeWorld.logoutURL])
        #expect(world.events.isEmpty)
        #expect(SignOutFacts(report).sentence == .finished)
    }

    @Test("It is open as long as it fails", arguments: BrowserFault.allCases)
    func failsAgain(fault: BrowserFault) throws {
        let (world, token) = try after()
        fault.happen(in: world)
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == ReportSummary(
                    .partial, wasSignedIn: .unknown, signedOutLocally: .unknown, hostedUIError: fault.status,
                    tokensValidUntil: 0, openSteps: StepsLeft(browser: true)))
        #expect(SignOutFacts(report).sentence == .browserOpen)
        let next = FakeWorld()
        next.configureHostedUI()
        #expect(try next.retry(try #require(report.partialFailureToken)).outcome == .complete)
    }

    @Test("Where failing was asked for, it changes nothing", arguments: BrowserFault.allCases)
    func fails(fault: BrowserFault) throws {
        let (world, token) = try after { $0.transport.goOffline() }
        fault.happen(in: world)
        world.browserFailure = .fails
        let report = try world.retry(token)
        #expect(report.failure?.status == fault.status)
        #expect(report.failure?.suggestion.hasSuffix("Then retry with the newest token.") == true)
        #expect(report.partialFailureToken?.text == token.text)
        #expect(world.journal.network.isEmpty)
    }

    @Test("It is run before anything is sent", arguments: [true, false])
    func order(globally: Bool) throws {
        let (world, token) = try after(globally) { $0.transport.goOffline() }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.revocation == .done)
        #expect(report.signedOutLocally == .yes)
        #expect(
            world.journal.line
                == (globally ? "open take look GlobalSignOut RevokeToken release" : "open look RevokeToken"))
        #expect(report.partialFailureToken == nil)
    }

    @Test("Where only the rest fails, the browser is not in the new token", arguments: [true, false])
    func restFails(globally: Bool) throws {
        let (world, token) = try after(globally) { $0.transport.goOffline() }
        world.transport.goOffline()
        let report = try world.retry(token)
        #expect(report.hostedUIFailure == nil)
        #expect(try world.summary(report).openSteps?.browser == false)
        #expect(try world.summary(report).openSteps?.revoke == [SampleToken.refresh])
    }

    @Test("Nor where the keyring cannot be read after it: a browser is not signed out twice")
    func lockedAfterwards() throws {
        let (world, token) = try after { $0.store.deleteFailure = AuthFailure(.keyringFailed) }
        world.store.lockedFromCall = 0
        let report = try world.retry(token)
        #expect(report.failure?.status == .keyringLocked)
        #expect(try world.summary(report).openSteps == StepsLeft(deletions: 1))
    }

    @Test("With the deletion it is finished, and the mark stays for the next sign-in", arguments: [true, false])
    func withDeletion(isDone: Bool) throws {
        let (world, token) = try after { $0.store.deleteFailure = AuthFailure(.keyringFailed) }
        if !isDone {
            BrowserFault.unavailable.happen(in: world)
            world.store.marks = []
        }
        let report = try world.retry(token)
        #expect(report.signedOutLocally == .yes)
        #expect(report.outcome == (isDone ? .complete : .partial))
        #expect(try world.summary(report).openSteps == (isDone ? nil : StepsLeft(browser: true)))
        #expect(world.store.sessions.isEmpty)
        #expect(world.store.marks.count == 1)
        #expect(world.events == [.signedOut])
    }

    @Test("Row 27: cancelled in the browser it changes nothing")
    func cancelled() throws {
        let (world, token) = try after { $0.transport.goOffline() }
        world.browser.visits = { _ in [] }
        world.clock.whenWaiting = { [world] in world.cancellation.isCancelled = true }
        let report = try world.retry(token)
        #expect(report.failure?.status == .cancelled)
        #expect(report.partialFailureToken?.text == token.text)
        #expect(world.journal.network.isEmpty)
    }

    @Test("It is given up where a retry leaves the browser out, and the rest is done", arguments: [true, false])
    func givenUp(isAlone: Bool) throws {
        let (world, token) = try after { if !isAlone { $0.transport.goOffline() } }
        world.skipsBrowser = true
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.partialFailureToken == nil)
        #expect(world.journal.line == (isAlone ? "" : "look RevokeToken"))
        #expect(world.browser.listeners.isEmpty)
    }

    @Test("A client that knows no hosted UI says what is missing, and keeps the token", arguments: [true, false])
    func notConfigured(hasDomain: Bool) throws {
        let (world, token) = try after()
        if hasDomain { world.options.signOutRedirectURIs = [] } else { world.options.hostedUIDomain = nil }
        let report = try world.retry(token)
        #expect(report.failure?.status == .invalidArgument)
        let name = hasDomain ? "sign_out_redirect_uris are" : "hosted_ui_domain is"
        #expect(report.failure?.message == "\(name) required.")
        #expect(report.partialFailureToken?.text == token.text)
    }

    @Test("The URL is built anew: it is that of the client that retries")
    func newURL() throws {
        let (world, token) = try after()
        #expect(Base64URL.decode(text: String(token.text.split(separator: ".")[1]))?.text.contains("http") == false)
        world.options.hostedUIDomain = "login.example.com"
        #expect(try world.retry(token).outcome == .complete)
        #expect(world.browser.opened.map { $0.hasPrefix("https://login.example.com/logout?") } == [true])
    }

    @Test("Another session that was stored since is not signed out; that of the browser is")
    func anotherSession() throws {
        let (world, token) = try after { $0.transport.goOffline() }
        world.store.sessions = [OpenDeletion.another("bob")]
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .no)
        #expect(world.store.sessions.count == 1)
    }
}
