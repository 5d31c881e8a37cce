// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD
internal import CPlatform
internal import CognitoAuth

// What libmicrohttpd tells of connections and requests, in the server's thread while it is run. Whatever it hands over
// can be anybody's.
extension RedirectServer {
    var callbacks: cognitoauth_http_callbacks {
        cognitoauth_http_callbacks(
            connection: { data, connection, _, event in
                guard let this = RedirectServer.from(data), let connection else { return }
                if event == .CONNECTION_NOTIFY_STARTED { this.greet(connection) } else { this.forget(connection) }
            },
            target: { data, target, connection in
                guard let this = RedirectServer.from(data), let visitor = this.visitor(connection), let target else {
                    return nil
                }
                visitor.query = RequestTarget.query(target, at: this.redirect)
                return nil
            },
            request: { data, connection, _, method, version, _, _, _ in
                guard let this = RedirectServer.from(data), let visitor = this.visitor(connection), let method,
                    let version
                else { return .NO }
                return this.take(visitor, method, version) ? .YES : .NO
            }, data: Unmanaged.passUnretained(self).toOpaque())
    }

    private static func from(_ data: UnsafeMutableRawPointer?) -> RedirectServer? {
        data.map { Unmanaged<RedirectServer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func visitor(_ connection: OpaquePointer?) -> Visitor? {
        visitors.first { $0.connection == connection }
    }

    private func greet(_ connection: OpaquePointer) {
        visitors.append(
            Visitor(connection, cognitoauth_http_socket(connection), deadline: now + limits.requestTime))
    }

    private func forget(_ connection: OpaquePointer) { visitors.removeAll { $0.connection == connection } }

    /// Takes a request whose header is there. Returns false to have the connection closed.
    private func take(
        _ visitor: Visitor, _ method: UnsafePointer<CChar>, _ version: UnsafePointer<CChar>
    ) -> Bool {
        guard visitor.stage == .asking else { return false }
        let rules = RequestRules(redirect)
        MHD_get_connection_values(
            visitor.connection, .HEADER_KIND,
            { data, _, name, value in
                guard let data, let name, let value else { return .YES }
                Unmanaged<RequestRules>.fromOpaque(data).takeUnretainedValue().read(name, value)
                return .YES
            }, Unmanaged.passUnretained(rules).toOpaque())
        let refusal = rules.refusal(method, version, isOurPath: visitor.query != nil)
        guard let query = visitor.query, refusal == nil else {
            return send(.page(pages.refused, httpStatus: refusal ?? 400), to: visitor)
        }
        arrivalCount += 1
        guard !isClosing, desk.takeIn(Arrival(arrivalCount, query)) else { return send(over, to: visitor) }
        visitor.arrival = arrivalCount
        visitor.stage = .waiting
        visitor.deadline = now + limits.answerTime
        MHD_suspend_connection(visitor.connection)
        return true
    }

    /// Sends the answer to a visitor whose connection `take` has suspended.
    func reply(_ answer: RedirectAnswer, to visitor: Visitor) {
        // Where that fails, `take` is called again, and has the connection closed.
        _ = send(answer, to: visitor)
        MHD_resume_connection(visitor.connection)
    }

    /// To be called in `take`, or for a visitor who waits.
    private func send(_ answer: RedirectAnswer, to visitor: Visitor) -> Bool {
        visitor.stage = .leaving
        visitor.deadline = now + limits.requestTime
        let response = WebResponse(answer)
        return MHD_queue_response(visitor.connection, response.status, response.pointer) == .YES
    }
}
