// SPDX-License-Identifier: Apache-2.0

/// What a status is called, what it means and what to do about it.
public struct StatusTexts: Sendable {
    /// The constant in the C header.
    public let name: StaticString
    /// One sentence for a person.
    public let message: StaticString
    /// What the user or the program can do. Empty only for `success`.
    public let suggestion: StaticString

    init(_ name: StaticString, _ message: StaticString, _ suggestion: StaticString) {
        self.name = name
        self.message = message
        self.suggestion = suggestion
    }

    /// For a number that is no status.
    public static let unknown = StatusTexts(
        "AUTH_STATUS_UNKNOWN", "This status is not known to this version of the library.",
        "Look the status up in the documentation of a newer version.")
}

extension Status {
    // Not inlined: these are used in many places, and would be most of the library's size.

    /// The constant in the C header, as text.
    @inline(never)
    var name: String { texts.name.text }

    @inline(never)
    var message: String { texts.message.text }

    @inline(never)
    var suggestion: String { texts.suggestion.text }

    public var texts: StatusTexts {
        switch self {
        case .success:
            StatusTexts("AUTH_STATUS_SUCCESS", "Everything went well.", "")
        case .invalidArgument:
            StatusTexts(
                "AUTH_STATUS_INVALID_ARGUMENT", "An argument is missing or malformed.",
                "Correct the argument that the message names.")
        case .notSupported:
            StatusTexts(
                "AUTH_STATUS_NOT_SUPPORTED", "This version of the library does not offer that option.",
                "Leave the option out.")
        case .privilegedProcess:
            StatusTexts(
                "AUTH_STATUS_PRIVILEGED_PROCESS", "The process runs with raised privileges.",
                "Sign out from a process without set-user-ID or capabilities.")
        case .notSignedIn:
            StatusTexts("AUTH_STATUS_NOT_SIGNED_IN", "Nobody is signed in.", "Sign in first.")
        case .alreadySignedIn:
            StatusTexts(
                "AUTH_STATUS_ALREADY_SIGNED_IN", "Another user is signed in.",
                "Sign the other user out first, then save the session again.")
        case .sessionChanged:
            StatusTexts(
                "AUTH_STATUS_SESSION_CHANGED", "The stored session is not the one that this call is about.",
                "Load the session again and decide with it.")
        case .sessionEnded:
            StatusTexts("AUTH_STATUS_SESSION_ENDED", "The session has ended.", "Sign in again.")
        case .invalidSession:
            StatusTexts(
                "AUTH_STATUS_INVALID_SESSION", "The stored session is damaged or incomplete.",
                "Sign out to remove it, then sign in again.")
        case .notAttempted:
            StatusTexts(
                "AUTH_STATUS_NOT_ATTEMPTED", "The step was held back because an earlier one failed.",
                "Retry with the partial-failure token.")
        case .busy:
            StatusTexts(
                "AUTH_STATUS_BUSY", "Another process or client works on the same session.",
                "Try again in a few seconds.")
        case .cancelled:
            StatusTexts("AUTH_STATUS_CANCELLED", "The call was cancelled.", "Call again when you want it done.")
        case .deadlineExceeded:
            StatusTexts(
                "AUTH_STATUS_DEADLINE_EXCEEDED", "The time of the call ran out.",
                "Try again, with a longer timeout if that helps.")
        case .outOfResources:
            StatusTexts(
                "AUTH_STATUS_OUT_OF_RESOURCES", "The process can have no further thread or file descriptor.",
                "Close something, and try again.")
        case .configurationUnreadable:
            StatusTexts(
                "AUTH_STATUS_CONFIGURATION_UNREADABLE", "The configuration file cannot be read.",
                "Check the path and the permissions of the file.")
        case .invalidConfiguration:
            StatusTexts(
                "AUTH_STATUS_INVALID_CONFIGURATION", "The configuration file does not fit.",
                "Correct the setting that the message names, or have Amplify write the file again.")
        case .keyringUnavailable:
            StatusTexts(
                "AUTH_STATUS_KEYRING_UNAVAILABLE", "No keyring can be reached.",
                "Start a keyring such as GNOME Keyring in this desktop session, and try again.")
        case .keyringLocked:
            StatusTexts(
                "AUTH_STATUS_KEYRING_LOCKED", "The keyring is locked.", "Unlock the keyring and try again.")
        case .keyringPromptDismissed:
            StatusTexts(
                "AUTH_STATUS_KEYRING_PROMPT_DISMISSED", "The keyring's prompt was dismissed.",
                "Try again and unlock the keyring when it asks.")
        case .keyringAccessDenied:
            StatusTexts(
                "AUTH_STATUS_KEYRING_ACCESS_DENIED", "The keyring refused this program.",
                "Allow this program to use the keyring, and try again.")
        case .keyringNoCollection:
            StatusTexts(
                "AUTH_STATUS_KEYRING_NO_COLLECTION", "The keyring has no default collection to store in.",
                "Create a default keyring, for example in Passwords and Keys, and try again.")
        case .keyringFailed:
            StatusTexts(
                "AUTH_STATUS_KEYRING_FAILED", "The keyring did not do what was asked of it.",
                "Try again; if it fails again, restart the keyring.")
        case .hostNotFound:
            StatusTexts(
                "AUTH_STATUS_HOST_NOT_FOUND", "The name of the Cognito endpoint could not be found.",
                "Check the network connection, the region and the endpoint, and try again.")
        case .connectionFailed:
            StatusTexts(
                "AUTH_STATUS_CONNECTION_FAILED", "No connection to Cognito could be made.",
                "Check the network connection and try again.")
        case .tlsFailed:
            StatusTexts(
                "AUTH_STATUS_TLS_FAILED", "No secure connection to Cognito could be made.",
                "Check the system's clock and certificates, and whether this network intercepts connections.")
        case .proxyFailed:
            StatusTexts(
                "AUTH_STATUS_PROXY_FAILED", "The proxy could not be used.",
                "Check the proxy settings and try again.")
        case .networkTimedOut:
            StatusTexts(
                "AUTH_STATUS_NETWORK_TIMED_OUT", "No answer came in time.",
                "Check the network connection and try again.")
        case .connectionLost:
            StatusTexts(
                "AUTH_STATUS_CONNECTION_LOST", "The connection ended before an answer came.",
                "Check the network connection and try again.")
        case .networkFailed:
            StatusTexts(
                "AUTH_STATUS_NETWORK_FAILED", "The network failed.", "Check the network connection and try again.")
        case .invalidResponse:
            StatusTexts(
                "AUTH_STATUS_INVALID_RESPONSE", "The answer is not one that Cognito sends.",
                "Check whether a proxy or a sign-in page of this network answers in Cognito's place, and try again.")
        case .serviceError:
            StatusTexts("AUTH_STATUS_SERVICE_ERROR", "Cognito reported an error.", "Try again later.")
        case .notAuthorized:
            StatusTexts("AUTH_STATUS_NOT_AUTHORIZED", "Cognito does not accept the token.", "Sign in again.")
        case .resourceNotFound:
            StatusTexts(
                "AUTH_STATUS_RESOURCE_NOT_FOUND", "Cognito does not know the user pool or the app client.",
                "Check the user pool id, the client id and the region.")
        case .invalidParameter:
            StatusTexts(
                "AUTH_STATUS_INVALID_PARAMETER", "Cognito does not accept a parameter of the request.",
                "Check the client id and the client secret.")
        case .tooManyRequests:
            StatusTexts(
                "AUTH_STATUS_TOO_MANY_REQUESTS", "Cognito receives too many requests.", "Try again in a minute.")
        case .passwordResetRequired:
            StatusTexts(
                "AUTH_STATUS_PASSWORD_RESET_REQUIRED", "The user's password must be reset.",
                "Reset the password, sign in again, then sign out everywhere.")
        case .userNotConfirmed:
            StatusTexts(
                "AUTH_STATUS_USER_NOT_CONFIRMED", "The user is not confirmed.",
                "Confirm the user, sign in again, then sign out everywhere.")
        case .userNotFound:
            StatusTexts(
                "AUTH_STATUS_USER_NOT_FOUND", "The user does not exist any more.",
                "Nothing is left to do for this user.")
        case .operationNotEnabled:
            StatusTexts(
                "AUTH_STATUS_OPERATION_NOT_ENABLED", "The operation is not enabled in this region.",
                "Use the user pool's primary region.")
        case .internalError:
            StatusTexts("AUTH_STATUS_INTERNAL_ERROR", "Cognito had an internal error.", "Try again in a minute.")
        case .forbidden:
            StatusTexts(
                "AUTH_STATUS_FORBIDDEN", "A web access control list of the user pool refused the request.",
                "Ask who runs the service to allow requests from this network.")
        case .unauthorized:
            StatusTexts(
                "AUTH_STATUS_UNAUTHORIZED", "Cognito does not allow this request to the app client.",
                "Check the client id and the client secret.")
        case .unsupportedOperation:
            StatusTexts(
                "AUTH_STATUS_UNSUPPORTED_OPERATION", "Token revocation is not enabled for the app client.",
                "Turn on token revocation for the app client.")
        case .unsupportedTokenType:
            StatusTexts(
                "AUTH_STATUS_UNSUPPORTED_TOKEN_TYPE", "Cognito cannot revoke a token of this type.",
                "Save the session with its refresh token, not another one.")
        case .unexpectedLambda:
            StatusTexts(
                "AUTH_STATUS_UNEXPECTED_LAMBDA", "A Lambda trigger of the user pool failed.",
                "Ask who runs the service to check the user pool's triggers.")
        case .userLambdaValidation:
            StatusTexts(
                "AUTH_STATUS_USER_LAMBDA_VALIDATION", "A Lambda trigger of the user pool refused the user.",
                "Ask who runs the service why the user is refused.")
        case .invalidLambdaResponse:
            StatusTexts(
                "AUTH_STATUS_INVALID_LAMBDA_RESPONSE", "A Lambda trigger of the user pool answered nonsense.",
                "Ask who runs the service to check the user pool's triggers.")
        case .refreshTokenReuse:
            StatusTexts(
                "AUTH_STATUS_REFRESH_TOKEN_REUSE", "The refresh token was used before and has been replaced.",
                "Sign in again.")
        case .browserUnavailable:
            StatusTexts(
                "AUTH_STATUS_BROWSER_UNAVAILABLE", "No browser could be started.",
                "Set a default browser and try again.")
        case .browserNoPort:
            StatusTexts(
                "AUTH_STATUS_BROWSER_NO_PORT", "No port of a sign-out redirect URI is free.",
                "Close the program that uses the port, or configure another redirect URI.")
        case .browserTimedOut:
            StatusTexts(
                "AUTH_STATUS_BROWSER_TIMED_OUT", "The browser did not come back in time.",
                "Try again and finish signing out in the browser.")
        case .browserRedirectError:
            StatusTexts(
                "AUTH_STATUS_BROWSER_REDIRECT_ERROR", "The browser came back with an error.",
                "Check that the sign-out redirect URI is registered for the app client.")
        }
    }
}

extension StaticString {
    @inline(never)
    fileprivate var text: String {
        String(decoding: UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount), as: UTF8.self)
    }
}
