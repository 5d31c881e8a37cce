// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux

@testable import CognitoAuth
@testable import LoopbackBrowser

/// Where a browser comes back to, and the browser that does.
protocol BrowserSubject: TimedSubject {
    var browser: any Browser { get }
    /// Redirect URIs of this machine that nobody uses.
    func redirects(_ count: Int) -> [LoopbackRedirect]
    /// Another program takes the port of one of them, for as long as the test lasts.
    func take(_ redirect: LoopbackRedirect)
    /// A browser comes to the redirect URI with a query. Returns what it is shown in the end: a heading, or a URL.
    func visit(_ redirect: LoopbackRedirect, _ query: String) throws -> () throws -> String
    /// Does something once somebody waits.
    func whenWaiting(_ action: @escaping @Sendable () -> Void)
}

extension BrowserSubject {
    static var pages: StandingPages {
        StandingPages(
            pending: BrowserPage(heading: "Pending", text: "Return."),
            over: BrowserPage(heading: "Over", text: "Return."),
            refused: BrowserPage(heading: "Refused", text: "Return."))
    }

    func listen(_ redirects: [LoopbackRedirect]) throws -> any RedirectListener {
        try browser.listen(at: redirects, Self.pages)
    }
}

enum Browsers {
    static let all: [Implementation<any BrowserSubject>] = [
        Implementation("FakeBrowser") { FakeBrowserSubject() },
        Implementation("LoopbackBrowser") { LoopbackBrowserSubject() },
    ]
}

struct FakeBrowserSubject: BrowserSubject {
    private let fakeClock: FakeClock
    private let fake: FakeBrowser

    init() {
        let journal = Journal()
        fakeClock = FakeClock(journal)
        fake = FakeBrowser(journal, fakeClock)
    }

    var browser: any Browser { fake }
    var clock: any Clock { fakeClock }

    func redirects(_ count: Int) -> [LoopbackRedirect] {
        (0..<count).map { .sample("http://localhost:\(8080 + $0)/back") }
    }

    func take(_ redirect: LoopbackRedirect) { fake.takenPorts.append(redirect.port) }

    func visit(_ redirect: LoopbackRedirect, _ query: String) throws -> () throws -> String {
        struct NobodyListens: Error {}
        guard let listener = fake.listeners.last(where: { $0.redirect.port == redirect.port && !$0.isClosed }) else {
            throw NobodyListens()
        }
        let number = listener.arrive(query)
        return { listener.shown(to: number) }
    }

    func whenWaiting(_ action: @escaping @Sendable () -> Void) { fakeClock.whenWaiting = action }
}

final class LoopbackBrowserSubject: BrowserSubject {
    let browser: any Browser
    let clock: any Clock = SystemClock()
    private var taken: [Int32] = []

    init(_ change: (inout ListenerLimits) -> Void = { _ in }) {
        var limits = ListenerLimits()
        change(&limits)
        browser = LoopbackBrowser(limits)
    }

    deinit { for descriptor in taken { close(descriptor) } }

    func redirects(_ count: Int) -> [LoopbackRedirect] {
        (0..<count).map { _ in .sample("http://localhost:\(LoopbackAddress.freePort())/back") }
    }

    func take(_ redirect: LoopbackRedirect) { taken.append(LoopbackAddress.take(redirect.port, AF_INET)) }

    func visit(_ redirect: LoopbackRedirect, _ query: String) throws -> () throws -> String {
        let client = try LoopbackClient(redirect.port)
        client.request("/back?\(query)", "localhost:\(redirect.port)")
        return {
            let answer = try client.answer()
            return answer?["Location"] ?? answer?.heading ?? ""
        }
    }

    func whenWaiting(_ action: @escaping @Sendable () -> Void) { after(milliseconds: 50, action) }
}
