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

    /// What it is to a person, as in "Cognito did not ...".
    var purpose: String {
        switch self {
        case .globalSignOut: "sign the user out on all devices"
        case .revokeToken: "revoke the refresh token"
        case .getTokensFromRefreshToken: "refresh the tokens"
        }
    }
}
