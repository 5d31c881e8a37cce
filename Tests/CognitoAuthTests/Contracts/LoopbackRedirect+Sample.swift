// SPDX-License-Identifier: Apache-2.0

@testable import CognitoAuth

extension LoopbackRedirect {
    /// A redirect URI that a test has written.
    static func sample(_ text: String) -> LoopbackRedirect {
        guard let redirect = LoopbackRedirect.read(text, FakeURLReader()) else { preconditionFailure(text) }
        return redirect
    }
}
