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
    private(set) var isClosing = false
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

    /// Returns its thread, which ends when the listener is closed; nil where there is no descriptor or thread for it.
    func start() -> BackgroundThread? {
        var callbacks = callbacks
        // A few more than are let in: those that were cut off go when it is run.
        // libmicrohttpd keeps half of a connection's memory for what it makes of the header.
        daemon = cognitoauth_http_start(&callbacks, UInt32(clamping: limits.connections + 8), limits.headerSize * 2)
        guard let daemon else { return nil }
        let thread = BackgroundThread.start(self) { data in
            if let data { Unmanaged<RedirectServer>.fromOpaque(data).takeRetainedValue().run() }
            return nil
        }
        if thread == nil { MHD_stop_daemon(daemon) }
        return thread
    }

    var pending: RedirectAnswer { .page(pages.pending, httpStatus: 200) }
    var over: RedirectAnswer { .page(pages.over, httpStatus: 410) }

    /// Whether somebody is to have an answer, and does not have all of it yet.
    private var isOwing: Bool {
        for visitor in visitors where visitor.stage == .waiting || visitor.stage == .leaving { return true }
        return false
    }

    var now: Int64 { cognitoauth_monotonic_milliseconds() }

    private func run() {
        var end: Int64?
        while true {
            let orders = desk.takeOrders()
            for arrival in orders.answered {
                for visitor in visitors where visitor.stage == .waiting && visitor.arrival == arrival.number {
                    reply(arrival.answer ?? over, to: visitor)
                }
            }
            if let close = orders.close, end == nil {
                end = now + (close == .soon ? limits.closeTime : limits.cancelledCloseTime)
                beginToClose()
            }
            sendAwayLate()
            MHD_run(daemon)
            if let end, now >= end || !isOwing { break }
            pause(until: end)
        }
        // With a request that still waits for its answer this would end the process; `beginToClose` left none.
        MHD_stop_daemon(daemon)
    }

    /// Frees the port and answers all who wait.
    private func beginToClose() {
        isClosing = true
        port = nil
        for visitor in visitors where visitor.stage == .waiting { reply(pending, to: visitor) }
    }

    /// What a visitor does, or drips, wins no time: a few of them would keep a browser out for good.
    private func sendAwayLate() {
        let now = now
        for visitor in visitors where visitor.deadline <= now {
            if visitor.stage == .waiting { reply(pending, to: visitor) } else { cutOff(visitor) }
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
        let now = now
        let door = now < shutUntil ? nil : port
        var wake = min(end ?? .max, shutUntil > now ? shutUntil : .max)
        for visitor in visitors { wake = min(wake, visitor.deadline) }
        // Those that are -1 are passed over.
        var entries = (
            pollfd(fd: desk.ordered.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: cognitoauth_http_descriptor(daemon), events: Int16(POLLIN), revents: 0),
            pollfd(fd: door?.ipv4 ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: door?.ipv6 ?? -1, events: Int16(POLLIN), revents: 0)
        )
        withUnsafeMutableBytes(of: &entries) { entries in
            _ = poll(
                entries.baseAddress?.assumingMemoryBound(to: pollfd.self), 4,
                wake == .max ? -1 : Int32(clamping: max(wake - now, 0)))
        }
        if entries.2.revents != 0 { letIn(from: entries.2.fd) }
        if entries.3.revents != 0 { letIn(from: entries.3.fd) }
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
                // Closes it where that fails. Run, it tells `greet`.
                MHD_add_connection(daemon, connection, address, size)
                MHD_run(daemon)
            }
        }
    }

    /// Where all places are taken, a browser comes in for who has sent nothing for longest. Returns false where all of
    /// them wait for answers.
    private func makeRoom() -> Bool {
        var count = 0
        var oldest: Visitor?
        for visitor in visitors where visitor.stage != .gone {
            count += 1
            if oldest == nil, visitor.stage == .asking { oldest = visitor }
        }
        guard count >= limits.connections else { return true }
        if let oldest { cutOff(oldest) }
        return oldest != nil
    }
}
