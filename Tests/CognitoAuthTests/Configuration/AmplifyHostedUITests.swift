// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CognitoAuth

@Suite("A hosted UI that a configuration file names")
struct AmplifyHostedUITests {
    private typealias Generation = AmplifySample.Generation

    private func summary(_ sample: AmplifySample, _ change: (inout ConfigurationOptions) -> Void = { _ in }) throws
        -> [String]
    {
        let hostedUI = try sample.configuration(change).hostedUI
        return [hostedUI.origin?.url ?? "none"] + hostedUI.signInRedirects.map { "in \($0.inWords)" }
            + hostedUI.signOutRedirects.map { "out \($0.inWords)" } + hostedUI.scopes
    }

    @Test(
        "Each setting ends in the configuration, and the redirect URIs of web sites are passed over",
        arguments: [
            (
                "amplifyconfiguration.json",
                [
                    "https://mail-example.auth.us-west-2.amazoncognito.com/", "in program org.example.mail://callback/",
                    "in loopback http://localhost:3000/", "out program org.example.mail://signout/",
                    "out loopback http://localhost:3000/", "phone", "email", "openid", "profile",
                    "aws.cognito.signin.user.admin",
                ]
            ),
            ("amplifyconfiguration-minimal.json", ["none"]),
            (
                "amplify_outputs-1.json",
                [
                    "https://mail-example.auth.eu-central-1.amazoncognito.com/", "in loopback http://localhost:3000/",
                    "in program org.example.mail://callback/", "out loopback http://localhost:3000/",
                    "out program org.example.mail://signout/", "openid", "email", "aws.cognito.signin.user.admin",
                ]
            ),
            (
                "amplify_outputs-1.4.json",
                [
                    "https://login.mail.example/", "phone", "email", "openid", "profile",
                    "aws.cognito.signin.user.admin",
                ]
            ),
            ("amplify_outputs-1.4-no-oauth.json", ["none"]),
        ])
    func files(file: String, settings: [String]) throws {
        #expect(try summary(AmplifySample(file)) == settings)
    }

    @Test(
        "... and so do those of the other kinds of files",
        arguments: [
            #"""
            {"aws_user_pools_id":"eu-west-1_a","aws_user_pools_web_client_id":"c","oauth":{"domain":"login.mail.example",
            "scope":["email","openid"],"redirectSignIn":"http://localhost:3000/,mail://in","redirectSignOut":"mail://out"}}
            """#,
            #"""
            {"Auth":{"Cognito":{"userPoolId":"eu-west-1_a","userPoolClientId":"c","loginWith":{"oauth":{
            "domain":"login.mail.example","scopes":["email","openid"],"redirectSignIn":["http://localhost:3000/","mail://in"],
            "redirectSignOut":["mail://out"]}}}}}
            """#,
            #"""
            {"Auth":{"userPoolId":"eu-west-1_a","userPoolWebClientId":"c","oauth":{"domain":"login.mail.example",
            "scope":["email","openid"],"redirectSignIn":"http://localhost:3000/,mail://in","redirectSignOut":"mail://out"}}}
            """#,
            #"""
            {"CognitoUserPool":{"Default":{"PoolId":"eu-west-1_a","AppClientId":"c"}},"Auth":{"Default":{"OAuth":{
            "WebDomain":"login.mail.example","AppClientId":"c","Scopes":["email","openid"],
            "SignInRedirectURI":"http://localhost:3000/,mail://in","SignOutRedirectURI":"mail://out"}}}}
            """#,
        ])
    func otherKinds(text: String) throws {
        #expect(
            try summary(AmplifySample(text: text)) == [
                "https://login.mail.example/", "in loopback http://localhost:3000/", "in program mail://in",
                "out program mail://out", "email", "openid",
            ])
    }

    @Test("In a string with commas, spaces and empty places do not count")
    func commas() throws {
        let sample = try AmplifySample(.first).without(Generation.first.scopes).with(
            Generation.first.signInRedirectURIs,
            text: " http://localhost:3000/ ,, mail://in,https://mail.example/,no uri,"
        ).with(Generation.first.signOutRedirectURIs, text: ",")
        #expect(
            try summary(sample).dropFirst() == ["in loopback http://localhost:3000/", "in program mail://in"])
    }

    @Test("A list may hold what is no redirect URI, and nothing at all")
    func passedOver() throws {
        let sample = AmplifySample(
            text: #"""
                {"auth":{"user_pool_id":"eu-west-1_a","user_pool_client_id":"c","oauth":{"redirect_sign_in_uri":["",
                "https://a/","http://localhost/","javascript:x","http://localhost:3000/?a","http://127.0.0.1:3000/",
                "mail://\u0000","\ud800","a,mail://b"],"redirect_sign_out_uri":[]}}}
                """#)
        #expect(try summary(sample) == ["none", "in loopback http://127.0.0.1:3000/"])
    }

    @Test(
        "A domain that does not fit is none, and a program without a browser works with such a file",
        arguments: [
            "not a domain", "https://login.mail.example/path", "http://login.mail.example", "user@login.mail.example",
            "login.mail.example?a", "login.mail.example:0", "日本語 🦊", " ", "\u{0}", "[DOMAIN]",
        ])
    func domain(text: String) throws {
        for generation in Generation.allCases {
            let sample = try AmplifySample(generation).with(generation.hostedUIDomain, text: text)
            #expect(try sample.configuration().hostedUI.origin == nil)
            let own = try sample.configuration { $0.hostedUIDomain = "own.example" }
            #expect(own.hostedUI.origin?.url == "https://own.example/")
        }
    }

    @Test("What options set wins over the file, each for itself")
    func optionsWin() throws {
        let sample = try AmplifySample("amplify_outputs-1.json")
        func changed(_ change: (inout ConfigurationOptions) -> Void) throws -> Set<String> {
            Set(try summary(sample, change)).symmetricDifference(try summary(sample))
        }
        let domain = "https://mail-example.auth.eu-central-1.amazoncognito.com/"
        #expect(try changed { $0.hostedUIDomain = "http://localhost:9229" } == [domain, "http://localhost:9229/"])
        #expect(
            try changed { $0.signInRedirectURIs = ["http://[::1]:1/"] } == [
                "in loopback http://localhost:3000/", "in program org.example.mail://callback/",
                "in loopback http://[::1]:1/",
            ])
        #expect(
            try changed { $0.signOutRedirectURIs = ["mail://out"] } == [
                "out loopback http://localhost:3000/", "out program org.example.mail://signout/",
                "out program mail://out",
            ])
        for name in AmplifySample.names {
            let sample = try AmplifySample(name)
            #expect(
                sample.refusal({ $0.hostedUIDomain = "" }, status: .invalidArgument)?.hasPrefix("hosted_ui_domain must")
                    == true)
            #expect(
                sample.refusal({ $0.signInRedirectURIs = ["https://a/"] }, status: .invalidArgument)?
                    .hasPrefix("sign_in_redirect_uris must") == true)
            #expect(
                sample.refusal({ $0.signOutRedirectURIs = ["https://a/"] }, status: .invalidArgument)?
                    .hasPrefix("sign_out_redirect_uris must") == true)
        }
    }

    @Test("The file's hosted UI goes with its pool and its client", arguments: Generation.allCases)
    func ofPoolAndClient(generation: AmplifySample.Generation) throws {
        let sample = try AmplifySample(generation).with(generation.userPoolID, text: "eu-west-1_File").with(
            generation.clientID, text: "FileClient")
        let all = try summary(sample)
        #expect(all.count > 1)
        #expect(
            try summary(sample) {
                $0.userPoolID = "eu-west-1_File"; $0.clientID = "FileClient"
            } == all)
        #expect(try summary(sample) { $0.clientID = "other" } == ["none"])
        #expect(try summary(sample) { $0.clientID = "fileClient" } == ["none"])
        #expect(try summary(sample) { $0.userPoolID = "eu-west-1_Other" } == ["none"])
        #expect(
            try summary(sample) {
                $0.clientID = "other"; $0.hostedUIDomain = "own.example"; $0.signInRedirectURIs = ["mail://in"]
            } == ["https://own.example/", "in program mail://in"])
        #expect(try summary(sample.without(generation.clientID)) { $0.clientID = "FileClient" } == ["none"])
        #expect(try summary(sample.without(generation.userPoolID)) { $0.userPoolID = "eu-west-1_File" } == ["none"])
    }
}
