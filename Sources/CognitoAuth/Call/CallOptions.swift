// SPDX-License-Identifier: Apache-2.0

/// What a program asks of one call.
public struct CallOptions: Sendable {
    /// In milliseconds; prompts not counted.
    public let timeout: Int64
    /// How long the keyring's prompt may take, in milliseconds; nil: no prompt.
    public let promptTimeout: Int64?

    private static let standardPromptTimeout: Int64 = 120_000

    /// A call that asks for nothing.
    public init(_ configuration: Configuration) {
        timeout = configuration.timeoutMilliseconds
        promptTimeout = nil
    }

    /// Options as they came in: 0 stands for the default.
    public init(
        timeout: Int32, allowPrompt: Bool, promptTimeout: Int32, _ configuration: Configuration
    ) throws(AuthFailure) {
        self.timeout = try Configuration.timeout(
            timeout, "timeout_ms", default: configuration.timeoutMilliseconds)
        let promptTimeout = try Configuration.timeout(
            promptTimeout, "prompt_timeout_ms", default: Self.standardPromptTimeout)
        self.promptTimeout = allowPrompt ? promptTimeout : nil
    }
}
