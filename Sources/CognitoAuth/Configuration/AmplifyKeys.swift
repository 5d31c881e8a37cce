// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Where the configuration files of Amplify, and of the SDK before it, have the settings.
struct AmplifyKeys {
    let userPoolID: Setting
    let clientID: Setting
    var region: Setting
    /// A region that is only perhaps that of the user pool.
    var projectRegion: Setting?
    var clientSecret: Setting?
    var endpoint: Setting?
    let hostedUIDomain: Setting
    /// Strings with commas, or lists.
    let signInRedirectURIs: Setting
    let signOutRedirectURIs: Setting
    var hasListsOfRedirectURIs = false
    /// A list.
    let scopes: Setting
}

extension AmplifyKeys {
    /// Those of the kind that a file is of, also where it lacks the keys that count: errors name the keys of its kind.
    static func of(_ file: JSONObject) -> AmplifyKeys {
        func has(_ paths: StaticString...) -> Bool { paths.contains { file.find($0).isThere } }
        if has("auth.plugins") { return firstGeneration }
        if has("auth.user_pool_id", "auth.user_pool_client_id") { return secondGeneration }
        if has("aws_user_pools_id", "aws_user_pools_web_client_id", "aws_cognito_region", "aws_project_region") {
            return javaScript
        }
        if has("Auth.Cognito") { return resourcesConfig }
        if has("Auth.userPoolId", "Auth.userPoolWebClientId") { return authConfig }
        if has("CognitoUserPool", "IdentityManager", "CredentialsProvider") { return mobileSDK }
        return has("UserAgent", "Version") ? firstGeneration : secondGeneration
    }

    /// amplify_outputs.json. Sources: the JSON schema that aws-amplify/amplify-backend publishes; for the endpoint, which
    /// is not in it, amplify-flutter #5926 and #6477.
    private static var secondGeneration: AmplifyKeys {
        AmplifyKeys(
            userPoolID: .key("auth.user_pool_id"), clientID: .key("auth.user_pool_client_id"),
            region: .key("auth.aws_region"), endpoint: .key("auth.user_pool_endpoint"),
            hostedUIDomain: .key("auth.oauth.domain"), signInRedirectURIs: .key("auth.oauth.redirect_sign_in_uri"),
            signOutRedirectURIs: .key("auth.oauth.redirect_sign_out_uri"), hasListsOfRedirectURIs: true,
            scopes: .key("auth.oauth.scopes"))
    }

    /// amplifyconfiguration.json. Source: "Use existing Amazon Cognito resources" in Amplify's guides for Swift, Android
    /// and Flutter.
    private static var firstGeneration: AmplifyKeys {
        AmplifyKeys(
            userPoolID: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.PoolId"),
            clientID: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.AppClientId"),
            region: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.Region"),
            clientSecret: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.AppClientSecret"),
            endpoint: .key("auth.plugins.awsCognitoAuthPlugin.CognitoUserPool.Default.Endpoint"),
            hostedUIDomain: .key("auth.plugins.awsCognitoAuthPlugin.Auth.Default.OAuth.WebDomain"),
            signInRedirectURIs: .key("auth.plugins.awsCognitoAuthPlugin.Auth.Default.OAuth.SignInRedirectURI"),
            signOutRedirectURIs: .key("auth.plugins.awsCognitoAuthPlugin.Auth.Default.OAuth.SignOutRedirectURI"),
            scopes: .key("auth.plugins.awsCognitoAuthPlugin.Auth.Default.OAuth.Scopes"))
    }

    /// amplifyconfiguration.json as it is for JavaScript. Source: `parseAWSExports` of aws-amplify/amplify-js, which
    /// takes the region from the user pool's id.
    private static var javaScript: AmplifyKeys {
        AmplifyKeys(
            userPoolID: .key("aws_user_pools_id"), clientID: .key("aws_user_pools_web_client_id"),
            region: .key("aws_cognito_region"), projectRegion: .key("aws_project_region"),
            hostedUIDomain: .key("oauth.domain"), signInRedirectURIs: .key("oauth.redirectSignIn"),
            signOutRedirectURIs: .key("oauth.redirectSignOut"), scopes: .key("oauth.scope"))
    }

    /// What a program gives to `Amplify.configure` in JavaScript, as JSON. Source: "Use existing Cognito resources" in
    /// Amplify's guides, and the type `ResourcesConfig` of aws-amplify/amplify-js, since version 6.
    private static var resourcesConfig: AmplifyKeys {
        AmplifyKeys(
            userPoolID: .key("Auth.Cognito.userPoolId"), clientID: .key("Auth.Cognito.userPoolClientId"),
            region: .key("Auth.Cognito.region"), endpoint: .key("Auth.Cognito.userPoolEndpoint"),
            hostedUIDomain: .key("Auth.Cognito.loginWith.oauth.domain"),
            signInRedirectURIs: .key("Auth.Cognito.loginWith.oauth.redirectSignIn"),
            signOutRedirectURIs: .key("Auth.Cognito.loginWith.oauth.redirectSignOut"), hasListsOfRedirectURIs: true,
            scopes: .key("Auth.Cognito.loginWith.oauth.scopes"))
    }

    /// The same until version 5: `AuthOptions`.
    private static var authConfig: AmplifyKeys {
        AmplifyKeys(
            userPoolID: .key("Auth.userPoolId"), clientID: .key("Auth.userPoolWebClientId"),
            region: .key("Auth.region"), endpoint: .key("Auth.endpoint"), hostedUIDomain: .key("Auth.oauth.domain"),
            signInRedirectURIs: .key("Auth.oauth.redirectSignIn"),
            signOutRedirectURIs: .key("Auth.oauth.redirectSignOut"), scopes: .key("Auth.oauth.scope"))
    }

    /// awsconfiguration.json, of the mobile SDKs before Amplify. Source: `AWSMobileClient` of aws-amplify/aws-sdk-android.
    private static var mobileSDK: AmplifyKeys {
        AmplifyKeys(
            userPoolID: .key("CognitoUserPool.Default.PoolId"), clientID: .key("CognitoUserPool.Default.AppClientId"),
            region: .key("CognitoUserPool.Default.Region"),
            clientSecret: .key("CognitoUserPool.Default.AppClientSecret"),
            endpoint: .key("CognitoUserPool.Default.Endpoint"), hostedUIDomain: .key("Auth.Default.OAuth.WebDomain"),
            signInRedirectURIs: .key("Auth.Default.OAuth.SignInRedirectURI"),
            signOutRedirectURIs: .key("Auth.Default.OAuth.SignOutRedirectURI"),
            scopes: .key("Auth.Default.OAuth.Scopes"))
    }
}

extension JSONObject.Finding {
    fileprivate var isThere: Bool {
        switch self {
        case .nothing, .obstacle: false
        case .text, .texts, .other: true
        }
    }
}
