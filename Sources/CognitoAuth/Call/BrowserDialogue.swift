// SPDX-License-Identifier: Apache-2.0

/// What a call waits for while the browser is open, as the program may have a hand in it.
public struct BrowserDialogue: Sendable {
    /// What the browser was started with.
    public let url: String
    /// The redirect that the program reports; nil where our own listener hears it.
    public let reported: ExpectedRedirect?
}
