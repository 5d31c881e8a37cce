// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// Why a call or a step of it failed, as a program and a person are told.
///
/// The one failure of the core and its ports. What a request's failure means for what comes next is more than that:
/// see `RequestFailure`.
///
/// What it holds is kept out of line: a failure is handed through nearly every function, and copying five fields in each
/// of them was a tenth of the library.
public struct AuthFailure: Error {
    private var content: Content

    private final class Content: Sendable {
        let status: Status
        let message: String
        let situation: Situation
        let serviceException: String?
        let token: SecretBytes?

        @inline(never)
        init(_ status: Status, _ message: String, _ situation: Situation, _ exception: String?, _ token: SecretBytes?) {
            self.status = status
            self.message = message
            self.situation = situation
            serviceException = exception
            self.token = token
        }
    }

    public var status: Status { content.status }
    /// What went wrong. Holds no token.
    public var message: String { content.message }
    public var situation: Situation { content.situation }
    /// The name of Cognito's exception, if Cognito answered with one.
    public var serviceException: String? { content.serviceException }
    /// The token that the failed step was about, for a retry by hand.
    public var token: SecretBytes? { content.token }

    /// With what the status says.
    @inline(never)
    public init(_ status: Status) { self.init(status, nil) }

    @inline(never)
    public init(
        _ status: Status, _ message: String? = nil, in situation: Situation = .call, serviceException: String? = nil,
        token: SecretBytes? = nil
    ) {
        content = Content(status, message ?? status.message, situation, serviceException, token)
    }

    /// `detail` is what a library says of it; "" if the status says it all.
    @inline(never)
    public init(_ status: Status, detail: String) {
        self.init(status, detail.isEmpty ? nil : .joining(status.message, " (", Redaction.visible(detail), ")"))
    }

    /// What to do about it.
    public var suggestion: String { Advice.text(status, situation) }

    /// Whether the limit was reached, and nothing else is wrong.
    public var isAboutTime: Bool { status == .cancelled || status == .deadlineExceeded }

    /// The same, as it is told of `situation`, or with another status or token.
    @inline(never)
    func told(of situation: Situation, as status: Status? = nil, token: SecretBytes? = nil) -> AuthFailure {
        AuthFailure(
            status ?? self.status, message, in: situation, serviceException: serviceException,
            token: token ?? self.token)
    }

    /// The same, with something more to say.
    @inline(never)
    func adding(_ text: String, token: SecretBytes? = nil) -> AuthFailure {
        AuthFailure(
            status, .joining(message, text), in: situation, serviceException: serviceException,
            token: token ?? self.token)
    }

    /// An option, an argument or a field of a struct that does not fit: `name` and what is wrong with it.
    @inline(never)
    public static func invalid(_ name: StaticString, _ problem: StaticString) -> AuthFailure {
        AuthFailure(.invalidArgument, .joining(name.text, " ", problem.text, "."))
    }
}
