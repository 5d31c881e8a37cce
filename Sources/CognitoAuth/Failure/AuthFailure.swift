// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// Why a call or a step of it failed, as a program and a person are told.
public struct AuthFailure: Error {
    public var status: Status
    /// What went wrong. Holds no token.
    public var message: String
    /// What to do about it.
    public var suggestion: String
    /// The name of Cognito's exception, if Cognito answered with one.
    public var serviceException: String?
    /// The token that the failed step was about, for a retry by hand.
    public var token: SecretBytes?

    public init(_ status: Status, _ message: String? = nil, suggestion: String? = nil) {
        self.status = status
        self.message = message ?? status.message
        self.suggestion = suggestion ?? status.suggestion
    }

    /// An option, an argument or a field of a struct that does not fit: `name` and what is wrong with it.
    public static func invalid(_ name: StaticString, _ problem: StaticString) -> AuthFailure {
        AuthFailure(.invalidArgument, "\(name) \(problem).")
    }
}
