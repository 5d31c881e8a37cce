// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// One way of the user's through the browser and back: for a sign-in and for a logout alike. No lock is held meanwhile.
final class BrowserStep {
    let active: ActiveCall
    let limit: WaitLimit
    let landing: BrowserLanding
    let pages: BrowserPages

    private init(_ active: ActiveCall, _ limit: WaitLimit, _ landing: BrowserLanding, _ pages: BrowserPages) {
        self.active = active
        self.limit = limit
        self.landing = landing
        self.pages = pages
    }

    /// Fails with `invalidArgument` where nobody could hear of the browser's return.
    static func check(_ redirects: [RedirectURI], _ setting: StaticString, _ call: Call) throws(AuthFailure) {
        guard redirects.loopback.isEmpty && !(redirects.ofProgram != nil && call.hearsRedirects) else { return }
        throw .invalid(setting, redirects.isEmpty ? "are required" : "need one of this machine, except in operations")
    }

    /// Where the browser is to come back to, ready before it is started. Fails with `browserNoPort` where no port is free,
    /// and as `check` does.
    static func prepare(
        _ redirects: [RedirectURI], _ setting: StaticString, _ active: ActiveCall, _ limit: WaitLimit,
        _ pages: BrowserPages
    ) throws(AuthFailure) -> BrowserStep {
        try check(redirects, setting, active.call)
        let landing: BrowserLanding
        if let uri = redirects.ofProgram, redirects.loopback.isEmpty {
            landing = .program(uri)
        } else {
            let listener = try listen(at: redirects.loopback, active, pages)
            if !listener.tellsUsersApart {
                active.call.write(
                    .warning, "Browser: other users' programs can come back in its place: /proc/net/tcp cannot be read")
            }
            landing = .listener(listener)
        }
        return BrowserStep(active, limit, landing, pages)
    }

    private static func listen(
        at redirects: [LoopbackRedirect], _ active: ActiveCall, _ pages: BrowserPages
    ) throws(AuthFailure) -> any RedirectListener {
        do {
            return try active.ports.browser.listen(at: redirects, pages.standing)
        } catch {
            guard error.status == .browserNoPort else { throw error }
            let texts = redirects.dropFirst().reduce(redirects.first?.text ?? "") { .joining($0, ", ", $1.text) }
            throw AuthFailure(.browserNoPort, detail: texts)
        }
    }

    /// The redirect that Cognito is told.
    var redirect: RedirectURI {
        switch landing {
        case .listener(let listener): .loopback(listener.redirect)
        case .program(let uri): .program(uri)
        }
    }

    /// The redirect URI that Cognito is told.
    var redirectURI: String { redirect.text }

    /// Starts the browser, unless it is under way to `url`, and waits until it comes back. To be ended by `close`, however
    /// this ends. An error's text tells none of `secrets`.
    func run(
        _ url: String, state: SecretBytes?, hiding secrets: [SecretBytes] = [], isUnderWay: Bool = false,
        in situation: Situation
    ) throws(AuthFailure) -> BrowserReturn {
        let expected = ExpectedRedirect(
            uri: redirectURI, state: state, secrets: secrets, outlastsErrors: situation == .signIn)
        active.call.show(BrowserDialogue(url: url, reported: landing.isOfProgram ? expected : nil))
        do throws(AuthFailure) {
            if !isUnderWay { try open(url) }
            return try wait(for: expected, in: situation)
        } catch {
            guard error.status == .deadlineExceeded else { throw error }
            throw AuthFailure(.browserTimedOut, in: situation)
        }
    }

    private func open(_ url: String) throws(AuthFailure) {
        guard active.call.opensURLs else {
            let end = min(limit.deadline, active.ports.clock.monotonicMilliseconds + Self.startTime)
            return try active.ports.browser.open(url, WaitLimit(deadline: end, cancellation: limit.cancellation))
        }
        guard try active.call.ask(.openURL(url), limit) else {
            throw AuthFailure(.browserUnavailable, detail: "open_url_function did not start one")
        }
    }

    /// How long a browser's start is waited for: one that takes longer may work all the same.
    private static var startTime: Int64 { 5000 }

    private func wait(
        for expected: ExpectedRedirect, in situation: Situation
    ) throws(AuthFailure) -> BrowserReturn {
        var remembered: RedirectError?
        var hasRefused = false
        while true {
            let arrival: RedirectArrival?
            let verdict: RedirectVerdict
            do throws(AuthFailure) {
                // What is refused comes without end, if somebody sends it so.
                if hasRefused { _ = try limit.left(at: active.ports.clock.monotonicMilliseconds) }
                switch landing {
                case .listener(let listener):
                    let next = try listener.next(limit)
                    arrival = next
                    verdict = expected.verdict(RedirectQuery(next.query))
                case .program:
                    arrival = nil
                    verdict = try active.call.awaitRedirect(limit)
                }
            } catch {
                guard error.status == .deadlineExceeded, let remembered else { throw error }
                throw remembered.failure(in: situation)
            }
            switch verdict {
            case .returned(let code):
                active.call.show(nil)
                landing.endArrivals()
                return BrowserReturn(arrival: arrival, code: code)
            case .failed(let error):
                landing.endArrivals()
                answer(arrival, with: .page(pages.failed, httpStatus: 200))
                throw error.failure(in: situation)
            case .failedForSomebody(let error):
                remembered = error
                answer(arrival, with: .page(pages.failed, httpStatus: 200))
            case .foreign:
                answer(arrival, with: .page(pages.standing.refused, httpStatus: 400))
            }
            hasRefused = true
        }
    }

    func answer(_ arrival: RedirectArrival?, with answer: RedirectAnswer) {
        guard case .listener(let listener) = landing, let arrival else { return }
        listener.answer(arrival, with: answer)
    }

    func close() {
        active.call.show(nil)
        if case .listener(let listener) = landing { listener.close(isCancelled: limit.isCancelled) }
    }
}

/// How a browser came back.
struct BrowserReturn {
    /// What still waits for its answer; nil where the program reported the return.
    let arrival: RedirectArrival?
    /// From a sign-in.
    let code: SecretBytes?
}

/// Where a browser comes back to.
enum BrowserLanding {
    case listener(any RedirectListener)
    /// A redirect URI of the program's, which reports it.
    case program(String)

    var isOfProgram: Bool {
        if case .program = self { return true }
        return false
    }

    func endArrivals() {
        if case .listener(let listener) = self { listener.endArrivals() }
    }
}
