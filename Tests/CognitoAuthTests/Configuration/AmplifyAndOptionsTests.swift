// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A configuration file and options beside it")
struct AmplifyAndOptionsTests {
    private typealias Generation = AmplifySample.Generation

    private static let otherSecret = "9options1secret1of1another1client"

    @Test("What options set wins over the file, and the rest is the file's", arguments: AmplifySample.names)
    func optionsWin(file: String) throws {
        let sample = try AmplifySample(file)
        let own = try sample.configuration()

        let pool = try sample.configuration { $0.userPoolID = "sa-east-1_Options" }
        #expect(pool.userPoolID == "sa-east-1_Options")
        #expect(pool.clientID == own.clientID)
        #expect(pool.clientSecret?.text == own.clientSecret?.text)

        let client = try sample.configuration { $0.clientID = "options" }
        #expect(client.clientID == "options")
        #expect(client.userPoolID == own.userPoolID)
        #expect(client.endpoint.url == own.endpoint.url)

        let secret = try sample.configuration { $0.clientSecret = SecretBytes(Self.otherSecret) }
        #expect(secret.clientSecret?.text == Self.otherSecret)
        #expect(secret.clientID == own.clientID)

        let endpoint = try sample.configuration { $0.endpoint = "http://localhost:9229" }
        #expect(endpoint.endpoint.url == "http://localhost:9229/")
        #expect(endpoint.userPoolID == own.userPoolID)
        #expect(endpoint.clientID == own.clientID)
        #expect(endpoint.clientSecret?.text == own.clientSecret?.text)
    }

    @Test("A region in the options wins over the file's", arguments: AmplifySample.Generation.allCases)
    func region(generation: AmplifySample.Generation) throws {
        let sample = try AmplifySample(generation).without(Generation.endpoint)
        let configuration = try sample.configuration { $0.region = "eu-west-3" }
        #expect(configuration.endpoint.url == "https://cognito-idp.eu-west-3.amazonaws.com/")
        let both = try sample.configuration {
            $0.region = "eu-west-3"; $0.userPoolID = "sa-east-1_Options"
        }
        #expect(both.endpoint.url == "https://cognito-idp.eu-west-3.amazonaws.com/")
    }

    @Test("Everything may be in the options, and a file with nothing in it is enough then")
    func onlyOptions() throws {
        for text in ["{}", #"{"auth":{}}"#, #"{"auth":{"plugins":{}}}"#, #"{"api":{"plugins":{}}}"#] {
            let configuration = try AmplifySample(text: text).configuration {
                $0.userPoolID = "sa-east-1_Options"
                $0.clientID = "options"
                $0.clientSecret = SecretBytes(Self.otherSecret)
            }
            #expect(configuration.userPoolID == "sa-east-1_Options")
            #expect(configuration.clientID == "options")
            #expect(configuration.clientSecret?.text == Self.otherSecret)
            #expect(configuration.endpoint.url == "https://cognito-idp.sa-east-1.amazonaws.com/")
        }
    }

    @Test("The other options are as without a file")
    func otherOptions() throws {
        let configuration = try AmplifySample(.first).configuration {
            $0.certificateFile = "/ca.pem"
            $0.proxy = ""
            $0.timeoutMilliseconds = 100
            $0.maximumAttempts = 1
            $0.logLevel = 4
        }
        #expect(configuration.certificateFile == "/ca.pem")
        #expect(configuration.proxy == "")
        #expect(configuration.timeoutMilliseconds == 100)
        #expect(configuration.maximumAttempts == 1)
        #expect(configuration.logLevel == .debug)
    }

    @Test("The file's region goes with its pool", arguments: AmplifySample.Generation.allCases)
    func regionOfPool(generation: AmplifySample.Generation) throws {
        let sample = try AmplifySample(generation).without(Generation.endpoint)
            .with(generation.userPoolID, text: "eu-west-1_File").with(generation.region, text: "eu-west-3")
        let kept = "https://cognito-idp.eu-west-3.amazonaws.com/"
        #expect(try sample.configuration().endpoint.url == kept)
        #expect(try sample.configuration { $0.userPoolID = "eu-west-1_File" }.endpoint.url == kept)

        let own = "https://cognito-idp.eu-west-1.amazonaws.com/"
        for other in ["eu-west-1_Other", "eu-west-1_file", "eu-west-1_Fil", "eu-west-1_File1"] {
            #expect(try sample.configuration { $0.userPoolID = other }.endpoint.url == own, "\(other)")
        }
        let withoutPool = try sample.without(generation.userPoolID)
        #expect(try withoutPool.configuration { $0.userPoolID = "eu-west-1_File" }.endpoint.url == own)

        // What is left out is not checked either, and a pool without a region gets none from the file.
        let malformed = try sample.with(generation.region, text: "no region")
        #expect(malformed.refusal() == "\(generation.region) \(AmplifyMessage.regionForm)")
        #expect(malformed.refusal { $0.userPoolID = "eu-west-1_Other" } == nil)
        #expect(
            sample.refusal({ $0.userPoolID = "local_1a2b3c" }, status: .invalidArgument)
                == "user_pool_id \(AmplifyMessage.poolRegion)")
    }

    @Test("The file's client secret goes with its client id")
    func secretOfClient() throws {
        let sample = try AmplifySample(.first).with(Generation.first.clientID, text: "FileClient")
        let secret = try #require(try sample.configuration().clientSecret?.text)
        #expect(try sample.configuration { $0.clientID = "FileClient" }.clientSecret?.text == secret)
        for other in ["other", "fileClient", "FileClien", "FileClient1"] {
            #expect(try sample.configuration { $0.clientID = other }.clientSecret == nil, "\(other)")
            let both = try sample.configuration {
                $0.clientID = other; $0.clientSecret = SecretBytes(Self.otherSecret)
            }
            #expect(both.clientSecret?.text == Self.otherSecret, "\(other)")
        }
        let withoutClient = try sample.without(Generation.first.clientID)
        #expect(try withoutClient.configuration { $0.clientID = "FileClient" }.clientSecret == nil)

        let malformed = try sample.with(Generation.clientSecret, text: "short")
        #expect(malformed.refusal() == "\(Generation.clientSecret) \(AmplifyMessage.secretForm)")
        #expect(malformed.refusal { $0.clientID = "other" } == nil)
        #expect(malformed.refusal { $0.clientSecret = SecretBytes(Self.otherSecret) } == nil)
    }

    @Test(
        "The file's client secret does not depend on the pool, nor its region on the client, nor its endpoint on either"
    )
    func independent() throws {
        let first = try AmplifySample(.first)
        let secret = try first.configuration().clientSecret?.text
        #expect(try first.configuration { $0.userPoolID = "sa-east-1_Options" }.clientSecret?.text == secret)
        let other = try first.configuration {
            $0.userPoolID = "sa-east-1_Options"; $0.clientID = "options"; $0.region = "eu-west-3"
        }
        #expect(other.endpoint.url == "https://cognito.mail.example/")
        for generation in Generation.allCases {
            let sample = try AmplifySample(generation).without(Generation.endpoint).with(
                generation.region, text: "eu-west-3")
            #expect(
                try sample.configuration { $0.clientID = "options" }.endpoint.url
                    == "https://cognito-idp.eu-west-3.amazonaws.com/")
        }
    }

    @Test("A malformed string in the file is no error where an option wins over it")
    func covered() throws {
        for generation in Generation.allCases {
            let sample = try AmplifySample(generation)
            let pool = try sample.with(generation.userPoolID, text: "no pool")
            #expect(pool.refusal { $0.userPoolID = "eu-west-1_a" } == nil)
            let client = try sample.with(generation.clientID, text: "no client")
            #expect(client.refusal { $0.clientID = "options" } == nil)
            let region = try sample.with(generation.region, text: "no region")
            #expect(region.refusal { $0.region = "eu-west-1" } == nil)
        }
        let endpoint = try AmplifySample(.first).with(Generation.endpoint, text: "no endpoint")
        #expect(endpoint.refusal { $0.endpoint = "https://a" } == nil)
    }

    @Test("A key that is no string is an error of the file also where an option wins over it")
    func uncovered() throws {
        func all(_ options: inout ConfigurationOptions) {
            options.userPoolID = "eu-west-1_a"
            options.clientID = "options"
            options.clientSecret = SecretBytes(Self.otherSecret)
            options.region = "eu-west-1"
            options.endpoint = "https://a"
        }
        for generation in Generation.allCases {
            #expect(try AmplifySample(generation).refusal(all) == nil)
            for key in generation.texts {
                #expect(try AmplifySample(generation).with(key, "7").refusal(all) == "\(key) must be a string.")
            }
        }
    }

    @Test("What does not fit in the options is an argument that does not fit, and has the option's name")
    func wrongOptions() throws {
        for file in AmplifySample.names {
            let sample = try AmplifySample(file)
            func refusal(_ change: (inout ConfigurationOptions) -> Void) -> String? {
                sample.refusal(change, status: .invalidArgument)
            }
            #expect(refusal { $0.appID = nil } == "app_id is required and is NULL.")
            #expect(refusal { $0.appID = "" } == "app_id must not be empty.")
            #expect(refusal { $0.appID = "a b" }?.hasPrefix("app_id must be 1 to 128") == true)
            #expect(refusal { $0.userPoolID = "" } == "user_pool_id must not be empty.")
            #expect(refusal { $0.userPoolID = "no pool" } == "user_pool_id \(AmplifyMessage.poolForm)")
            #expect(refusal { $0.clientID = "" } == "client_id must not be empty.")
            #expect(refusal { $0.clientID = "no client" } == "client_id \(AmplifyMessage.clientForm)")
            #expect(refusal { $0.clientSecret = SecretBytes("") } == "client_secret \(AmplifyMessage.secretForm)")
            #expect(refusal { $0.clientSecret = SecretBytes("short") } == "client_secret \(AmplifyMessage.secretForm)")
            #expect(refusal { $0.region = "" } == "region \(AmplifyMessage.regionForm)")
            #expect(refusal { $0.region = "no region" } == "region \(AmplifyMessage.regionForm)")
            #expect(refusal { $0.endpoint = "" } == "endpoint \(AmplifyMessage.endpointForm)")
            #expect(refusal { $0.endpoint = "a.example" } == "endpoint \(AmplifyMessage.endpointForm)")
            #expect(refusal { $0.certificateFile = "" } == "ca_file must not be empty.")
            #expect(refusal { $0.proxy = "proxy" }?.hasPrefix("proxy must be") == true)
            #expect(refusal { $0.timeoutMilliseconds = 1 }?.hasPrefix("timeout_ms must be") == true)
            #expect(refusal { $0.maximumAttempts = -1 }?.hasPrefix("max_attempts must be") == true)
            #expect(refusal { $0.logLevel = 9 }?.hasPrefix("log_level must be") == true)
        }
    }

    @Test(
        "Where both do not fit, the error is about what counts: the option",
        arguments: AmplifySample.Generation.allCases)
    func bothWrong(generation: AmplifySample.Generation) throws {
        let sample = try AmplifySample(generation).without(Generation.endpoint)
            .with(generation.userPoolID, text: "no pool").with(generation.clientID, text: "no client")
            .with(generation.region, text: "no region")
        #expect(
            sample.refusal({ $0.userPoolID = "no pool" }, status: .invalidArgument)
                == "user_pool_id \(AmplifyMessage.poolForm)")
        let good = "eu-west-1_a"
        #expect(
            sample.refusal(
                {
                    $0.userPoolID = good; $0.clientID = "no client"
                }, status: .invalidArgument) == "client_id \(AmplifyMessage.clientForm)")
        #expect(
            sample.refusal {
                $0.userPoolID = good; $0.region = "eu-west-1"
            } == "\(generation.clientID) \(AmplifyMessage.clientForm)")
        #expect(
            sample.refusal(
                {
                    $0.userPoolID = good; $0.clientID = "options"; $0.region = "no region"
                }, status: .invalidArgument) == "region \(AmplifyMessage.regionForm)")
    }

    @Test("What is in neither is missing in the file", arguments: AmplifySample.Generation.allCases)
    func inNeither(generation: AmplifySample.Generation) throws {
        let sample = try AmplifySample(generation).without(generation.userPoolID).without(generation.clientID)
        #expect(sample.refusal { $0.clientID = "options" } == "\(generation.userPoolID) is missing.")
        #expect(sample.refusal { $0.userPoolID = "eu-west-1_a" } == "\(generation.clientID) is missing.")
        #expect(
            sample.refusal {
                $0.userPoolID = "eu-west-1_a"; $0.clientID = "options"
            } == nil)
    }

    @Test("Filling changes nothing of what is set")
    func fill() throws {
        var options = ConfigurationOptions()
        options.userPoolID = "sa-east-1_Options"
        options.region = ""
        options.clientSecret = SecretBytes("")
        options.fill(from: try AmplifyConfiguration(parsing: SecretBytes(try AmplifySample(.first).text)))
        #expect(options.appID == nil)
        #expect(options.userPoolID == "sa-east-1_Options")
        #expect(options.region == "")
        #expect(options.clientSecret?.isEmpty == true)
        #expect(options.clientID == "1configuration1client1exmp")
        #expect(options.endpoint == "https://cognito.mail.example")
    }
}
