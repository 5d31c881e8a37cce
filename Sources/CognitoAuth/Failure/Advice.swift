// SPDX-License-Identifier: Apache-2.0

/// What there is to do about a failure: the one table of it, by status and by what failed.
///
/// The status alone does not say it. A locked keyring keeps a session from being loaded, from being signed out, or
/// from being retried, and each time the user goes on in another way.
enum Advice {
    @inline(never)
    static func text(_ status: Status, _ situation: Situation) -> String {
        switch situation {
        case .call: general(status).text
        case .endedSession: "Sign out to remove it from this machine, then sign in again."
        case .uncheckable: "Ask for the scope aws.cognito.signin.user.admin when the user signs in the next time."
        case .signOut: signOut(status).text
        case .retry: retry(status)
        case .openDeletion: openDeletion(status)
        case .openStep: openStep(status)
        case .otherDevices: otherDevices(status).text
        case .missingScope:
            "Sign in with the scope aws.cognito.signin.user.admin, which GlobalSignOut needs, then sign out everywhere."
        case .disabledUser: "The user is disabled. Ask who runs the service to end the user's sessions."
        case .signIn: signIn(status).text
        case .refusedScopes: "Ask for other scopes, or allow these to the app client."
        case .programCode:
            "Have Amplify write JSON: ampx generate outputs --format json, or amplify pull in a project of Gen 1. In Dart code, the JSON stands between the three quotation marks."
        case .encodedFile: "Save the file as UTF-8."
        case .damagedSession: "If a device was lost, sign in again and sign out everywhere."
        }
    }

    /// GlobalSignOut was given up.
    private static func otherDevices(_ status: Status) -> StaticString {
        switch status {
        case .passwordResetRequired: "Reset the password, sign in again, then sign out everywhere."
        case .userNotConfirmed: "Confirm the user, sign in again, then sign out everywhere."
        default: "Other devices may still be signed in. Sign in again, then sign out everywhere."
        }
    }

    /// A sign-out that failed: the user is still signed in here, or we could not find out.
    private static func signOut(_ status: Status) -> StaticString {
        switch status {
        case .keyringLocked: "Unlock the keyring and sign out again."
        case .keyringUnavailable:
            "Start a keyring such as GNOME Keyring in this desktop session, or correct what the message names, and sign out again."
        case .keyringAccessDenied: "Allow this program to use the keyring, and sign out again."
        case .keyringPromptDismissed: "Sign out again, and accept the keyring's prompt."
        case .keyringNoCollection: "Open the keyring that the session is in, and sign out again."
        case .sessionChanged: "Load the session that is stored now. Sign out again if it is to end too."
        case .cancelled: "Sign out again when you want it done."
        case .deadlineExceeded: "Sign out again; if the keyring hangs, restart it."
        case .outOfResources: "Close something, and sign out again."
        case .invalidArgument: "Start the sign-out as an operation, or set skip_browser."
        case .browserUnavailable, .browserNoPort, .browserTimedOut, .browserRedirectError: general(status)
        default: "Sign out again; if it fails again, restart the keyring."
        }
    }

    /// A sign-in through the browser.
    private static func signIn(_ status: Status) -> StaticString {
        switch status {
        case .alreadySignedIn: "Sign out first, then sign in again."
        case .cancelled: "Sign in again."
        case .busy: "Let the other sign-in end, or cancel it, then sign in again."
        case .browserTimedOut:
            "Look at the page in the browser. If it shows an error, check the domain, the client id, and whether the redirect URI is registered for the app client; then sign in again."
        case .browserRedirectError:
            "Sign in again. If nobody declined, check which scopes and identity providers the app client allows."
        case .serviceError:
            "Sign in again; if it fails again, check the client secret, and which redirect URIs and identity providers the app client allows."
        case .invalidResponse:
            "Check the user pool id and the client id, and whether a proxy or a sign-in page of this network answers in Cognito's place."
        case .deadlineExceeded: general(status)
        case _ where status.isAboutConnection: "Check the network connection, then sign in again."
        default: general(status)
        }
    }

    /// A retry that failed. Where it had begun, its result has a newer partial-failure token, with what is open still: the
    /// one that went in would repeat what is done.
    private static func retry(_ status: Status) -> String {
        switch status {
        case .keyringLocked: "Unlock the keyring, then retry with the newest token."
        case .keyringNoCollection: "Open the keyring that the session is in, then retry with the newest token."
        case .sessionChanged: "Sign out everywhere if that is what you want. The token stays good."
        case .cancelled: "Retry with the newest token when you want it done."
        default: .joining(general(status).text, " Then retry with the newest token.")
        }
    }

    /// The deletion, which the partial-failure token holds.
    private static func openDeletion(_ status: Status) -> String {
        let first: StaticString
        switch status {
        case .keyringLocked: first = "Unlock the keyring"
        case .keyringUnavailable: first = "Start a keyring such as GNOME Keyring in this desktop session"
        case .keyringAccessDenied: first = "Allow this program to use the keyring"
        case .keyringNoCollection: first = "Open the keyring that the session is in"
        case .outOfResources: first = "Close something"
        case .keyringPromptDismissed: return "Retry with the partial-failure token, and accept the keyring's prompt."
        case .deadlineExceeded: return "Retry with the partial-failure token; if the keyring hangs, restart it."
        case .cancelled: return openStep(status)
        default: return "Retry with the partial-failure token; if it fails again, restart the keyring."
        }
        return .joining(first.text, ", then retry with the partial-failure token.")
    }

    /// A remote step that the partial-failure token holds.
    private static func openStep(_ status: Status) -> String {
        switch status {
        case .tlsFailed, .proxyFailed: .joining(general(status).text, " Then retry with the partial-failure token.")
        case _ where status.isAboutConnection:
            "Check the network connection, then retry with the partial-failure token."
        case .notAttempted: general(status).text
        case .cancelled: "Retry with the partial-failure token when you want it done."
        case .tooManyRequests, .internalError: "Retry with the partial-failure token in a minute."
        case .outOfResources: "Close something, then retry with the partial-failure token."
        case .browserUnavailable: "Set a default browser, then retry with the partial-failure token."
        case .browserNoPort: "Close the program that uses the port, then retry with the partial-failure token."
        case .browserTimedOut: "Retry with the partial-failure token, and finish signing out in the browser."
        case .browserRedirectError: .joining(general(status).text, " Then retry with the partial-failure token.")
        case .invalidResponse:
            "Check whether a proxy or a sign-in page of this network answers in Cognito's place, then retry with the partial-failure token."
        default:
            "Retry with the partial-failure token. If that is refused too, ask who runs the service to end the user's sessions."
        }
    }

    /// Any other call. Empty only for `success`.
    static func general(_ status: Status) -> StaticString {
        switch status {
        case .success: ""
        case .invalidArgument: "Correct the argument that the message names."
        case .notSupported: "Update the library, or leave the option out."
        case .privilegedProcess: "Sign out from a process without set-user-ID or capabilities."
        case .notSignedIn: "Sign in first."
        case .alreadySignedIn: "Sign the other user out first, then save the session again."
        case .sessionChanged: "Load the session again and decide with it."
        case .sessionEnded: "Sign in again."
        case .invalidSession: "Sign out to remove it, then sign in again."
        case .notAttempted: "Retry with the partial-failure token."
        case .busy: "Try again in a few seconds."
        case .cancelled: "Call again when you want it done."
        case .deadlineExceeded: "Try again, with a longer timeout if that helps."
        case .outOfResources: "Close something, and try again."
        case .configurationUnreadable: "Check the path and the permissions of the file."
        case .invalidConfiguration: "Correct what the message names, or have Amplify write the file again."
        case .keyringUnavailable:
            "Start a keyring such as GNOME Keyring in this desktop session, or correct what the message names, and try again."
        case .keyringLocked: "Unlock the keyring and try again."
        case .keyringPromptDismissed: "Try again, and accept the keyring's prompt."
        case .keyringAccessDenied: "Allow this program to use the keyring, and try again."
        case .keyringNoCollection:
            "Create or open a default keyring, for example in Passwords and Keys, and try again. With allow_prompt, saving a session or signing in offers to create one."
        case .keyringFailed: "Try again; if it fails again, restart the keyring."
        case .hostNotFound: "Check the network connection, the region and the endpoint, and try again."
        case .connectionFailed: "Check the network connection and try again."
        case .tlsFailed:
            "Check ca_file if it is set, the system's clock and certificates, and whether this network intercepts connections."
        case .proxyFailed: "Check the proxy's address, and its user name and password if it wants a login."
        case .networkTimedOut: "Check the network connection and try again."
        case .connectionLost: "Check the network connection and try again."
        case .networkFailed: "Check the network connection and try again."
        case .invalidResponse:
            "Check whether a proxy or a sign-in page of this network answers in Cognito's place, and try again."
        case .serviceError: "Try again later."
        case .notAuthorized:
            "Sign in again. If that is refused too, check the client id and the client secret, or ask who runs the service."
        case .resourceNotFound: "Check the user pool id, the client id and the region."
        case .invalidParameter: "Check the client id and the client secret."
        case .tooManyRequests: "Try again in a minute."
        case .passwordResetRequired: "Reset the password, then sign in again."
        case .userNotConfirmed: "Confirm the user, then sign in again."
        case .userNotFound: "Nothing is left to do for this user."
        case .operationNotEnabled: "Use the user pool's primary region."
        case .internalError: "Try again in a minute."
        case .forbidden: "Ask who runs the service to allow requests from this network."
        case .unauthorized: "Check the client id and the client secret."
        case .unsupportedOperation: "Turn on token revocation for the app client."
        case .unsupportedTokenType: "Save the session with its refresh token, not another one."
        case .unexpectedLambda: "Ask who runs the service to check the user pool's triggers."
        case .userLambdaValidation: "Ask who runs the service why the user is refused."
        case .invalidLambdaResponse: "Ask who runs the service to check the user pool's triggers."
        case .refreshTokenReuse: "Sign in again."
        case .browserUnavailable: "Set a default browser and try again."
        case .browserNoPort: "Close the program that uses the port, or configure another redirect URI."
        case .browserTimedOut: "Try again, and finish in the browser."
        case .browserRedirectError: "Check that the redirect URI is registered for the app client."
        }
    }
}
