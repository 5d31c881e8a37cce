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
                guard let visitor = RedirectServer.from(data)?.visitor(connection), let target else { return nil }
                visitor.target = RequestTarget(UnsafeRawBufferPointer(start: target, count: strlen(target)))
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
        guard visitor.isAsking else { return false }
        let rules = RequestRules(redirect)
        MHD_get_connection_values_n(
            visitor.connection, .HEADER_KIND,
            { data, _, name, nameSize, value, valueSize in
                guard let data else { return .NO }
                Unmanaged<RequestRules>.fromOpaque(data).takeUnretainedValue().read(
                    UnsafeRawBufferPointer(start: name, count: name == nil ? 0 : nameSize),
                    UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueSize))
                return .YES
            }, Unmanaged.passUnretained(rules).toOpaque())
        let refusal = rules.refusal(
            UnsafeRawBufferPointer(start: method, count: strlen(method)),
            UnsafeRawBufferPointer(start: version, count: strlen(version)), visitor.target)
        guard let target = visitor.target, refusal == nil else {
            return send(.page(pages.refused, httpStatus: refusal ?? 400), to: visitor)
        }
        guard !hasEnded else { return send(.page(pages.over, httpStatus: 410), to: visitor) }
        arrivalCount += 1
        visitor.stage = .waiting(arrival: arrivalCount)
        visitor.deadline = now + limits.answerTime
        MHD_suspend_connection(visitor.connection)
        desk.arrive(RedirectArrival(number: arrivalCount, query: target.query))
        return true
    }

    /// Answers a visitor who waits.
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
