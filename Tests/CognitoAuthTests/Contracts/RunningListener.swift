// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth
@testable import LoopbackBrowser

/// A listener at `/back` of a host on this machine, which answers every arrival until it is released.
final class RunningListener: TimedSubject, @unchecked Sendable {
    let port = LoopbackAddress.freePort()
    let host: String
    let listener: any RedirectListener
    let clock: any Clock
    private let subject: LoopbackBrowserSubject

    /// `limits`: changes the usual ones.
    init(host name: String = "localhost", _ limits: (inout ListenerLimits) -> Void = { _ in }) throws {
        subject = LoopbackBrowserSubject(limits)
        clock = subject.clock
        host = "\(name):\(port)"
        listener = try subject.listen([.sample("http://\(host)/back")])
    }

    deinit { listener.close(isCancelled: true) }

    func client(_ family: Int32 = 2) throws -> LoopbackClient { try LoopbackClient(port, family) }

    /// The next arrival, which gets its answer; nil if there is none within so many milliseconds.
    @discardableResult
    func serve(within milliseconds: Int64 = 20_000) throws -> String? {
        do throws(AuthFailure) {
            let arrival = try listener.next(limit(milliseconds))
            listener.answer(arrival, with: .page(BrowserPage(heading: "Well", text: "Go.", .well), httpStatus: 200))
            return arrival.query.text
        } catch {
            guard error.status == .deadlineExceeded else { throw error }
            return nil
        }
    }

    /// A browser comes back as it should, and is answered.
    func expectBrowser(_ location: SourceLocation = #_sourceLocation) throws {
        let client = try client()
        client.request("/back?code=1", host)
        #expect(try serve() == "code=1", sourceLocation: location)
        #expect(try client.answer()?.heading == "Well", sourceLocation: location)
    }

    /// What a request is answered that is none of a browser that comes back. It is not handed out.
    func refusal(_ request: String, _ location: SourceLocation = #_sourceLocation) throws -> LoopbackAnswer? {
        let client = try client()
        client.send(request)
        let answer = try client.answer()
        #expect(try serve(within: 1) == nil, sourceLocation: location)
        return answer
    }
}
