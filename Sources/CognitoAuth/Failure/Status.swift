// SPDX-License-Identifier: Apache-2.0

/// What became of a call. The numbers are those of `auth_status` in the C header; a test compares them.
public enum Status: Int32, CaseIterable, Sendable {
    case success = 0

    case invalidArgument = 1
    case notSupported = 2
    case privilegedProcess = 3
    case notSignedIn = 4
    case alreadySignedIn = 5
    case sessionChanged = 6
    case sessionEnded = 7
    case invalidSession = 8
    case notAttempted = 9
    case busy = 10
    case cancelled = 11
    case deadlineExceeded = 12
    case outOfResources = 13
    case configurationUnreadable = 14
    case invalidConfiguration = 15

    case keyringUnavailable = 100
    case keyringLocked = 101
    case keyringPromptDismissed = 102
    case keyringAccessDenied = 103
    case keyringNoCollection = 104
    case keyringFailed = 105

    case hostNotFound = 200
    case connectionFailed = 201
    case tlsFailed = 202
    case proxyFailed = 203
    case networkTimedOut = 204
    case connectionLost = 205
    case networkFailed = 206
    case invalidResponse = 207

    case serviceError = 300
    case notAuthorized = 301
    case resourceNotFound = 302
    case invalidParameter = 303
    case tooManyRequests = 304
    case passwordResetRequired = 305
    case userNotConfirmed = 306
    case userNotFound = 307
    case operationNotEnabled = 308
    case internalError = 309
    case forbidden = 310
    case unauthorized = 311
    case unsupportedOperation = 312
    case unsupportedTokenType = 313
    case unexpectedLambda = 314
    case userLambdaValidation = 315
    case invalidLambdaResponse = 316
    case refreshTokenReuse = 317

    case browserUnavailable = 400
    case browserNoPort = 401
    case browserTimedOut = 402
    case browserRedirectError = 403

    /// Whether, said of a step at Cognito, the connection to the network is what to look at first.
    var isAboutConnection: Bool {
        switch self {
        case .hostNotFound, .connectionFailed, .proxyFailed, .networkTimedOut, .connectionLost, .networkFailed,
            .deadlineExceeded:
            true
        default: false
        }
    }
}
