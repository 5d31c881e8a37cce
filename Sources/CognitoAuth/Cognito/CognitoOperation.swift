// SPDX-License-Identifier: Apache-2.0

/// An operation of the Cognito user pools API that needs no signature, or the token endpoint's.
enum CognitoOperation {
    case globalSignOut
    case revokeToken
    case getTokensFromRefreshToken
    case getUser
    /// At the token endpoint of the hosted UI.
    case codeExchange

    /// The value of `X-Amz-Target` after the service's name; for the log only, if it is not the API's.
    var name: String {
        switch self {
        case .globalSignOut: "GlobalSignOut"
        case .revokeToken: "RevokeToken"
        case .getTokensFromRefreshToken: "GetTokensFromRefreshToken"
        case .getUser: "GetUser"
        case .codeExchange: "Exchange of the code"
        }
    }

    /// Whether sending it twice does what sending it once does. A pool that rotates refresh tokens
    /// takes each one once, so GetTokensFromRefreshToken is not safe to repeat; and a code is good once.
    var isRepeatable: Bool {
        switch self {
        case .globalSignOut, .revokeToken, .getUser: true
        case .getTokensFromRefreshToken, .codeExchange: false
        }
    }

    /// How long an answer is still waited for where the call is cancelled once the request was sent, in milliseconds. A
    /// refresh may have ended the session's tokens: those that it brings must not be lost. Those that an exchange brings are
    /// revoked.
    var patience: Int64 {
        switch self {
        case .globalSignOut, .revokeToken, .getUser: 0
        case .getTokensFromRefreshToken, .codeExchange: 2000
        }
    }

    /// What it is to a person, as in "Cognito did not ...".
    var purpose: String {
        switch self {
        case .globalSignOut: "sign the user out on all devices"
        case .revokeToken: "revoke the refresh token"
        case .getTokensFromRefreshToken: "refresh the tokens"
        case .getUser: "confirm that the session is good"
        case .codeExchange: "exchange the code for tokens"
        }
    }
}
