// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// Why a call or a step of it failed, as a program and a person are told.
///
/// The one failure of the core and its ports. What a request's failure means for what comes next is more than that:
/// see `RequestFailure`.
public struct AuthFailure: Error {
    public var status: Status
    /// What went wrong. Holds no token.
    public var message: String
    public var situation: Situation
    /// The name of Cognito's exception, if Cognito answered with one.
    public var serviceException: String?
    /// The token that the failed step was about, for a retry by hand.
    public var token: SecretBytes?

    public init(_ status: Status, _ message: String? = nil, in situation: Situation = .call) {
        self.status = status
        self.message = message ?? status.message
        self.situation = situation
    }

    /// `detail` is what a library says of it; "" if the status says it all.
    public init(_ status: Status, detail: String) {
        self.init(status, detail.isEmpty ? nil : .joining(status.message, " (", Redaction.visible(detail), ")"))
    }

    /// What to do about it.
    public var suggestion: String { Advice.text(status, situation) }

    /// Whether the limit was reached, and nothing else is wrong.
    public var isAboutTime: Bool { status == .cancelled || status == .deadlineExceeded }

    /// The same, as it is told of `situation`.
    func told(of situation: Situation) -> AuthFailure {
        var failure = self
        failure.situation = situation
        return failure
    }

    /// An option, an argument or a field of a struct that does not fit: `name` and what is wrong with it.
    @inline(never)
    public static func invalid(_ name: StaticString, _ problem: StaticString) -> AuthFailure {
        AuthFailure(.invalidArgument, .joining(name.text, " ", problem.text, "."))
    }
}
