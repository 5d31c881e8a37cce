// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD
internal import CPlatform
internal import CognitoAuth
internal import Linux

/// The HTTP server of a listener, on a thread of its own, which alone touches libmicrohttpd.
///
/// The sockets that listen stay ours: a connection of another user's is closed before anything of it is read.
final class RedirectServer: @unchecked Sendable {
    let redirect: LoopbackRedirect
    let pages: StandingPages
    let limits: ListenerLimits
    let desk: ArrivalDesk
    /// In the order in which they came.
    var visitors: [Visitor] = []
    var arrivalCount = 0
    var hasEnded = false
    private var port: LoopbackPort?
    private var daemon: OpaquePointer?
    /// Until when no connection is taken: there was no descriptor for one.
    private var shutUntil: Int64 = 0
    private static let shutTime: Int64 = 100

    init(
        _ redirect: LoopbackRedirect, _ port: LoopbackPort, _ pages: StandingPages, _ limits: ListenerLimits,
        _ desk: ArrivalDesk
    ) {
        self.redirect = redirect
        self.port = port
        self.pages = pages
        self.limits = limits
        self.desk = desk
    }

    /// Returns false where there is no descriptor or thread for it.
    func start() -> Bool {
        var callbacks = callbacks
        // A few more than are let in: those that were cut off go when it is run.
        // libmicrohttpd keeps half of a connection's memory for what it makes of the header.
        daemon = cognitoauth_http_start(&callbacks, UInt32(clamping: limits.connections + 8), limits.headerSize * 2)
        guard let daemon else { return false }
        let hasStarted = BackgroundThread.start(self) { data in
            if let data { Unmanaged<RedirectServer>.fromOpaque(data).takeRetainedValue().run() }
            return nil
        }
        if !hasStarted { MHD_stop_daemon(daemon) }
        return hasStarted
    }

    var now: Int64 { cognitoauth_monotonic_milliseconds() }

    private func run() {
        var end: Int64?
        while true {
            let orders = desk.takeOrders()
            hasEnded = orders.endsArrivals || end != nil
            for (number, answer) in orders.answers {
                if let visitor = visitors.first(where: { $0.arrival == number }) { reply(answer, to: visitor) }
            }
            if let close = orders.close, end == nil {
                end = now + (close == .soon ? limits.closeTime : limits.cancelledCloseTime)
                beginToClose()
            }
            sendAwayLate()
            MHD_run(daemon)
            if let end, now >= end || !visitors.contains(where: { $0.isOwed }) { break }
            pause(until: end)
        }
        // With a request that still waits for its answer this would end the process; `beginToClose` left none.
        MHD_stop_daemon(daemon)
        desk.end()
    }

    /// Frees the port and answers all who wait.
    private func beginToClose() {
        hasEnded = true
        port = nil
        for visitor in visitors where visitor.arrival != nil {
            reply(.page(pages.pending, httpStatus: 200), to: visitor)
        }
    }

    /// What a visitor does, or drips, wins no time: a few of them would keep a browser out for good.
    private func sendAwayLate() {
        let now = now
        for visitor in visitors where visitor.deadline <= now {
            if visitor.arrival != nil {
                reply(.page(pages.pending, httpStatus: 200), to: visitor)
            } else {
                cutOff(visitor)
            }
        }
    }

    /// libmicrohttpd sees the end of the connection, and closes it.
    private func cutOff(_ visitor: Visitor) {
        shutdown(visitor.descriptor, Int32(SHUT_RDWR))
        visitor.stage = .gone
        visitor.deadline = .max
    }

    /// Waits until there is something to do, and lets connections in.
    private func pause(until end: Int64?) {
        var timeout: UInt64 = 0
        if MHD_get_timeout(daemon, &timeout) == .YES, timeout == 0 { return }
        let doors = now < shutUntil ? [] : port?.descriptors ?? []
        var entries = ([desk.ordered.descriptor, cognitoauth_http_descriptor(daemon)] + doors).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        var wake = min(end ?? .max, shutUntil > now ? shutUntil : .max)
        for visitor in visitors { wake = min(wake, visitor.deadline) }
        poll(&entries, nfds_t(entries.count), wake == .max ? -1 : Int32(clamping: max(wake - now, 0)))
        for entry in entries.dropFirst(2) where entry.revents != 0 { letIn(from: entry.fd) }
    }

    private func letIn(from door: Int32) {
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let connection = cognitoauth_accept(door, address, &size)
                guard connection >= 0 else {
                    if cognitoauth_errno() != EAGAIN { shutUntil = now + Self.shutTime }
                    return
                }
                guard LoopbackPeer.owner(of: connection) != .somebodyElse, makeRoom() else {
                    close(connection)
                    return
                }
                // Closes it where that fails. Run, it tells `meet`.
                MHD_add_connection(daemon, connection, address, size)
                MHD_run(daemon)
            }
        }
    }

    /// Where all places are taken, a browser comes in for who has sent nothing for longest. Returns false where all of
    /// them wait for answers.
    private func makeRoom() -> Bool {
        guard visitors.count(where: { !$0.isGone }) >= limits.connections else { return true }
        guard let oldest = visitors.first(where: { $0.isAsking }) else { return false }
        cutOff(oldest)
        return true
    }
}
