// SPDX-License-Identifier: Apache-2.0

import CurlTransport
import Foundation
import FoundationNetworking
import Linux
import SecretMemory

@testable import CognitoAuth

/// A transport, and the server at its other end. Its requests are of one operation.
protocol CognitoTransportSubject: TimedSubject {
    var transport: any CognitoTransport { get }
    var url: String { get }
    var operation: String { get }
    /// From now on the server does this.
    func set(_ server: ServerBehavior) throws
    /// How many requests the server got.
    func received() throws -> Int
    /// Does something once the server has the request.
    func whenReceived(_ action: @escaping @Sendable () -> Void)
    /// A URL on which there is no server.
    func urlOfNobody() throws -> String
}

enum ServerBehavior {
    case reply(Int, String, [String: String] = [:])
    /// Answers with so many bytes.
    case filler(Int)
    /// Answers with a header of so many bytes more than usual.
    case header(Int)
    /// Takes the request and ends the connection.
    case hangUp
    /// ... after so many bytes of an answer's header.
    case breakOff(Int)
    /// Takes the request and does not answer.
    case silence
    /// Answers "late" a second later.
    case late
}

extension CognitoTransportSubject {
    @discardableResult
    func post(
        _ token: String = "token", to url: String? = nil, isRepeatable: Bool = true, patience: Int64 = 0,
        limit: WaitLimit? = nil
    ) throws(TransportFailure) -> CognitoReply {
        let request = CognitoRequest(
            url: url ?? self.url, isLoopbackOnly: (url ?? self.url).hasPrefix("http:"),
            headers: ["X-Amz-Target: Service.\(operation)", "Content-Type: application/x-amz-json-1.1"],
            authorization: nil, body: SecretBytes(#"{"Token":"\#(token)"}"#), isRepeatable: isRepeatable,
            patience: patience)
        return try transport.post(request, limit ?? self.limit())
    }
}

enum CognitoTransports {
    static let all: [Implementation<any CognitoTransportSubject>] =
        [Implementation("FakeTransport") { FakeTransportSubject() }]
        + real.map { transport in Implementation(transport.name) { try transport.make() } }

    /// The real one, where there is a server for it.
    static let real: [Implementation<CurlTransportSubject>] =
        if let url = Surroundings.cognito {
            [Implementation("CurlTransport") { try CurlTransportSubject(url) }]
        } else {
            []
        }
}

final class FakeTransportSubject: CognitoTransportSubject {
    private let journal = Journal()
    private let fakeClock: FakeClock
    private let fake: FakeTransport

    init() {
        fakeClock = FakeClock(journal)
        fake = FakeTransport(journal, fakeClock)
    }

    var transport: any CognitoTransport { fake }
    var clock: any Clock { fakeClock }
    let url = "https://cognito-idp.eu-west-1.amazonaws.com/"
    let operation = "RevokeToken"

    func set(_ server: ServerBehavior) {
        let answer: FakeTransport.Answer =
            switch server {
            case .reply(let status, let body, let headers):
                .http(
                    status, body, errorType: headers["x-amzn-errortype"],
                    retryAfter: headers["Retry-After"].flatMap(Self.seconds))
            case .header(let size): size > 16 * 1024 ? .lost(.invalidResponse) : .ok()
            case .breakOff: .lost(.invalidResponse)
            case .filler(let size): .ok(String(repeating: "x", count: size))
            case .hangUp: .lost()
            case .silence: .stall(.networkTimedOut, wasSent: true)
            case .late: .ok("late")
            }
        fake.always(operation, answer)
    }

    /// What a Retry-After asks for: seconds, or a date.
    private static func seconds(_ value: String) -> Int64? {
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        let seconds = Int64(value) ?? form.date(from: value).map { Int64($0.timeIntervalSinceNow) }
        return seconds.flatMap { $0 > 0 ? $0 : nil }
    }

    func received() -> Int { fake.requests.count }
    func whenReceived(_ action: @escaping @Sendable () -> Void) { fake.onRequest = { _ in action() } }

    func urlOfNobody() -> String {
        fake.always(operation, .unreachable())
        return url
    }
}

/// libcurl, and Tests/Support/scripted_cognito.py. That serves all tests at once, each with an operation of its own.
final class CurlTransportSubject: CognitoTransportSubject, @unchecked Sendable {
    let curl: CurlTransport
    let clock: any Clock = SystemClock()
    let url: String
    let operation = "Operation\(UUID().uuidString)"
    private var nobody: Int32 = -1

    init(_ url: String) throws {
        self.url = url + "/"
        curl = CurlTransport(try .unique(endpoint: url), userAgent: "contract")
    }

    deinit {
        if nobody >= 0 { close(nobody) }
    }

    var transport: any CognitoTransport { curl }

    func set(_ server: ServerBehavior) throws {
        let reply: [String: Any] =
            switch server {
            case .reply(let status, let body, let headers): ["status": status, "body": body, "headers": headers]
            case .filler(let size): ["body_size": size]
            case .header(let size): ["header_size": size]
            case .breakOff(let count): ["cut_head_after": count]
            case .hangUp: ["close": "before_reply"]
            case .silence: ["hold": true]
            case .late: ["body": "late", "delay_ms": 1000]
            }
        try script([reply])
    }

    /// What the server answers, in this order.
    func script(_ replies: [[String: Any]]) throws {
        let script = try JSONSerialization.data(withJSONObject: ["operation": operation, "replies": replies])
        try control("script", script)
    }

    func received() throws -> Int { try connections().count }

    /// The connections on which the server got the requests, by number.
    func connections() throws -> [Int] {
        let requests = try JSONSerialization.jsonObject(with: control("requests")) as? [[String: Any]] ?? []
        return requests.filter { $0["operation"] as? String == operation }.compactMap { $0["connection"] as? Int }
    }

    func whenReceived(_ action: @escaping @Sendable () -> Void) {
        _ = WorkerThread { [self] in
            while try received() == 0 { usleep(10_000) }
            action()
        }
    }

    /// A port that is bound and does not listen refuses connections, and nobody else can take it.
    func urlOfNobody() throws -> String {
        nobody = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let port: UInt16? = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(nobody, address, length) == 0, getsockname(nobody, address, &length) == 0 else { return nil }
                return UnsafeRawPointer(address).load(as: sockaddr_in.self).sin_port.bigEndian
            }
        }
        struct NoPort: Error {}
        guard let port else { throw NoPort() }
        return "http://127.0.0.1:\(port)/"
    }

    /// Asks the server's control API.
    @discardableResult
    private func control(_ name: String, _ body: Data? = nil) throws -> Data {
        final class Answer: @unchecked Sendable {
            var data: Data?
        }
        struct NoAnswer: Error {}

        guard let url = URL(string: "\(url)_control/\(name)") else { throw NoAnswer() }
        var request = URLRequest(url: url)
        request.httpMethod = body == nil ? "GET" : "POST"
        request.httpBody = body
        let answer = Answer()
        let done = DispatchSemaphore(value: 0)
        URLSession.shared.dataTask(with: request) { data, response, _ in
            if (response as? HTTPURLResponse)?.statusCode == 200 { answer.data = data }
            done.signal()
        }.resume()
        done.wait()
        guard let data = answer.data else { throw NoAnswer() }
        return data
    }
}
