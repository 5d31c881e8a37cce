// SPDX-License-Identifier: Apache-2.0

/// What a program asks of one call.
public struct CallOptions: Sendable {
    /// In milliseconds; prompts not counted.
    public let timeout: Int64
    /// How long the keyring's prompt may take, in milliseconds; nil: no prompt.
    public let promptTimeout: Int64?
    /// Whether a sign-out leaves the browser as it is.
    public let skipsBrowser: Bool
    public let browserFailure: BrowserFailure
    /// How long the user may take in the browser, in milliseconds; nil for the standard, which depends on what for.
    private let browserTimeout: Int64?

    /// What a sign-out does where its browser step fails. The numbers are those of `auth_browser_failure` in the C header.
    public enum BrowserFailure: Int32, Sendable {
        /// The other steps are done.
        case goesOn = 0
        /// Nothing else is done.
        case fails = 1
    }

    private static let standardPromptTimeout: Int64 = 120_000

    /// A call that asks for nothing.
    public init(_ configuration: Configuration) {
        timeout = configuration.timeoutMilliseconds
        promptTimeout = nil
        skipsBrowser = false
        browserFailure = .goesOn
        browserTimeout = nil
    }

    /// Options as they came in: 0 stands for the default.
    public init(
        timeout: Int32, allowPrompt: Bool, promptTimeout: Int32, skipsBrowser: Bool = false, browserFailure: Int32 = 0,
        browserTimeout: Int32 = 0, _ configuration: Configuration
    ) throws(AuthFailure) {
        self.timeout = try Configuration.timeout(
            timeout, "timeout_ms", default: configuration.timeoutMilliseconds)
        let promptTimeout = try Configuration.timeout(
            promptTimeout, "prompt_timeout_ms", default: Self.standardPromptTimeout)
        self.promptTimeout = allowPrompt ? promptTimeout : nil
        self.skipsBrowser = skipsBrowser
        guard let browserFailure = BrowserFailure(rawValue: browserFailure) else {
            throw .invalid("browser_failure", "must be one of AUTH_BROWSER_FAILURE")
        }
        self.browserFailure = browserFailure
        let time = try Configuration.timeout(browserTimeout, "browser_timeout_ms", default: 0)
        self.browserTimeout = time == 0 ? nil : time
    }

    /// How long the browser may take for a logout.
    var logoutTimeout: Int64 { browserTimeout ?? 120_000 }

    /// How long it may take for a sign-in, with a second factor to be found.
    var signInTimeout: Int64 { browserTimeout ?? 300_000 }
}
