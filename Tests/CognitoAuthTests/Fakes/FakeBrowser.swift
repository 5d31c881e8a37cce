// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

/// A browser by script: what it sends to the redirect URI once it was started.
final class FakeBrowser: Browser {
    /// The URLs that it was started with.
    private(set) var opened: [String] = []
    /// Why it does not start.
    var failure: AuthFailure?
    /// The ports that other programs have.
    var takenPorts: [UInt16] = []
    /// Called with each URL that the browser gets, by us or by a redirect of the listener's; what it returns arrives at the
    /// redirect URI, as queries, one after the other.
    var visits: (String) -> [String] = { _ in [] }
    /// How long it takes to be answered, in milliseconds.
    var answerTime: Int64 = 0
    /// A URL that a listener sent it on to, and that it has not reached yet.
    fileprivate var nextURL: String?
    private(set) var listeners: [FakeListener] = []
    private let journal: Journal
    private let clock: FakeClock

    init(_ journal: Journal, _ clock: FakeClock) {
        self.journal = journal
        self.clock = clock
    }

    /// What was shown to the browser, one after the other: the headings of pages, and the URLs that it was sent on to.
    fileprivate(set) var shown: [String] = []
    fileprivate(set) var pages: [BrowserPage] = []
    /// The ports that were listened to when it was sent on, the last time.
    fileprivate(set) var portsWhenSentOn: [UInt16] = []

    func open(_ url: String, _ limit: WaitLimit) throws(AuthFailure) {
        if limit.isCancelled { throw AuthFailure(.cancelled) }
        if let failure { throw failure }
        journal.begin("open", .browser)
        opened.append(url)
        visit(url)
        journal.end("open")
    }

    /// Somebody else starts it with a URL.
    func isShown(_ url: String) {
        opened.append(url)
        visit(url)
    }

    /// The browser goes to a URL.
    private func visit(_ url: String) {
        for query in visits(url) { listeners.last { !$0.isClosed }?.arrive(query) }
    }

    /// It goes where it was sent: by then somebody waits for it.
    func goOn() {
        guard let url = nextURL else { return }
        nextURL = nil
        visit(url)
    }

    func listen(
        at redirects: [LoopbackRedirect], _ pages: StandingPages
    ) throws(AuthFailure) -> any RedirectListener {
        let taken = takenPorts + listeners.filter { !$0.isClosed }.map(\.redirect.port)
        guard let free = redirects.first(where: { !taken.contains($0.port) }) else {
            throw AuthFailure(.browserNoPort)
        }
        let listener = FakeListener(free, pages, self, clock)
        listeners.append(listener)
        return listener
    }
}

final class FakeListener: RedirectListener {
    let redirect: LoopbackRedirect
    let tellsUsersApart = true
    private(set) var isClosed = false
    /// What each arrival was shown, by its number; "" if nothing yet.
    private var answers: [Int: String] = [:]
    private var arrivals: [RedirectArrival] = []
    private var count = 0
    private var hasEnded = false
    private let pages: StandingPages
    private let browser: FakeBrowser
    private let clock: FakeClock

    init(_ redirect: LoopbackRedirect, _ pages: StandingPages, _ browser: FakeBrowser, _ clock: FakeClock) {
        self.redirect = redirect
        self.pages = pages
        self.browser = browser
        self.clock = clock
    }

    /// Returns the number of the arrival.
    @discardableResult
    func arrive(_ query: String) -> Int {
        count += 1
        answers[count] = ""
        if hasEnded {
            show(pages.over, to: count)
        } else {
            arrivals.append(RedirectArrival(number: count, query: SecretBytes(query)))
        }
        return count
    }

    /// What an arrival was shown; "" if nothing yet.
    func shown(to arrival: Int) -> String { answers[arrival] ?? "" }

    func next(_ limit: WaitLimit) throws(AuthFailure) -> RedirectArrival {
        if limit.isCancelled { throw AuthFailure(.cancelled) }
        browser.goOn()
        guard !arrivals.isEmpty else { throw clock.waitInVain(limit) }
        return arrivals.removeFirst()
    }

    func answer(_ arrival: RedirectArrival, with answer: RedirectAnswer) {
        clock.monotonicMilliseconds += browser.answerTime
        switch answer {
        case .page(let page, _): show(page, to: arrival.number)
        case .redirect(let url):
            answers[arrival.number] = url
            browser.shown.append(url)
            browser.nextURL = url
            browser.portsWhenSentOn = browser.listeners.filter { !$0.isClosed }.map(\.redirect.port)
        }
    }

    private func show(_ page: BrowserPage, to arrival: Int) {
        answers[arrival] = page.heading
        browser.shown.append(page.heading)
        browser.pages.append(page)
    }

    func endArrivals() {
        hasEnded = true
        for arrival in arrivals { show(pages.over, to: arrival.number) }
        arrivals = []
    }

    func close(isCancelled: Bool) {
        if isClosed { Issue.record("a listener was closed twice") }
        isClosed = true
        for (arrival, text) in answers.sorted(by: { $0.key < $1.key }) where text.isEmpty {
            show(pages.pending, to: arrival)
        }
    }
}
