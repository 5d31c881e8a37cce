// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("An Amplify project's configuration file")
struct AmplifyConfigurationTests {
    private typealias Generation = AmplifySample.Generation

    @Test("Each setting of amplifyconfiguration.json ends in the configuration")
    func firstGeneration() throws {
        let configuration = try AmplifySample("amplifyconfiguration.json").configuration()
        #expect(configuration.appID == "org.example.Mail")
        #expect(configuration.userPoolID == "us-west-2_ConfigGen1")
        #expect(configuration.clientID == "1configuration1client1exmp")
        #expect(configuration.clientSecret?.text == "1configuration1secret1example1of1the1first1generatn")
        #expect(configuration.endpoint.url == "https://cognito.mail.example/")
        #expect(!configuration.endpoint.isLoopbackOnly)
    }

    @Test("... and so does one that has neither client secret nor endpoint nor hosted UI")
    func minimalFirstGeneration() throws {
        let configuration = try AmplifySample("amplifyconfiguration-minimal.json").configuration()
        #expect(configuration.userPoolID == "ap-southeast-2_Minimal1")
        #expect(configuration.clientID == "3configuration1minimal1exa")
        #expect(configuration.clientSecret == nil)
        #expect(configuration.endpoint.url == "https://cognito-idp.ap-southeast-2.amazonaws.com/")
    }

    @Test(
        "Each setting of amplify_outputs.json ends in the configuration, in all versions of its schema",
        arguments: [
            (
                "amplify_outputs-1.json", "eu-central-1_Outputs1x", "4outputs1client1example1aa",
                "https://cognito-idp.eu-central-1.amazonaws.com/"
            ),
            (
                "amplify_outputs-1.4.json", "us-east-2_Outputs14", "5outputs14client1example1b",
                "https://cognito-idp.us-east-2.amazonaws.com/"
            ),
            (
                "amplify_outputs-1.4-no-oauth.json", "cn-north-1_NoOauth14", "6outputs14without1oauth1cc",
                "https://cognito-idp.cn-north-1.amazonaws.com.cn/"
            ),
        ])
    func secondGeneration(file: String, userPoolID: String, clientID: String, url: String) throws {
        let configuration = try AmplifySample(file).configuration()
        #expect(configuration.appID == "org.example.Mail")
        #expect(configuration.userPoolID == userPoolID)
        #expect(configuration.clientID == clientID)
        #expect(configuration.clientSecret == nil)
        #expect(configuration.endpoint.url == url)
    }

    @Test("What a file does not hold has the defaults of the header", arguments: AmplifySample.names)
    func defaults(file: String) throws {
        let configuration = try AmplifySample(file).configuration()
        #expect(configuration.timeoutMilliseconds == 30_000)
        #expect(configuration.maximumAttempts == 3)
        #expect(configuration.logLevel == .warning)
        #expect(configuration.certificateFile == nil)
        #expect(configuration.proxy == nil)
    }

    @Test("The region of the file wins over that in its pool's id", arguments: AmplifySample.Generation.allCases)
    func region(generation: AmplifySample.Generation) throws {
        let sample = try AmplifySample(generation).without(Generation.endpoint).with(
            generation.region, text: "eu-west-3")
        #expect(try sample.configuration().endpoint.url == "https://cognito-idp.eu-west-3.amazonaws.com/")
        let local = try sample.with(generation.userPoolID, text: "local_1a2b3c")
        #expect(try local.configuration().endpoint.url == "https://cognito-idp.eu-west-3.amazonaws.com/")
    }

    @Test("Without a region in the file, it is the pool's", arguments: AmplifySample.Generation.allCases)
    func poolRegion(generation: AmplifySample.Generation) throws {
        let sample = try AmplifySample(generation).without(Generation.endpoint).without(generation.region)
            .with(generation.userPoolID, text: "sa-east-1_a")
        #expect(try sample.configuration().endpoint.url == "https://cognito-idp.sa-east-1.amazonaws.com/")
    }

    @Test("A pool's id and a client's id are enough")
    func least() throws {
        let second = AmplifySample(text: #"{"auth":{"user_pool_id":"eu-west-1_a","user_pool_client_id":"c"}}"#)
        let first = AmplifySample(
            text:
                #"{"auth":{"plugins":{"awsCognitoAuthPlugin":{"CognitoUserPool":{"Default":{"PoolId":"eu-west-1_a","AppClientId":"c"}}}}}}"#
        )
        for sample in [first, second] {
            let configuration = try sample.configuration()
            #expect(configuration.userPoolID == "eu-west-1_a")
            #expect(configuration.clientID == "c")
            #expect(configuration.clientSecret == nil)
            #expect(configuration.endpoint.url == "https://cognito-idp.eu-west-1.amazonaws.com/")
        }
    }

    @Test(
        "What JSON allows and other strings and numbers of ours do not is no reason to refuse a file",
        arguments: [
            #""a\u0000b""#, "9223372036854776000", "-123456789012345678901234567890", "1e400", "-1e400", #""\ud800""#,
            #""\udc00\ud800""#, "null", #"{"a":1,"a":2}"#, #"{"\ud800":1}"#, #"{"\u0000":1}"#,
        ])
    func foreignValues(value: String) throws {
        let pool = #""user_pool_id":"eu-west-1_a","user_pool_client_id":"c""#
        let file = AmplifySample(text: #"{"custom":\#(value),"auth":{\#(pool)}}"#)
        #expect(try file.configuration().userPoolID == "eu-west-1_a")
        let inside = AmplifySample(text: #"{"auth":{"groups":[\#(value)],\#(pool),"custom":\#(value)}}"#)
        #expect(try inside.configuration().clientID == "c")
    }

    @Test("A byte order mark at the start is skipped", arguments: AmplifySample.names)
    func byteOrderMark(file: String) throws {
        let sample = try AmplifySample(file)
        let configuration = try sample.configuration()
        let marked = try AmplifySample(text: "\u{FEFF}" + sample.text).configuration()
        #expect(marked.userPoolID == configuration.userPoolID)
        #expect(marked.clientID == configuration.clientID)
    }

    @Test("null is a setting that is not there, also on the way to one", arguments: AmplifySample.Generation.allCases)
    func null(generation: AmplifySample.Generation) throws {
        let sample = try AmplifySample(generation)
        let objects =
            generation == .first
            ? [Generation.plugin + ".Auth", Generation.plugin + ".Auth.Default.OAuth"] : ["auth.oauth", "auth.plugins"]
        for key in generation.keys + objects where key != generation.userPoolID && key != generation.clientID {
            #expect(try sample.with(key, "null").refusal() == nil, "\(key)")
        }
        for key in [generation.userPoolID, generation.clientID] {
            #expect(try sample.with(key, "null").refusal() == "\(key) is missing.")
        }
        #expect(try AmplifySample(.second).with("auth", "null").refusal() == "auth.user_pool_id is missing.")
    }

    @Test("Of a key that is there twice the last one counts, as in JavaScript and Dart")
    func duplicates() throws {
        let file = AmplifySample(
            text: #"{"auth":{"user_pool_id":"eu-west-1_a","user_pool_client_id":"c","user_pool_id":"eu-west-2_b"}}"#)
        #expect(try file.configuration().userPoolID == "eu-west-2_b")
    }

    @Test("U+0000 in a value that counts does not fit")
    func nul() {
        let file = AmplifySample(text: #"{"auth":{"user_pool_id":"eu-west-1_a\u0000","user_pool_client_id":"c"}}"#)
        #expect(file.refusal()?.hasPrefix("auth.user_pool_id must have the form") == true)
    }

    @Test("Only the keys of a user pool count: the rest of the file may be anything")
    func otherKeys() throws {
        let anything = #"{"PoolId":7,"user_pool_id":null,"AppClientSecret":[],"Endpoint":"no endpoint","domain":{}}"#
        for path in [
            "api", "storage", "data", "custom", "version", "UserAgent", "new", "auth.new", "auth.plugins.new",
            Generation.plugin + ".CredentialsProvider", Generation.plugin + ".IdentityManager",
            Generation.plugin + ".CognitoUserPool.Other", Generation.plugin + ".CognitoUserPool.Default.new",
            Generation.plugin + ".Auth.Other", Generation.plugin + ".Auth.Default.OAuth.AppClientId",
            Generation.plugin + ".Auth.Default.OAuth.AppClientSecret",
            Generation.plugin + ".Auth.Default.OAuth.ResponseType", "auth.user_pool_id", "auth.aws_region",
            "auth.user_pool_client_id", "auth.oauth",
        ] {
            let configuration = try AmplifySample(.first).with(path, anything).configuration()
            #expect(configuration.userPoolID == "us-west-2_ConfigGen1", "\(path)")
            #expect(configuration.clientID == "1configuration1client1exmp", "\(path)")
            #expect(configuration.clientSecret?.text.hasSuffix("first1generatn") == true, "\(path)")
            #expect(configuration.endpoint.url == "https://cognito.mail.example/", "\(path)")
        }
        for path in [
            "data", "storage", "geo", "notifications", "custom", "version", "new", "auth.new", "auth.password_policy",
            "auth.groups", "auth.mfa_methods", "auth.identity_pool_id", "auth.client_secret", "auth.app_client_secret",
            "auth.user_pool_client_secret", "auth.AppClientSecret", "auth.endpoint", "auth.Endpoint", "auth.PoolId",
            "auth.region", "auth.oauth.response_type", "auth.oauth.identity_providers", "auth.oauth.new",
            "plugins.awsCognitoAuthPlugin", "PoolId", "user_pool_id",
        ] {
            let configuration = try AmplifySample(.second).with(path, anything).configuration()
            #expect(configuration.userPoolID == "us-east-2_Outputs14", "\(path)")
            #expect(configuration.clientID == "5outputs14client1example1b", "\(path)")
            #expect(configuration.clientSecret == nil, "\(path)")
            #expect(configuration.endpoint.url == "https://cognito-idp.us-east-2.amazonaws.com/", "\(path)")
        }
    }

    @Test("A secret and an endpoint that stand where Gen 1 has none, or in a Gen 2 file, are not taken")
    func misplaced() throws {
        let secret = "1misplaced1secret1that1nobody1reads"
        for key in ["client_secret", "user_pool_client_secret", "AppClientSecret", "oauth.client_secret"] {
            let sample = try AmplifySample(.second).with("auth.\(key)", text: secret)
            #expect(try sample.configuration().clientSecret == nil, "\(key)")
        }
        for key in ["endpoint", "Endpoint", "userPoolEndpoint"] {
            let sample = try AmplifySample(.second).with("auth.\(key)", text: "other.example")
            #expect(try !sample.configuration().endpoint.url.contains("other.example"), "\(key)")
        }
        let first = try AmplifySample(.first).without(Generation.clientSecret).without(Generation.endpoint)
            .with(Generation.plugin + ".Auth.Default.OAuth.AppClientSecret", text: secret)
            .with(Generation.plugin + ".CognitoUserPool.Other.AppClientSecret", text: secret)
            .with(Generation.plugin + ".AppClientSecret", text: secret)
            .with(Generation.plugin + ".CognitoUserPool.Other.Endpoint", text: "other.example")
            .with(Generation.plugin + ".Endpoint", text: "other.example")
        let configuration = try first.configuration()
        #expect(configuration.clientSecret == nil)
        #expect(configuration.endpoint.url == "https://cognito-idp.us-west-2.amazonaws.com/")
    }

    @Test("A file with plugins is one of Gen 1, whatever else is in it")
    func bothGenerations() throws {
        let both = try AmplifySample(.first).with("auth.user_pool_id", text: "eu-west-1_Second")
            .with("auth.user_pool_client_id", text: "second").with("auth.aws_region", text: "eu-west-1")
        #expect(try both.configuration().userPoolID == "us-west-2_ConfigGen1")
        let onlySecond = try both.without(Generation.plugin)
        #expect(onlySecond.refusal() == "\(Generation.first.userPoolID) is missing.")
    }

    @Test("Keys are compared byte for byte, and one with dots in it is no path")
    func exactKeys() throws {
        let upper = AmplifySample(text: #"{"AUTH":{"USER_POOL_ID":"eu-west-1_a","USER_POOL_CLIENT_ID":"c"}}"#)
        let dotted = AmplifySample(text: #"{"auth.user_pool_id":"eu-west-1_a","auth":{"user_pool_client_id":"c"}}"#)
        let spaced = AmplifySample(text: #"{"auth":{" user_pool_id":"eu-west-1_a","user_pool_client_id":"c"}}"#)
        for sample in [upper, dotted, spaced] { #expect(sample.refusal() == "auth.user_pool_id is missing.") }
        let dottedFirst = AmplifySample(
            text: #"{"auth.plugins":{},"auth":{"user_pool_id":"eu-west-1_a","user_pool_client_id":"c"}}"#)
        #expect(try dottedFirst.configuration().clientID == "c")
    }

    @Test("Keys and values may be written with escapes, in any order and with any white space")
    func spelling() throws {
        let sample = AmplifySample(
            text:
                "\t{ \"\\u0061uth\"\r\n:\n{ \"user_pool_client_id\" : \"\\u0063\\u006C1\" , \"oauth\" : { } , \"user_pool_id\":\"eu-west-1\\u005fa\"}\n, \"version\":1}\r\n\r\n"
        )
        let configuration = try sample.configuration()
        #expect(configuration.userPoolID == "eu-west-1_a")
        #expect(configuration.clientID == "cl1")
    }

    @Test("An empty string counts as a key that is not there")
    func empty() throws {
        for generation in Generation.allCases {
            for key in generation.texts where key != generation.userPoolID && key != generation.clientID {
                #expect(try AmplifySample(generation).with(key, text: "").refusal() == nil, "\(key)")
            }
            for key in [generation.userPoolID, generation.clientID] {
                #expect(try AmplifySample(generation).with(key, text: "").refusal() == "\(key) is missing.")
            }
            let sample = try AmplifySample(generation).without(Generation.endpoint).with(generation.region, text: "")
                .with(generation.userPoolID, text: "sa-east-1_a")
            #expect(try sample.configuration().endpoint.url == "https://cognito-idp.sa-east-1.amazonaws.com/")
        }
        let first = try AmplifySample(.first).with(Generation.clientSecret, text: "").with(
            Generation.endpoint, text: ""
        )
        .configuration()
        #expect(first.clientSecret == nil)
        #expect(first.endpoint.url == "https://cognito-idp.us-west-2.amazonaws.com/")
    }

    @Test("A hosted UI may have any name, any number of redirect URIs and any scopes")
    func hostedUI() throws {
        for text in ["login.mail.example", "https://login.mail.example/", "", "not a domain", "日本語 🦊", "a,b,,"] {
            for generation in Generation.allCases {
                #expect(try AmplifySample(generation).with(generation.hostedUIDomain, text: text).refusal() == nil)
            }
            for key in Generation.first.redirectURIs {
                #expect(try AmplifySample(.first).with(key, text: text).refusal() == nil)
            }
        }
        for list in ["[]", #"[""]"#, #"["a://b"]"#, #"["a://b","c://d","日本語 🦊"]"#] {
            for generation in Generation.allCases {
                for key in generation.lists {
                    #expect(try AmplifySample(generation).with(key, list).refusal() == nil, "\(key)")
                }
            }
        }
    }

    @Test("Values may hold any UTF-8, but those of a user pool, which are named")
    func unicode() throws {
        let text = "Grüße, 日本語, 🦊, e\u{301}, \u{202E}\u{7F}\u{FFFF}"
        for generation in Generation.allCases {
            let sample = try AmplifySample(generation).with("custom.motto", text: text).with(text, text: text)
                .with(generation.hostedUIDomain, text: text)
            #expect(sample.refusal() == nil)
            for (key, problem) in [
                (generation.userPoolID, AmplifyMessage.poolForm), (generation.clientID, AmplifyMessage.clientForm),
                (generation.region, AmplifyMessage.regionForm),
            ] {
                #expect(try sample.with(key, text: text).refusal() == "\(key) \(problem)")
            }
        }
        let secret = String(repeating: "é", count: 12)
        let first = try AmplifySample(.first)
        #expect(
            try first.with(Generation.clientSecret, text: secret).refusal()
                == "\(Generation.clientSecret) \(AmplifyMessage.secretForm)")
        #expect(
            try first.with(Generation.endpoint, text: "é.example").refusal()
                == "\(Generation.endpoint) \(AmplifyMessage.endpointForm)")
        #expect(try first.with(Generation.clientSecret, text: String(repeating: "e", count: 24)).refusal() == nil)
    }
}
