// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import Linux

/// The user's browser, which comes back to this machine.
public final class LoopbackBrowser: Browser {
    private let limits: ListenerLimits

    public convenience init() { self.init(ListenerLimits()) }

    init(_ limits: ListenerLimits) { self.limits = limits }

    /// GIO waits for portals and buses, and nothing can end that.
    private static let thread = WorkerThread()

    public func open(_ url: String, _ limit: WaitLimit) throws(AuthFailure) {
        // Without a screen GIO says that it started one.
        guard Self.hasScreen else {
            throw AuthFailure(.browserUnavailable, detail: "neither DISPLAY nor WAYLAND_DISPLAY is set")
        }
        guard Self.thread.isOfThisProcess else { throw AuthFailure(.browserUnavailable) }
        let launch = BrowserLaunch(url)
        let work = Work { work in
            if work.commit() { launch.run() }
        }
        do throws(AuthFailure) {
            try Self.thread.perform(work, limit)
        } catch {
            guard error.status == .deadlineExceeded else { throw error }
            // What has begun may work yet; what waits behind another one that is stuck is not begun any more.
            guard work.hasCommitted else { throw AuthFailure(.browserUnavailable) }
            return
        }
        guard launch.isDone else { throw AuthFailure(.browserUnavailable) }
    }

    private static var hasScreen: Bool {
        Environment.value("DISPLAY") != nil || Environment.value("WAYLAND_DISPLAY") != nil
    }

    public func listen(
        at redirects: [LoopbackRedirect], _ pages: StandingPages
    ) throws(AuthFailure) -> any RedirectListener {
        for redirect in redirects {
            guard let port = try LoopbackPort.open(redirect) else { continue }
            return try LoopbackListener.start(redirect, port, pages, limits)
        }
        throw AuthFailure(.browserNoPort)
    }
}

/// How much a listener bears with; times in milliseconds.
struct ListenerLimits {
    /// Browsers open some ahead of need.
    var connections = 64
    /// Of a request's header, in bytes.
    var headerSize = 16 * 1024
    /// For a whole request, from the moment that its connection is there.
    var requestTime: Int64 = 10_000
    /// For an answer to an arrival.
    var answerTime: Int64 = 10_000
    /// For the answers to go out when the listener is closed.
    var closeTime: Int64 = 500
    var cancelledCloseTime: Int64 = 50
}
