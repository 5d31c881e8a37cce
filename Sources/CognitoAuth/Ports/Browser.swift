// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// The user's browser, and the address on this machine that it comes back to.
public protocol Browser: AnyObject {
    /// Starts the browser with a URL, and waits neither for the page nor for the browser's end. A start that hangs is left
    /// behind at the limit, and counts as one that may have worked. Fails with `browserUnavailable`, `cancelled` or
    /// `outOfResources`.
    func open(_ url: String, _ limit: WaitLimit) throws(AuthFailure)
    /// Listens at the first of `redirects` that is free. Fails with `browserNoPort` if none is, and with `outOfResources`.
    func listen(at redirects: [LoopbackRedirect], _ pages: StandingPages) throws(AuthFailure) -> any RedirectListener
}

/// Listens on the loopback for the browser to come back, until it is closed.
///
/// It takes what a browser shows to its user: a GET of the bound path, from a process of our own user, to a host that is
/// ours, and of no other page's making. All else it refuses by itself.
public protocol RedirectListener: AnyObject {
    /// The one that was free.
    var redirect: LoopbackRedirect { get }
    /// Whether it can tell whose process a connection comes from; where it cannot, it takes connections of every user's.
    var tellsUsersApart: Bool { get }
    /// Waits for the next arrival. Fails with `cancelled` or `deadlineExceeded` when the limit is reached.
    func next(_ limit: WaitLimit) throws(AuthFailure) -> RedirectArrival
    /// Sends a page, or another URL, to an arrival that `next` returned; to be called once for each. Without it, the arrival
    /// is shown `StandingPages.pending` after 10 s.
    func answer(_ arrival: RedirectArrival, with answer: RedirectAnswer)
    /// Hands out no more: who arrives from now on is shown `StandingPages.over`.
    func endArrivals()
    /// Ends the listener, and frees the port. Arrivals that wait are shown `StandingPages.pending`, and what comes in at that
    /// moment is shown `StandingPages.over`. To be called once, however the step ended. It takes at most half a second, and
    /// less if the call was cancelled.
    func close(isCancelled: Bool)
}

/// A request at the redirect URI.
public struct RedirectArrival: Sendable {
    /// What the listener knows it by.
    public let number: Int
    /// What stands behind the question mark, as it was sent: still percent-encoded.
    public let query: SecretBytes

    public init(number: Int, query: SecretBytes) {
        self.number = number
        self.query = query
    }
}

/// What the browser is told.
public enum RedirectAnswer: Sendable {
    /// To show a page.
    case page(BrowserPage, httpStatus: Int)
    /// To go on to another URL (HTTP status 303).
    case redirect(String)
}

/// A page for the person in front of the browser. Its texts are ours, and no part of any request.
public final class BrowserPage: Sendable {
    public let heading: String
    public let text: String
    public let sign: BrowserPageSign

    public init(heading: String, text: String, _ sign: BrowserPageSign = .neutral) {
        self.heading = heading
        self.text = text
        self.sign = sign
    }
}

/// What a page shows at a glance.
public enum BrowserPageSign: Sendable {
    case well
    case unwell
    /// Neither is known, or neither is meant.
    case neutral
}

/// The pages that a listener shows by itself.
public final class StandingPages: Sendable {
    /// To somebody who has waited for too long.
    public let pending: BrowserPage
    /// To a second tab, once the first has ended the step.
    public let over: BrowserPage
    /// For what no browser sends when its user comes back.
    public let refused: BrowserPage

    public init(pending: BrowserPage, over: BrowserPage, refused: BrowserPage) {
        self.pending = pending
        self.over = over
        self.refused = refused
    }
}
