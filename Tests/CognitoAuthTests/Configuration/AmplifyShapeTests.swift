// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The kinds of configuration files that Amplify has, and the SDKs before it")
struct AmplifyShapeTests {
    /// The keys that are required in the kinds that `AmplifySample` has no files of.
    static let paths = [
        "aws_user_pools_id", "aws_user_pools_web_client_id", "CognitoUserPool.Default.PoolId",
        "CognitoUserPool.Default.AppClientId", "Auth.Cognito.userPoolId", "Auth.Cognito.userPoolClientId",
        "Auth.userPoolId", "Auth.userPoolWebClientId",
    ]

    private static let javaScript = #"""
        {"aws_project_region":"eu-west-1","aws_cognito_identity_pool_id":"eu-west-1:0f1e2d3c","aws_cognito_region":"eu-west-1",
        "aws_user_pools_id":"eu-west-1_AbCdEfGhI","aws_user_pools_web_client_id":"1example23456789",
        "oauth":{"domain":"mail.auth.eu-west-1.amazoncognito.com","scope":["email","openid"],
        "redirectSignIn":"http://localhost:3000/,mail://in","redirectSignOut":"http://localhost:3000/,mail://out",
        "responseType":"code"},"federationTarget":"COGNITO_USER_POOLS","aws_cognito_username_attributes":["EMAIL"],
        "aws_cognito_password_protection_settings":{"passwordPolicyMinLength":8,"passwordPolicyCharacters":[]}}
        """#

    private static let mobileSDK = #"""
        {"UserAgent":"aws-amplify/cli","Version":"0.1.0","IdentityManager":{"Default":{}},
        "CredentialsProvider":{"CognitoIdentity":{"Default":{"PoolId":"eu-west-1:0f1e2d3c","Region":"eu-west-1"}}},
        "CognitoUserPool":{"Default":{"PoolId":"eu-west-1_AbCdEfGhI","AppClientId":"1example23456789",
        "AppClientSecret":"1secret1example1of1the1mobile1sdk","Region":"eu-west-1"}},
        "Auth":{"Default":{"OAuth":{"WebDomain":"mail.auth.eu-west-1.amazoncognito.com","AppClientId":"other",
        "SignInRedirectURI":"mail://in","SignOutRedirectURI":"mail://out","Scopes":["openid"]},
        "authenticationFlowType":"USER_SRP_AUTH"}}}
        """#

    private func file(_ text: String) -> AmplifySample { AmplifySample(text: text) }

    @Test("amplifyconfiguration.json for JavaScript is taken")
    func javaScript() throws {
        let configuration = try file(Self.javaScript).configuration()
        #expect(configuration.userPoolID == "eu-west-1_AbCdEfGhI")
        #expect(configuration.clientID == "1example23456789")
        #expect(configuration.clientSecret == nil)
        #expect(configuration.endpoint.url == "https://cognito-idp.eu-west-1.amazonaws.com/")
        let bare =
            #"{"aws_project_region":"eu-west-1","aws_user_pools_id":"eu-west-1_a","aws_user_pools_web_client_id":"c","oauth":{}}"#
        #expect(try file(bare).configuration().clientID == "c")
        #expect(try file(Self.javaScript).with("oauth", "null").refusal() == nil)
    }

    @Test("There the region is that of Cognito, else that in the pool's id, else that of the project")
    func javaScriptRegion() throws {
        let sample = file(Self.javaScript)
        func region(_ sample: AmplifySample) throws -> String {
            try sample.configuration().endpoint.url.replacing("https://cognito-idp.", with: "")
                .replacing(".amazonaws.com/", with: "")
        }
        #expect(try region(sample.with("aws_cognito_region", text: "eu-west-3")) == "eu-west-3")
        let imported = try sample.without("aws_cognito_region").with("aws_project_region", text: "us-east-1")
        #expect(try region(imported) == "eu-west-1")
        let local = try imported.with("aws_user_pools_id", text: "local_1a2b3c")
        #expect(try region(local) == "us-east-1")
        #expect(
            try local.with("aws_project_region", text: "nowhere").refusal()
                == "aws_project_region must be a region of AWS, as in eu-west-1.")
        #expect(
            try sample.with("aws_cognito_region", text: "nowhere").refusal()
                == "aws_cognito_region must be a region of AWS, as in eu-west-1.")
    }

    @Test("The configuration object of Amplify for JavaScript is taken as JSON, with its endpoint")
    func resourcesConfig() throws {
        let sample = file(
            #"""
            {"Auth":{"Cognito":{"userPoolId":"eu-west-1_AbCdEfGhI","userPoolClientId":"1example23456789",
            "identityPoolId":"eu-west-1:0f1e2d3c","allowGuestAccess":true,"loginWith":{"email":true,"oauth":{
            "domain":"mail.auth.eu-west-1.amazoncognito.com","scopes":["openid"],"redirectSignIn":["mail://in"],
            "redirectSignOut":["mail://out"],"responseType":"code"}}}},"API":{}}
            """#)
        let configuration = try sample.configuration()
        #expect(configuration.userPoolID == "eu-west-1_AbCdEfGhI")
        #expect(configuration.clientID == "1example23456789")
        #expect(configuration.endpoint.url == "https://cognito-idp.eu-west-1.amazonaws.com/")
        let endpoint = try sample.with("Auth.Cognito.userPoolEndpoint", text: "https://cognito.mail.example")
        #expect(try endpoint.configuration().endpoint.url == "https://cognito.mail.example/")
        #expect(try sample.with("Auth.Cognito.loginWith", "null").refusal() == nil)
    }

    @Test("So is that before version 6")
    func authConfig() throws {
        let sample = file(
            #"""
            {"Auth":{"region":"eu-west-3","userPoolId":"eu-west-1_AbCdEfGhI","userPoolWebClientId":"1example23456789",
            "mandatorySignIn":true,"oauth":{"domain":"mail.example","redirectSignOut":"mail://out"}}}
            """#)
        let configuration = try sample.configuration()
        #expect(configuration.userPoolID == "eu-west-1_AbCdEfGhI")
        #expect(configuration.clientID == "1example23456789")
        #expect(configuration.endpoint.url == "https://cognito-idp.eu-west-3.amazonaws.com/")
        let endpoint = try sample.with("Auth.endpoint", text: "https://cognito.mail.example")
        #expect(try endpoint.configuration().endpoint.url == "https://cognito.mail.example/")
    }

    @Test("awsconfiguration.json is taken, with its client secret and its endpoint")
    func mobileSDK() throws {
        let sample = file(Self.mobileSDK)
        let configuration = try sample.configuration()
        #expect(configuration.userPoolID == "eu-west-1_AbCdEfGhI")
        #expect(configuration.clientID == "1example23456789")
        #expect(configuration.clientSecret?.text == "1secret1example1of1the1mobile1sdk")
        #expect(configuration.endpoint.url == "https://cognito-idp.eu-west-1.amazonaws.com/")
        let endpoint = try sample.with("CognitoUserPool.Default.Endpoint", text: "cognito.mail.example")
        #expect(try endpoint.configuration().endpoint.url == "https://cognito.mail.example/")
    }

    @Test(
        "The endpoint of amplify_outputs.json is a host or a URL",
        arguments: [
            ("auth.example.com", "https://auth.example.com/"),
            ("https://auth.example.com/", "https://auth.example.com/"),
            ("http://localhost:9229", "http://localhost:9229/"),
        ])
    func secondEndpoint(endpoint: String, url: String) throws {
        let sample = try AmplifySample(.second).with(AmplifySample.Generation.secondEndpoint, text: endpoint)
        #expect(try sample.configuration().endpoint.url == url)
        #expect(
            try sample.configuration { $0.endpoint = "https://mine.example" }.endpoint.url == "https://mine.example/")
    }

    @Test(
        "A file without a user pool is told the key of its own kind",
        arguments: [
            (
                #"{"UserAgent":"aws-amplify-cli/2.0","Version":"1.0","api":{"plugins":{"awsAPIPlugin":{}}}}"#,
                AmplifySample.Generation.first.userPoolID
            ),
            (#"{"Version":"1.0"}"#, AmplifySample.Generation.first.userPoolID),
            (#"{"auth":{"plugins":{}}}"#, AmplifySample.Generation.first.userPoolID),
            (#"{"aws_project_region":"eu-west-1"}"#, "aws_user_pools_id"),
            (#"{"aws_cognito_region":"eu-west-1","aws_user_pools_web_client_id":"c"}"#, "aws_user_pools_id"),
            (#"{"aws_user_pools_id":"eu-west-1_a","oauth":{}}"#, "aws_user_pools_web_client_id"),
            (#"{"UserAgent":"aws-amplify/cli","Version":"0.1.0","IdentityManager":{"Default":{}}}"#, paths[2]),
            (#"{"CognitoUserPool":{"Default":{"PoolId":"eu-west-1_a"}}}"#, paths[3]),
            (#"{"CognitoUserPool":{"Mine":{"PoolId":"eu-west-1_a","AppClientId":"c"}}}"#, paths[2]),
            (#"{"Auth":{"Cognito":{"userPoolClientId":"c"}}}"#, paths[4]),
            (#"{"Auth":{"Cognito":{"userPoolId":"eu-west-1_a"}}}"#, paths[5]),
            (#"{"Auth":{"userPoolWebClientId":"c"}}"#, paths[6]),
            (#"{"Auth":{"userPoolId":"eu-west-1_a"}}"#, paths[7]),
            (#"{"version":"1.4"}"#, "auth.user_pool_id"), (#"{"version":"1.4","auth":{}}"#, "auth.user_pool_id"),
            (#"{"version":"1","auth":{"identity_pool_id":"x"},"UserAgents":1}"#, "auth.user_pool_id"),
            (#"{"auth":{"user_pool_id":"eu-west-1_a"},"Version":"1.0"}"#, "auth.user_pool_client_id"),
            ("{}", "auth.user_pool_id"),
        ])
    func missing(text: String, key: String) { #expect(file(text).refusal() == "\(key) is missing.") }

    @Test(
        "Program code is told as such, and where there is JSON",
        arguments: [
            ("const amplifyConfig = '''{\"version\":\"1.4\",\"auth\":{}}''';", AmplifyMessage.dart),
            ("const amplifyconfig = ''' {\n}''';\n", AmplifyMessage.dart),
            ("// generated\n\nfinal String amplifyconfig = \"\"\"{}\"\"\";", AmplifyMessage.dart),
            ("\u{FEFF}import 'x.dart';\nconst a = '''{}''';", AmplifyMessage.dart),
            (
                "/* eslint-disable */\n// WARNING: DO NOT EDIT.\n\nconst awsmobile = {\n};\n\nexport default awsmobile;\n",
                AmplifyMessage.javaScript
            ),
            ("export default {\n \"version\": \"1.4\"\n}", AmplifyMessage.javaScript),
            ("module.exports = {};", AmplifyMessage.javaScript), ("window.awsmobile = {};", AmplifyMessage.javaScript),
            ("'use strict';\nexports.a = {};", AmplifyMessage.javaScript),
            ("import type { X } from 'x';\nexport const a: X = {};", AmplifyMessage.javaScript),
        ])
    func programCode(text: String, message: String) {
        #expect(file(text).refusal() == message)
        let failure = #expect(throws: AuthFailure.self) { try AmplifyConfiguration(parsing: SecretBytes(text)) }
        #expect(failure?.suggestion.hasPrefix("Have Amplify write JSON") == true)
    }

    @Test("A file in UTF-16 is told as such")
    func utf16() throws {
        for start in [[0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]] {
            let bytes = SecretBytes()
            for byte in start + [0x7B, 0, 0x7D, 0] { bytes.append(byte) }
            #expect(AmplifySample.refusal(bytes) == AmplifyMessage.utf16)
        }
    }
}
