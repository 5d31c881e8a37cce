// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// The browser of the machine, the person in front of it, and who else knows of the ports that programs listen at.
final class SimulatedBrowser: Browser {
    private var listeners: [Listener] = []
    private var arrivals = 0
    private unowned(unsafe) let world: World

    init(_ world: World) { self.world = world }

    func open(_ url: String, _ limit: WaitLimit) throws(AuthFailure) {
        checkNoLock("opened a browser")
        world.step()
        guard let run = world.current, !run.program.isDead else { throw AuthFailure(.browserUnavailable) }
        if limit.isCancelled { throw AuthFailure(.cancelled) }
        if world.happens(.browserFails) {
            guard world.random.isOneIn(2) else { throw AuthFailure(.browserUnavailable) }
            // A start that hangs counts as one that may have worked.
            run.takeForBrowser(world.passing { world.wait(5000, limit) })
            if world.random.isOneIn(2) { return }
        }
        go(to: url, run)
    }

    func listen(at redirects: [LoopbackRedirect], _ pages: StandingPages) throws(AuthFailure) -> any RedirectListener {
        checkNoLock("began to wait for a browser")
        world.step()
        listeners.removeAll { $0.run.program.isDead }
        guard let run = world.current, !run.program.isDead else { throw AuthFailure(.browserNoPort) }
        run.beginBrowsing(at: world.now)
        guard let redirect = redirects.first(where: { one in !listeners.contains { $0.redirect.port == one.port } }),
            !world.happens(.browserFails)
        else {
            run.browsing?.wasRefusedPort = true
            throw AuthFailure(.browserNoPort)
        }
        run.browsing?.hasSeenError = false
        world.trace("    browser: listens at \(redirect.text)")
        let listener = Listener(redirect, run, world)
        listeners.append(listener)
        return listener
    }

    /// No listener outlives its call.
    func checkClosed(_ run: Run) {
        if !run.program.isDead, listeners.contains(where: { $0.run === run }) {
            world.violate("\(run.call) left a port open")
        }
    }

    fileprivate func checkNoLock(_ what: String) {
        if let run = world.current { world.checkNoLock(run, what) }
    }

    /// The browser loads a page of the hosted UI, and whoever listens where that sends it back to hears of it.
    fileprivate func go(to url: String, _ run: Run) {
        guard let page = world.hostedUI.load(url, run) else {
            return world.violate("opened an address that is none of the hosted UI's")
        }
        listeners.first { $0.redirect.text == page.redirect }?.page = page
    }

    fileprivate func number() -> Int {
        arrivals += 1
        return arrivals
    }

    fileprivate func close(_ listener: Listener) { listeners.removeAll { $0 === listener } }

    /// What one call listens at.
    final class Listener: RedirectListener {
        let redirect: LoopbackRedirect
        let run: Run
        /// Where the browser is that is to come back here.
        fileprivate var page: HostedPage?
        private var isOurs = false
        private var unanswered: [Int] = []
        private var isClosed = false
        private let world: World

        init(_ redirect: LoopbackRedirect, _ run: Run, _ world: World) {
            self.redirect = redirect
            self.run = run
            self.world = world
        }

        var tellsUsersApart: Bool { world.isCalm || !world.random.isOneIn(8) }

        func next(_ limit: WaitLimit) throws(AuthFailure) -> RedirectArrival {
            world.browser.checkNoLock("waited for a browser")
            world.step()
            defer { run.stopBrowsing(at: world.now) }
            if world.isCurrentDead || limit.isCancelled { throw AuthFailure(.cancelled) }
            guard world.now < limit.deadline else { throw AuthFailure(.deadlineExceeded) }
            let isAlone = page == nil || world.happens(.browserStays)
            if isAlone, !world.happens(.strangerKnocks) {
                var failure = AuthFailure(.cancelled)
                run.takeForBrowser(world.passing { failure = world.waitInVain(limit) })
                throw failure
            }
            run.takeForBrowser(world.passing { world.wait(Int64(world.random.below(30_000)), limit) })
            let isStranger = isAlone || world.happens(.strangerKnocks)
            let query = isStranger ? world.hostedUI.foreign(page, run) : page.map { world.hostedUI.back(from: $0, run) }
            isOurs = isStranger ? isFakedLogout(query) : page?.endsStep == true
            if !isStranger { page = nil }
            world.trace("    browser: comes to \(redirect.text)?\(query ?? "")")
            let arrival = RedirectArrival(number: world.browser.number(), query: SecretBytes(copying: query ?? ""))
            unanswered.append(arrival.number)
            return arrival
        }

        /// A logout's return has no state: it can be faked, and nobody can know.
        private func isFakedLogout(_ query: String?) -> Bool {
            guard redirect.path == "/out", run.call != .signIn || query?.hasPrefix("error") == false else {
                return false
            }
            run.browsing?.hasSignedOut = true
            world.hostedUI.forgetCookie()
            return true
        }

        func answer(_ arrival: RedirectArrival, with answer: RedirectAnswer) {
            if isClosed || !unanswered.contains(arrival.number) {
                world.violate("answered a browser twice, or too late")
            }
            unanswered.removeAll { $0 == arrival.number }
            switch answer {
            case .redirect(let url): world.browser.go(to: url, run)
            case .page(let page, _):
                world.checkText(page.heading)
                world.checkText(page.text)
                let isStored = run.minted.contains { world.cognito.family(ofToken: $0).wasStored }
                if page.sign == .well, run.call == .signIn, !isStored {
                    world.violate("a page said that the user is signed in, before the session was stored")
                }
            }
        }

        func endArrivals() {
            if !isOurs { world.violate("somebody else's redirect ended a browser step") }
        }

        func close(isCancelled: Bool) {
            if isClosed { world.violate("closed a listener twice") }
            isClosed = true
            world.browser.close(self)
        }
    }
}

/// What a call has done with the browser.
final class Browsing {
    /// The sessions that were there to be signed out before it was opened.
    let before: [Int]
    private let began: Int64
    /// How long it was open, with all that came in between.
    fileprivate(set) var time: Int64 = 0
    /// How long the person in front of it took.
    fileprivate(set) var ownTime: Int64 = 0
    fileprivate(set) var wasRefusedPort = false
    var hasSignedOut = false
    /// Whether an error came that could be ours or anybody's.
    var hasSeenError = false

    fileprivate init(_ run: Run, _ began: Int64) {
        before = run.seen
        self.began = began
    }

    fileprivate func stop(at now: Int64) { time = now - began }
}

extension Run {
    fileprivate func beginBrowsing(at now: Int64) {
        guard browsing == nil else { return }
        browsing = Browsing(self, now)
        // What it looks at afterwards is what it ends.
        hasSeen = false
    }

    fileprivate func stopBrowsing(at now: Int64) { browsing?.stop(at: now) }

    fileprivate func takeForBrowser(_ time: Int64) {
        stolen += time
        browsing?.ownTime += time
    }
}
