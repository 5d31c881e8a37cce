// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// Carries a request to Cognito, once, and brings back what was answered, whatever it says.
public protocol CognitoTransport: AnyObject {
    /// Fails with `cancelled` or `networkTimedOut` when the limit is reached. Where a request with patience was sent by
    /// the time of a cancellation, its answer is waited for a little longer, but never beyond the deadline.
    func post(_ request: CognitoRequest, _ limit: WaitLimit) throws(TransportFailure) -> CognitoReply
}

/// A POST to the client's endpoint, or to its hosted UI.
public struct CognitoRequest {
    public let url: String
    /// Whether it must not leave this machine: plain http, which never takes a proxy.
    public let isLoopbackOnly: Bool
    /// Whole lines, as in "Name: value".
    public let headers: [String]
    /// A whole line too, which is a secret.
    public let authorization: SecretBytes?
    public let body: SecretBytes
    /// Whether sending it twice does what sending it once does. One that is not must go out on a new
    /// connection: a kept one may be dead.
    public let isRepeatable: Bool
    /// How many milliseconds, after a cancellation, the answer is still waited for once the request was sent.
    public let patience: Int64
}

/// A whole answer. Its body has at most 256 KiB, and with header and trailers it has at most 16 KiB more.
public final class CognitoReply {
    public let httpStatus: Int
    /// The header `x-amzn-errortype`.
    public let errorType: String?
    /// What the header `Retry-After` asks for, as seconds or as a date; nil if that is not in the future.
    public let retryAfterSeconds: Int64?
    public let body: SecretBytes

    @inline(never)
    public init(httpStatus: Int, errorType: String? = nil, retryAfterSeconds: Int64? = nil, body: SecretBytes) {
        self.httpStatus = httpStatus
        self.errorType = errorType
        self.retryAfterSeconds = retryAfterSeconds
        self.body = body
    }
}

/// No answer that can be read came back.
public final class TransportFailure: Error {
    /// One of the network's, or `cancelled`.
    public let status: Status
    /// What libcurl or the like says of it, without a token; "" if it says nothing more than the status.
    public let detail: String
    /// Whether the server may have done what the request asks for: some of it may have arrived, and the server did not
    /// say that it refused to look at it.
    public let wasSent: Bool
    /// The HTTP status with which a proxy refused to connect.
    public let proxyStatus: Int?

    @inline(never)
    public init(_ status: Status, _ detail: String = "", wasSent: Bool) {
        self.status = status
        self.detail = detail
        self.wasSent = wasSent
        proxyStatus = nil
    }

    /// A proxy refused to connect.
    public init(proxyStatus: Int) {
        status = .proxyFailed
        detail = ""
        wasSent = false
        self.proxyStatus = proxyStatus
    }
}
