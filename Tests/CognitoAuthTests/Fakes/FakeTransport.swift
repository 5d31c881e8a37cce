// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Foundation
import SecretMemory
import Testing

/// Cognito by script: what each operation answers, one reply after the other.
final class FakeTransport: CognitoTransport {
    enum Answer: Sendable {
        case reply(Int, body: String, errorType: String?, retryAfter: Int64?)
        case failure(Status, detail: String, wasSent: Bool)
        case refused(byProxy: Int)
        /// Nothing comes until the time is up.
        case stall(Status, wasSent: Bool)
    }

    /// A request as it was sent.
    struct Request {
        let operation: String
        let url: String
        let headers: [String: String]
        let authorization: String?
        let body: [String: String]
        let deadline: Int64
        let isRepeatable: Bool
        let patience: Int64
    }

    private(set) var requests: [Request] = []
    /// Called with the operation's name after a request came in, before it is answered.
    var onRequest: ((String) -> Void)?
    /// Whether a request that is cancelled had been sent by then.
    var isSentWhenCancelled = true
    private var scripts: [String: [Answer]] = [:]
    private var standing: [String: Answer] = [:]
    private let journal: Journal
    private let clock: FakeClock

    init(_ journal: Journal, _ clock: FakeClock) {
        self.journal = journal
        self.clock = clock
    }

    /// What `operation` answers, in this order; then again that all is well.
    func script(_ operation: String, _ answers: Answer...) { scripts[operation, default: []] += answers }

    /// What `operation` answers whenever its script is over.
    func always(_ operation: String, _ answer: Answer) { standing[operation] = answer }

    /// Every operation fails before anything is sent.
    func goOffline(_ status: Status = .hostNotFound) {
        for operation in ["GlobalSignOut", "RevokeToken", "GetTokensFromRefreshToken", "GetUser"] {
            always(operation, .unreachable(status))
        }
    }

    /// Every operation is answered again.
    func goOnline() { standing = [:] }

    func requests(_ operation: String) -> [Request] { requests.filter { $0.operation == operation } }

    func post(_ request: CognitoRequest, _ limit: WaitLimit) throws(TransportFailure) -> CognitoReply {
        if limit.isCancelled { throw TransportFailure(.cancelled, wasSent: false) }
        if clock.monotonicMilliseconds >= limit.deadline { throw TransportFailure(.networkTimedOut, wasSent: false) }
        let recorded = Self.record(request, limit)
        requests.append(recorded)
        journal.begin(recorded.operation, .network)
        onRequest?(recorded.operation)
        let isAwaited = isSentWhenCancelled && request.patience > 0
        if limit.isCancelled && !isAwaited { throw TransportFailure(.cancelled, wasSent: isSentWhenCancelled) }
        switch next(recorded.operation) {
        case .reply(let status, let body, let errorType, let retryAfter):
            if body.utf8.count > 256 * 1024 {
                throw TransportFailure(.invalidResponse, "too large", wasSent: true)
            }
            journal.end(recorded.operation)
            return CognitoReply(
                httpStatus: status, errorType: errorType, retryAfterSeconds: retryAfter,
                body: SecretBytes(copying: body))
        case .failure(let status, let detail, let wasSent):
            if limit.isCancelled { throw TransportFailure(.cancelled, wasSent: true) }
            throw TransportFailure(status, detail, wasSent: wasSent)
        case .refused(let httpStatus): throw TransportFailure(proxyStatus: httpStatus)
        case .stall(let status, let wasSent):
            let end = clock.waitInVain(limit)
            if end.status == .cancelled && wasSent { clock.wait(request.patience, limit) }
            throw TransportFailure(end.status == .cancelled ? .cancelled : status, wasSent: wasSent)
        }
    }

    private func next(_ operation: String) -> Answer {
        if let answer = scripts[operation]?.first {
            scripts[operation]?.removeFirst()
            return answer
        }
        return standing[operation] ?? (operation == "GetUser" ? .user() : .ok())
    }

    private static func record(_ request: CognitoRequest, _ limit: WaitLimit) -> Request {
        var headers: [String: String] = [:]
        for line in request.headers {
            let parts = line.components(separatedBy: ": ")
            guard parts.count == 2, headers.updateValue(parts[1], forKey: parts[0]) == nil else {
                Issue.record("not a header, or there twice: \(line)")
                continue
            }
        }
        let isForm = headers["Content-Type"] == "application/x-www-form-urlencoded"
        let body =
            isForm
            ? URLQuery.parameters(request.body.text)
            : try? JSONDecoder().decode([String: String].self, from: Data(request.body.bytes))
        if body == nil { Issue.record("the body is not an object of strings, or a form") }
        let operation =
            isForm
            ? request.url.components(separatedBy: "/").last : headers["X-Amz-Target"]?.components(separatedBy: ".").last
        return Request(
            operation: operation ?? "", url: request.url, headers: headers,
            authorization: request.authorization?.text,
            body: body ?? [:], deadline: limit.deadline, isRepeatable: request.isRepeatable,
            patience: request.patience)
    }
}

extension FakeTransport.Answer {
    /// A success.
    static func ok(_ body: String = "") -> Self { .http(200, body) }

    /// An exception as real Cognito sends it: HTTP 400, and 500 for internal errors.
    static func exception(_ name: String, _ message: String = "No.") -> Self {
        .http(
            name == "InternalErrorException" ? 500 : 400, #"{"__type":"\#(name)","message":"\#(message)"}"#,
            errorType: "\(name):")
    }

    static func http(_ status: Int, _ body: String, errorType: String? = nil, retryAfter: Int64? = nil) -> Self {
        .reply(status, body: body, errorType: errorType, retryAfter: retryAfter)
    }

    /// Nothing reached the server.
    static func unreachable(_ status: Status = .connectionFailed, _ detail: String = "") -> Self {
        .failure(status, detail: detail, wasSent: false)
    }

    /// The request was sent, and no answer came.
    static func lost(_ status: Status = .connectionLost) -> Self {
        .failure(status, detail: "", wasSent: true)
    }

    /// What GetUser answers.
    static func user() -> Self {
        .ok(#"{"Username":"alice","UserAttributes":[{"Name":"sub","Value":"sub-of-alice"}]}"#)
    }

    /// What GetTokensFromRefreshToken answers.
    static func tokens(access: String, id: String? = nil, refresh: String? = nil) -> Self {
        var members = [#""AccessToken":"\#(access)""#, #""ExpiresIn":3600"#, #""TokenType":"Bearer""#]
        if let id { members.append(#""IdToken":"\#(id)""#) }
        if let refresh { members.append(#""RefreshToken":"\#(refresh)""#) }
        return .ok(#"{"AuthenticationResult":{\#(members.joined(separator: ","))},"ChallengeParameters":{}}"#)
    }
}
