// SPDX-License-Identifier: Apache-2.0

/// An operation of the Cognito user pools API that needs no signature.
enum CognitoOperation {
    case globalSignOut
    case revokeToken
    case getTokensFromRefreshToken

    /// The value of `X-Amz-Target` after the service's name.
    var name: String {
        switch self {
        case .globalSignOut: "GlobalSignOut"
        case .revokeToken: "RevokeToken"
        case .getTokensFromRefreshToken: "GetTokensFromRefreshToken"
        }
    }

    /// Whether sending it twice does what sending it once does. A pool that rotates refresh tokens
    /// takes each one once, so GetTokensFromRefreshToken is not safe to repeat.
    var isRepeatable: Bool {
        switch self {
        case .globalSignOut, .revokeToken: true
        case .getTokensFromRefreshToken: false
        }
    }

    /// How long an answer is still waited for where the call is cancelled once the request was sent, in milliseconds. A
    /// refresh may have ended the session's tokens: those that it brings must not be lost.
    var patience: Int64 {
        switch self {
        case .globalSignOut, .revokeToken: 0
        case .getTokensFromRefreshToken: 2000
        }
    }

    /// What it is to a person, as in "Cognito did not ...".
    var purpose: String {
        switch self {
        case .globalSignOut: "sign the user out on all devices"
        case .revokeToken: "revoke the refresh token"
        case .getTokensFromRefreshToken: "refresh the tokens"
        }
    }
}
