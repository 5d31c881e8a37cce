// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows 26 to 28: a browser that cannot be signed out")
struct BrowserFailureTests {
    let world = FakeWorld.signedInByHostedUI()

    @Test("Rows 26, 28: the rest is done, and the browser's step stays open", arguments: BrowserFault.allCases)
    func goesOn(fault: BrowserFault) throws {
        fault.happen(in: world)
        let report = try world.signOut()
        #expect(
            try world.summary(report)
                == ReportSummary(
                    .partial, revocation: .done, hostedUIError: fault.status, openSteps: StepsLeft(browser: true)))
        #expect(world.journal.network == "RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.store.sessions.isEmpty)
        #expect(world.events == [.signedOut])
        #expect(SignOutFacts(report).sentence == .hereButBrowser)
        #expect(world.browser.listeners.allSatisfy { $0.isClosed })
    }

    @Test(
        "Rows 26, 28: the error's token is the URL, which stands in no text and no log, and it says what to do",
        arguments: BrowserFault.allCases)
    func tells(fault: BrowserFault) throws {
        fault.happen(in: world)
        let failure = try #require(try world.signOut().hostedUIFailure)
        #expect(failure.token?.text == FakeWorld.logoutURL)
        #expect(failure.suggestion.contains("etry with the partial-failure token"))
        for text in [failure.message, failure.suggestion] + world.lines.map(\.text) {
            // Where no port is free, the redirect URIs are named.
            #expect(fault == .noPort || !text.contains("http"), "\(text)")
            #expect(!text.contains("logout?") && !text.contains("client1example"), "\(text)")
        }
        let last = try #require(world.lines.last)
        #expect(last.level == .warning)
        #expect(last.text == "Sign-out: partial; browser: \(fault.status.name)")
    }

    @Test("Rows 26, 28: where it was asked for, nothing else is done", arguments: BrowserFault.allCases, [true, false])
    func fails(fault: BrowserFault, globally: Bool) throws {
        fault.happen(in: world)
        world.browserFailure = .fails
        let report = try world.signOut(globally: globally)
        #expect(
            try world.summary(report)
                == ReportSummary(
                    .failed, signedOutLocally: .no, globalSignOut: globally ? .notAttempted : .notRequested,
                    revocation: .notAttempted, failure: fault.status, tokensValidUntil: 0))
        #expect(report.failure?.suggestion.isEmpty == false)
        #expect(report.failure?.suggestion.contains("keyring") == false)
        #expect(world.journal.onlyLooks)
        #expect(world.store.sessions.count == 1)
        #expect(world.store.marks.isEmpty)
        #expect(world.events.isEmpty)
        #expect(SignOutFacts(report).sentence == fault.sentence)
    }

    @Test("Row 26: the browser has its own time, 120 s unless the program says otherwise", arguments: [0, 250])
    func ownTime(browserTimeout: Int32) throws {
        BrowserFault.timedOut.happen(in: world)
        world.browserTimeout = browserTimeout
        let start = world.clock.monotonicMilliseconds
        #expect(try world.signOut(timeout: 1000).hostedUIFailure?.status == .browserTimedOut)
        #expect(world.clock.monotonicMilliseconds == start + (browserTimeout == 0 ? 120_000 : 250))
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Row 28: the error is told by its name, and the page says that the browser may still be signed in")
    func redirectError() throws {
        BrowserFault.redirectError.happen(in: world)
        let failure = try #require(try world.signOut().hostedUIFailure)
        #expect(failure.serviceException == "invalid_request")
        #expect(failure.message == "The browser came back with an error (invalid_request: Not registered).")
        #expect(world.browser.shown == ["Your browser may still be signed in."])
    }

    @Test("Row 26: with the steps that fail too, each is told, and a person hears of both", arguments: [true, false])
    func withOthers(globally: Bool) throws {
        BrowserFault.unavailable.happen(in: world)
        world.transport.goOffline()
        let report = try world.signOut(globally: globally)
        let left = StepsLeft(
            globalSignOut: globally ? SampleToken.access() : nil, revoke: [SampleToken.refresh], browser: true)
        #expect(try world.summary(report).openSteps == left)
        #expect(report.hostedUIFailure?.status == .browserUnavailable)
        #expect(report.revocationFailure != nil)
        #expect(SignOutFacts(report).sentence == (globally ? .othersAndBrowserOpen : .serviceAndBrowserOpen))
    }

    @Test("Row 26: after GlobalSignOut a person hears of the browser alone")
    func afterGlobalSignOut() throws {
        BrowserFault.timedOut.happen(in: world)
        #expect(SignOutFacts(try world.signOut(globally: true)).sentence == .everywhereButBrowser)
    }

    @Test("Row 23: where the deletion fails too, the token has both")
    func withDeletion() throws {
        BrowserFault.timedOut.happen(in: world)
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        let report = try world.signOut()
        #expect(report.outcome == .failed)
        #expect(report.hostedUIFailure?.status == .browserTimedOut)
        #expect(try world.summary(report).openSteps == StepsLeft(deletions: 1, browser: true))
    }

    // MARK: Cancelling

    @Test(
        "Row 27: cancelled before the browser is back nothing is done, whatever was asked for",
        arguments: [Moment.after("look 1"), .in("open 1"), .after("open 1")], [true, false])
    func cancelled(moment: Moment, fails: Bool) throws {
        if fails { world.browserFailure = .fails }
        world.browser.visits = { _ in [] }
        world.cancel(moment)
        try expectCancelled()
        #expect(world.journal.entries.allSatisfy { $0.channel != .lock })
    }

    @Test("Row 27: cancelled while the browser is waited for")
    func cancelledWaiting() throws {
        world.browser.visits = { _ in [] }
        world.clock.whenWaiting = { [world] in world.cancellation.isCancelled = true }
        try expectCancelled()
        #expect(world.browser.opened.count == 1)
    }

    @Test(
        "Rows 25, 27: cancelled after it, and before anything was sent, nothing is revoked or deleted",
        arguments: [Moment.in("take 1"), .in("look 2"), .after("look 2"), .in("RevokeToken 1")], [true, false])
    func cancelledLater(moment: Moment, isDone: Bool) throws {
        if !isDone { BrowserFault.unavailable.happen(in: world) }
        world.transport.isSentWhenCancelled = false
        world.cancel(moment)
        try expectCancelled()
    }

    private func expectCancelled() throws {
        var summary = try world.summary(try world.signOut())
        summary.tokensValidUntil = 0
        #expect(
            summary
                == ReportSummary(
                    .failed, signedOutLocally: .no, revocation: .notAttempted, failure: .cancelled, tokensValidUntil: 0)
        )
        #expect(world.store.sessions.count == 1)
        #expect(world.store.marks.isEmpty)
        #expect(!world.journal.hasDeleted)
        #expect(world.browser.listeners.allSatisfy { $0.isClosed })
        #expect(!world.lock.isTaken)
    }
}
