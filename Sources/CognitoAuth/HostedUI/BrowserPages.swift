// SPDX-License-Identifier: Apache-2.0

/// The texts that a browser shows when it comes back: fixed, with nothing of any request but the program's own name.
struct BrowserPages {
    let standing: StandingPages
    /// The step ended well.
    let done: BrowserPage
    /// The hosted UI sent an error.
    let failed: BrowserPage

    static func signIn(_ app: String) -> BrowserPages {
        BrowserPages(
            standing: standing(
                app, pending: .joining("Return to ", app, " to see whether you are signed in."),
                over: .joining("This sign-in is over. Return to ", app, ".")),
            done: BrowserPage(
                heading: .joining("You are signed in to ", app, "."), text: "You can close this tab.", .well),
            failed: BrowserPage(heading: "Sign-in failed.", text: .joining("Return to ", app, "."), .unwell))
    }

    static func logout(_ app: String) -> BrowserPages {
        BrowserPages(
            standing: standing(
                app, pending: .joining("Return to ", app, " to see whether you are signed out."),
                over: .joining("This sign-out is over. Return to ", app, ".")),
            // The program has not revoked anything at that moment.
            done: BrowserPage(heading: "Your browser is signed out.", text: .joining("Return to ", app, "."), .well),
            failed: BrowserPage(
                heading: "Your browser may still be signed in.", text: .joining("Return to ", app, "."), .unwell))
    }

    /// A sign-in that failed after the browser came back. Its session may have been handed out all the same.
    static func signInFailed(_ app: String, _ failure: AuthFailure) -> BrowserPage {
        BrowserPage(
            heading: .joining("Signing in to ", app, " did not work."),
            text: .joining(failure.status.message, " Return to ", app, "."), .unwell)
    }

    private static func standing(_ app: String, pending: String, over: String) -> StandingPages {
        StandingPages(
            pending: BrowserPage(heading: "Almost done.", text: pending),
            over: BrowserPage(heading: "Nothing is left to do here.", text: over),
            refused: BrowserPage(heading: "Nothing is here.", text: .joining("Return to ", app, ".")))
    }
}
