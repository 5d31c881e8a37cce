// SPDX-License-Identifier: Apache-2.0

/// The texts that a browser shows when it comes back: fixed, with nothing of any request but the program's own name.
final class BrowserPages {
    let standing: StandingPages
    /// The step ended well.
    let done: BrowserPage
    /// The hosted UI sent an error.
    let failed: BrowserPage

    private init(standing: StandingPages, done: BrowserPage, failed: BrowserPage) {
        self.standing = standing
        self.done = done
        self.failed = failed
    }

    static func signIn(_ app: String) -> BrowserPages {
        let back = back(to: app)
        return BrowserPages(
            standing: standing(
                back, pending: .joining("Return to ", app, " to see whether you are signed in."),
                over: "This sign-in is over. "),
            done: BrowserPage(
                heading: .joining("You are signed in to ", app, "."), text: "You can close this tab.", .well),
            failed: BrowserPage(heading: "Sign-in failed.", text: back, .unwell))
    }

    static func logout(_ app: String) -> BrowserPages {
        let back = back(to: app)
        return BrowserPages(
            standing: standing(
                back, pending: .joining("Return to ", app, " to see whether you are signed out."),
                over: "This sign-out is over. "),
            // The program has not revoked anything at that moment.
            done: BrowserPage(heading: "Your browser is signed out.", text: back, .well),
            failed: BrowserPage(heading: "Your browser may still be signed in.", text: back, .unwell))
    }

    /// A sign-in that failed after the browser came back. Its session may have been handed out all the same.
    static func signInFailed(_ app: String, _ failure: AuthFailure) -> BrowserPage {
        BrowserPage(
            heading: .joining("Signing in to ", app, " did not work."),
            text: .joining(failure.status.message, " Return to ", app, "."), .unwell)
    }

    private static func back(to app: String) -> String { .joining("Return to ", app, ".") }

    private static func standing(_ back: String, pending: String, over: StaticString) -> StandingPages {
        StandingPages(
            pending: BrowserPage(heading: "Almost done.", text: pending),
            over: BrowserPage(heading: "Nothing is left to do here.", text: .joining(over.text, back)),
            refused: BrowserPage(heading: "Nothing is here.", text: back))
    }
}
