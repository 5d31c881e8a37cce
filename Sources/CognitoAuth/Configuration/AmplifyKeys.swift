// SPDX-License-Identifier: Apache-2.0

/// Where the configuration files of a generation of Amplify have the settings.
///
/// Sources: Gen 2, the JSON schema of `amplify_outputs.json` that aws-amplify/amplify-backend publishes; Gen 1,
/// "Use existing Amazon Cognito resources" in Amplify's guides for Swift, Android and Flutter.
struct AmplifyKeys {
    let userPoolID: Setting
    let clientID: Setting
    let region: Setting
    let clientSecret: Setting?
    let endpoint: Setting?
    let hostedUIDomain: Setting
    /// A string with commas, or a list.
    let signOutRedirectURIs: Setting
    let hasListOfSignOutRedirectURIs: Bool

    static var firstGeneration: AmplifyKeys {
        AmplifyKeys(
            userPoolID: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.PoolId"),
            clientID: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.AppClientId"),
            region: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.Region"),
            clientSecret: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.AppClientSecret"),
            endpoint: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.Endpoint"),
            hostedUIDomain: .key("auth.plugins.awsCognitoAuthPlugin.Auth.Default.OAuth.WebDomain"),
            signOutRedirectURIs: .key("auth.plugins.awsCognitoAuthPlugin.Auth.Default.OAuth.SignOutRedirectURI"),
            hasListOfSignOutRedirectURIs: false)
    }

    static var secondGeneration: AmplifyKeys {
        AmplifyKeys(
            userPoolID: .key("auth.user_pool_id"), clientID: .key("auth.user_pool_client_id"),
            region: .key("auth.aws_region"), clientSecret: nil, endpoint: nil,
            hostedUIDomain: .key("auth.oauth.domain"), signOutRedirectURIs: .key("auth.oauth.redirect_sign_out_uri"),
            hasListOfSignOutRedirectURIs: true)
    }
}
