// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import Linux

/// A listener on the loopback: the call's end of it. The other one is a thread with an HTTP server.
final class LoopbackListener: RedirectListener {
    let redirect: LoopbackRedirect
    let tellsUsersApart: Bool
    private let desk: ArrivalDesk
    private let thread: BackgroundThread
    private var isClosed = false

    static func start(
        _ redirect: LoopbackRedirect, _ port: LoopbackPort, _ pages: StandingPages, _ limits: ListenerLimits
    ) throws(AuthFailure) -> LoopbackListener {
        let desk = ArrivalDesk()
        let server = RedirectServer(redirect, port, pages, limits, desk)
        guard desk.isUsable, let thread = server.start() else { throw AuthFailure(.outOfResources) }
        return LoopbackListener(redirect, desk, thread)
    }

    private init(_ redirect: LoopbackRedirect, _ desk: ArrivalDesk, _ thread: BackgroundThread) {
        self.redirect = redirect
        self.desk = desk
        self.thread = thread
        tellsUsersApart = LoopbackPeer.canBeKnown
    }

    deinit { close(isCancelled: true) }

    func next(_ limit: WaitLimit) throws(AuthFailure) -> RedirectArrival { try desk.next(limit) }

    func answer(_ arrival: RedirectArrival, with answer: RedirectAnswer) { desk.answer(arrival, with: answer) }

    func endArrivals() { desk.endArrivals() }

    func close(isCancelled: Bool) {
        guard !isClosed else { return }
        isClosed = true
        desk.close(isCancelled: isCancelled)
        thread.join()
    }
}
