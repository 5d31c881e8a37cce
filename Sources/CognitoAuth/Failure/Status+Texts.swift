// SPDX-License-Identifier: Apache-2.0

/// What a status is called and what it means.
public struct StatusTexts: Sendable {
    /// The constant in the C header.
    public let name: StaticString
    /// One sentence for a person.
    public let message: StaticString

    init(_ name: StaticString, _ message: StaticString) {
        self.name = name
        self.message = message
    }

    /// For a number that is no status.
    public static let unknown = StatusTexts(
        "AUTH_STATUS_UNKNOWN", "This status is not known to this version of the library.")
}

extension Status {
    // Not inlined: these are used in many places, and would be most of the library's size.

    /// The constant in the C header, as text.
    @inline(never)
    var name: String { texts.name.text }

    @inline(never)
    var message: String { texts.message.text }

    public var texts: StatusTexts {
        switch self {
        case .success: StatusTexts("AUTH_STATUS_SUCCESS", "Everything went well.")
        case .invalidArgument: StatusTexts("AUTH_STATUS_INVALID_ARGUMENT", "An argument is missing or malformed.")
        case .notSupported:
            StatusTexts("AUTH_STATUS_NOT_SUPPORTED", "This version of the library does not offer that option.")
        case .privilegedProcess:
            StatusTexts("AUTH_STATUS_PRIVILEGED_PROCESS", "The process runs with raised privileges.")
        case .notSignedIn: StatusTexts("AUTH_STATUS_NOT_SIGNED_IN", "Nobody is signed in.")
        case .alreadySignedIn: StatusTexts("AUTH_STATUS_ALREADY_SIGNED_IN", "Somebody is signed in already.")
        case .sessionChanged:
            StatusTexts("AUTH_STATUS_SESSION_CHANGED", "The stored session is not the one that this call is about.")
        case .sessionEnded: StatusTexts("AUTH_STATUS_SESSION_ENDED", "The session has ended.")
        case .invalidSession: StatusTexts("AUTH_STATUS_INVALID_SESSION", "The stored session is damaged or incomplete.")
        case .notAttempted:
            StatusTexts("AUTH_STATUS_NOT_ATTEMPTED", "The step was held back because an earlier one failed.")
        case .busy: StatusTexts("AUTH_STATUS_BUSY", "Another process or client works on the same session.")
        case .cancelled: StatusTexts("AUTH_STATUS_CANCELLED", "The call was cancelled.")
        case .deadlineExceeded: StatusTexts("AUTH_STATUS_DEADLINE_EXCEEDED", "The time of the call ran out.")
        case .outOfResources:
            StatusTexts("AUTH_STATUS_OUT_OF_RESOURCES", "The process can have no further thread or file descriptor.")
        case .configurationUnreadable:
            StatusTexts("AUTH_STATUS_CONFIGURATION_UNREADABLE", "The configuration file cannot be read.")
        case .invalidConfiguration:
            StatusTexts("AUTH_STATUS_INVALID_CONFIGURATION", "The configuration file does not fit.")
        case .keyringUnavailable: StatusTexts("AUTH_STATUS_KEYRING_UNAVAILABLE", "No keyring can be reached.")
        case .keyringLocked: StatusTexts("AUTH_STATUS_KEYRING_LOCKED", "The keyring is locked.")
        case .keyringPromptDismissed:
            StatusTexts("AUTH_STATUS_KEYRING_PROMPT_DISMISSED", "The keyring's prompt was dismissed.")
        case .keyringAccessDenied: StatusTexts("AUTH_STATUS_KEYRING_ACCESS_DENIED", "The keyring refused this program.")
        case .keyringNoCollection:
            StatusTexts(
                "AUTH_STATUS_KEYRING_NO_COLLECTION",
                "The keyring has no default collection: none was created yet, or none is open.")
        case .keyringFailed: StatusTexts("AUTH_STATUS_KEYRING_FAILED", "The keyring did not do what was asked of it.")
        case .hostNotFound:
            StatusTexts("AUTH_STATUS_HOST_NOT_FOUND", "The name of the Cognito endpoint could not be found.")
        case .connectionFailed: StatusTexts("AUTH_STATUS_CONNECTION_FAILED", "No connection to Cognito could be made.")
        case .tlsFailed: StatusTexts("AUTH_STATUS_TLS_FAILED", "No secure connection to Cognito could be made.")
        case .proxyFailed: StatusTexts("AUTH_STATUS_PROXY_FAILED", "The proxy could not be used.")
        case .networkTimedOut: StatusTexts("AUTH_STATUS_NETWORK_TIMED_OUT", "No answer came in time.")
        case .connectionLost: StatusTexts("AUTH_STATUS_CONNECTION_LOST", "The connection ended before an answer came.")
        case .networkFailed: StatusTexts("AUTH_STATUS_NETWORK_FAILED", "The network failed.")
        case .invalidResponse: StatusTexts("AUTH_STATUS_INVALID_RESPONSE", "The answer is not one that Cognito sends.")
        case .serviceError: StatusTexts("AUTH_STATUS_SERVICE_ERROR", "Cognito reported an error.")
        case .notAuthorized: StatusTexts("AUTH_STATUS_NOT_AUTHORIZED", "Cognito does not accept the token.")
        case .resourceNotFound:
            StatusTexts("AUTH_STATUS_RESOURCE_NOT_FOUND", "Cognito does not know the user pool or the app client.")
        case .invalidParameter:
            StatusTexts("AUTH_STATUS_INVALID_PARAMETER", "Cognito does not accept a parameter of the request.")
        case .tooManyRequests: StatusTexts("AUTH_STATUS_TOO_MANY_REQUESTS", "Cognito receives too many requests.")
        case .passwordResetRequired:
            StatusTexts("AUTH_STATUS_PASSWORD_RESET_REQUIRED", "The user's password must be reset.")
        case .userNotConfirmed: StatusTexts("AUTH_STATUS_USER_NOT_CONFIRMED", "The user is not confirmed.")
        case .userNotFound: StatusTexts("AUTH_STATUS_USER_NOT_FOUND", "The user does not exist any more.")
        case .operationNotEnabled:
            StatusTexts("AUTH_STATUS_OPERATION_NOT_ENABLED", "The operation is not enabled in this region.")
        case .internalError: StatusTexts("AUTH_STATUS_INTERNAL_ERROR", "Cognito had an internal error.")
        case .forbidden:
            StatusTexts("AUTH_STATUS_FORBIDDEN", "A web access control list of the user pool refused the request.")
        case .unauthorized:
            StatusTexts("AUTH_STATUS_UNAUTHORIZED", "Cognito does not allow this request to the app client.")
        case .unsupportedOperation:
            StatusTexts("AUTH_STATUS_UNSUPPORTED_OPERATION", "Token revocation is not enabled for the app client.")
        case .unsupportedTokenType:
            StatusTexts("AUTH_STATUS_UNSUPPORTED_TOKEN_TYPE", "Cognito cannot revoke a token of this type.")
        case .unexpectedLambda:
            StatusTexts("AUTH_STATUS_UNEXPECTED_LAMBDA", "A Lambda trigger of the user pool failed.")
        case .userLambdaValidation:
            StatusTexts("AUTH_STATUS_USER_LAMBDA_VALIDATION", "A Lambda trigger of the user pool refused the user.")
        case .invalidLambdaResponse:
            StatusTexts("AUTH_STATUS_INVALID_LAMBDA_RESPONSE", "A Lambda trigger of the user pool answered nonsense.")
        case .refreshTokenReuse:
            StatusTexts("AUTH_STATUS_REFRESH_TOKEN_REUSE", "The refresh token was used before and has been replaced.")
        case .browserUnavailable: StatusTexts("AUTH_STATUS_BROWSER_UNAVAILABLE", "No browser could be started.")
        case .browserNoPort: StatusTexts("AUTH_STATUS_BROWSER_NO_PORT", "No port of a redirect URI is free.")
        case .browserTimedOut: StatusTexts("AUTH_STATUS_BROWSER_TIMED_OUT", "The browser did not come back in time.")
        case .browserRedirectError:
            StatusTexts("AUTH_STATUS_BROWSER_REDIRECT_ERROR", "The browser came back with an error.")
        }
    }
}
