// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth

/// The user's browser, which comes back to this machine.
public final class LoopbackBrowser: Browser {
    public init() {}

    public func open(_ url: String, _ limit: WaitLimit) throws(AuthFailure) { throw AuthFailure(.browserUnavailable) }

    public func listen(
        at redirects: [LoopbackRedirect], _ pages: StandingPages
    ) throws(AuthFailure) -> any RedirectListener { throw AuthFailure(.browserNoPort) }
}
