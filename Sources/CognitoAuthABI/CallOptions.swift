// SPDX-License-Identifier: Apache-2.0

internal import CCognitoAuth
internal import CognitoAuth

/// What a program asks of one call.
struct CallOptions {
    let timeoutMilliseconds: Int64
    /// nil: no prompt.
    let promptTimeoutMilliseconds: Int64?

    init(_ pointer: UnsafePointer<auth_call_options>?, of client: Client) throws(AuthFailure) {
        let standard = client.core.configuration.timeoutMilliseconds
        guard let pointer else {
            timeoutMilliseconds = standard
            promptTimeoutMilliseconds = nil
            return
        }
        let options = try CStruct.read(pointer, "options")
        if options.skip_browser != 0 { throw .notSupported("skip_browser") }
        if options.browser_failure != 0 { throw .notSupported("browser_failure") }
        if options.browser_timeout_ms != 0 { throw .notSupported("browser_timeout_ms") }
        timeoutMilliseconds = try Configuration.timeout(options.timeout_ms, "timeout_ms", default: standard)
        let promptTimeout = try Configuration.timeout(options.prompt_timeout_ms, "prompt_timeout_ms", default: 120_000)
        promptTimeoutMilliseconds = options.allow_prompt == 0 ? nil : promptTimeout
    }
}
