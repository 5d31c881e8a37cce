// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A client's options")
struct ConfigurationTests {
    private static var good: ConfigurationOptions {
        var options = ConfigurationOptions()
        options.appID = "org.example.Mail"
        options.userPoolID = "eu-west-1_AbCdEfGhI"
        options.clientID = "client1example"
        return options
    }

    /// The message about options that do not fit, or nil if they do.
    private func refusal(_ change: (inout ConfigurationOptions) -> Void) -> String? {
        var options = Self.good
        change(&options)
        do {
            _ = try Configuration.checked(options)
            return nil
        } catch {
            #expect(error.status == .invalidArgument)
            #expect(error.message.hasSuffix("."))
            #expect(!error.suggestion.isEmpty)
            return error.message
        }
    }

    @Test("Three options are enough, and the rest has the defaults of the header")
    func defaults() throws {
        let configuration = try Configuration.checked(Self.good)
        #expect(configuration.endpoint.url == "https://cognito-idp.eu-west-1.amazonaws.com/")
        #expect(!configuration.endpoint.isLoopbackOnly)
        #expect(configuration.timeoutMilliseconds == 30_000)
        #expect(configuration.maximumAttempts == 3)
        #expect(configuration.logLevel == .warning)
        #expect(configuration.clientSecret == nil)
        #expect(configuration.certificateFile == nil)
        #expect(configuration.proxy == nil)
    }

    @Test("app_id, user_pool_id and client_id must not be NULL, and the message names the field")
    func missing() {
        #expect(refusal { $0.appID = nil } == "app_id is required and is NULL.")
        #expect(refusal { $0.userPoolID = nil } == "user_pool_id is required and is NULL.")
        #expect(refusal { $0.clientID = nil } == "client_id is required and is NULL.")
    }

    @Test("app_id, user_pool_id and client_id must not be empty")
    func empty() {
        #expect(refusal { $0.appID = "" } == "app_id must not be empty.")
        #expect(refusal { $0.userPoolID = "" } == "user_pool_id must not be empty.")
        #expect(refusal { $0.clientID = "" } == "client_id must not be empty.")
    }

    @Test("The first field that does not fit is named")
    func first() {
        #expect(
            refusal {
                $0.appID = nil; $0.clientID = nil
            }?.hasPrefix("app_id ") == true)
    }

    @Test("app_id is 1 to 128 printable ASCII characters without spaces")
    func appID() {
        for bad in ["a b", "a\nb", "a\u{0}b", "\u{7F}", "é", " ", String(repeating: "a", count: 129)] {
            #expect(refusal { $0.appID = bad }?.hasPrefix("app_id must be") == true, "\(bad)")
        }
        for good in ["a", "~!", "org.example.Mail", String(repeating: "a", count: 128)] {
            #expect(refusal { $0.appID = good } == nil, "\(good)")
        }
    }

    @Test(
        "user_pool_id is a region, an underscore, letters and digits, where nothing else says where to connect",
        arguments: [
            "eu-west-1", "_AbC", "eu-west-1_", "eu-west-1AbC", "eu-west-1_a_b", "eu-west-1_a-b", "eu-west-1_a b",
            "euwest1_a",
            "eu-west_a", "EU-WEST-1_a", "eu--1_a", "-eu-west-1_a", "eu-west-1-_a", "eu-west-1 _a", "eu-west-1_é",
            "eu-west-1_a\n",
            "eu-west-1_a\u{0}", "eu.west.1_a", "a@b-c-d_e", "eu-west-1/x_a",
            "a-b-" + String(repeating: "c", count: 29) + "_a",
            "eu-west-1_" + String(repeating: "a", count: 46),
        ])
    func badPool(id: String) {
        #expect(refusal { $0.userPoolID = id }?.hasPrefix("user_pool_id must") == true)
    }

    @Test(
        "A pool of a local Cognito is taken where an endpoint or a region is set",
        arguments: ["local_1a2b3c", "US-EAST_x", "a_b", "euwest1_a"])
    func localPool(id: String) {
        #expect(
            refusal {
                $0.userPoolID = id; $0.endpoint = "http://localhost:9229"
            } == nil)
        #expect(
            refusal {
                $0.userPoolID = id; $0.region = "eu-west-1"
            } == nil)
        #expect(
            refusal { $0.userPoolID = id }
                == "user_pool_id must begin with a region of AWS, unless region or endpoint is set.")
    }

    @Test(
        "An endpoint is no excuse for a malformed user_pool_id",
        arguments: ["eu-west-1", "_a", "eu-west-1_", "eu-west-1_a_b", "a b_c", "é_a", "a/b_c", "a.b_c", "a\n_c"])
    func malformedPool(id: String) {
        let message = refusal {
            $0.userPoolID = id; $0.endpoint = "http://localhost:9229"
        }
        #expect(message?.hasPrefix("user_pool_id must have the form") == true)
    }

    @Test(
        "user_pool_id may be in any partition",
        arguments: [
            "us-gov-west-1_a", "cn-north-1_A1", "us-iso-east-1_a", "eusc-de-east-1_a", "eu-west-1_0",
            "eu-west-1_" + String(repeating: "a", count: 45),
        ])
    func goodPool(id: String) { #expect(refusal { $0.userPoolID = id } == nil) }

    @Test("client_id is 1 to 128 of A-Z a-z 0-9 _ +")
    func clientID() {
        for bad in ["a b", "a-b", "a.b", "a\nb", "é", "a\"b", String(repeating: "a", count: 129)] {
            #expect(refusal { $0.clientID = bad }?.hasPrefix("client_id must be") == true, "\(bad)")
        }
        for good in ["a", "_", "+", "aZ09_+", String(repeating: "a", count: 128)] {
            #expect(refusal { $0.clientID = good } == nil, "\(good)")
        }
    }

    @Test("client_secret is 24 to 64 of A-Z a-z 0-9 _ +, and the message does not show it")
    func clientSecret() {
        let tail = String(repeating: "s", count: 23)
        for bad in ["", tail, tail + "-", tail + "é", tail + "\n", String(repeating: "s", count: 65)] {
            let message = refusal { $0.clientSecret = SecretBytes(bad) }
            #expect(message == "client_secret must be 24 to 64 of the characters A-Z a-z 0-9 _ +.", "\(bad)")
        }
        for good in [tail + "+", tail + "_", String(repeating: "s", count: 64)] {
            #expect(refusal { $0.clientSecret = SecretBytes(good) } == nil, "\(good)")
        }
    }

    @Test("region must be one, and wins over that of the pool")
    func region() throws {
        for bad in [
            "", "eu", "eu-west", "EU-WEST-1", "eu-west-1.evil.example", "eu-west-1/", "eu-west-1 ", "@-b-c", "a-b-",
        ] {
            #expect(refusal { $0.region = bad }?.hasPrefix("region must be") == true, "\(bad)")
        }
        var options = Self.good
        options.region = "us-gov-west-1"
        #expect(try Configuration.checked(options).endpoint.url == "https://cognito-idp.us-gov-west-1.amazonaws.com/")
    }

    @Test("timeout_ms is 0 or 100 to 3600000")
    func timeout() throws {
        for bad in [-1, 1, 99, 3_600_001, Int32.max, Int32.min] as [Int32] {
            #expect(refusal { $0.timeoutMilliseconds = bad }?.hasPrefix("timeout_ms must be") == true, "\(bad)")
        }
        for good in [100, 3_600_000] as [Int32] { #expect(refusal { $0.timeoutMilliseconds = good } == nil, "\(good)") }
        #expect(try Configuration.timeout(0, "timeout_ms", default: 1234) == 1234)
        #expect(try Configuration.timeout(100, "timeout_ms", default: 1234) == 100)
        #expect(throws: AuthFailure.self) { try Configuration.timeout(99, "timeout_ms", default: 1234) }
    }

    @Test("max_attempts is 0 to 10")
    func maximumAttempts() throws {
        for bad in [-1, 11, Int32.max, Int32.min] as [Int32] {
            #expect(refusal { $0.maximumAttempts = bad }?.hasPrefix("max_attempts must be") == true, "\(bad)")
        }
        for good in [1, 10] as [Int32] { #expect(refusal { $0.maximumAttempts = good } == nil, "\(good)") }
    }

    @Test("log_level is one of the header's")
    func logLevel() throws {
        for bad in [-1, 5, Int32.max, Int32.min] as [Int32] {
            #expect(refusal { $0.logLevel = bad } == "log_level must be one of AUTH_LOG_LEVEL.", "\(bad)")
        }
        for (number, level) in [(0, LogLevel.warning), (1, .error), (2, .warning), (3, .info), (4, .debug)]
            as [(Int32, LogLevel)]
        {
            var options = Self.good
            options.logLevel = number
            #expect(try Configuration.checked(options).logLevel == level)
        }
    }

    @Test("ca_file must not be empty or hold control characters")
    func certificateFile() {
        #expect(refusal { $0.certificateFile = "" } == "ca_file must not be empty.")
        #expect(refusal { $0.certificateFile = "/a\nb" } == "ca_file must not contain control characters.")
        #expect(refusal { $0.certificateFile = "/etc/ssl/é.pem" } == nil)
    }

    @Test("proxy is empty, or begins with a scheme of a proxy, and holds no control characters")
    func proxy() {
        for bad in [
            "http://proxy\r\n", "http://\u{7F}", "proxy:3128", "ftp://proxy", " http://proxy", "HTTP//proxy",
            "http://a:p@ss@proxy", "http://proxy/path", "http://proxy?q", "http://proxy/?@proxy", "http://proxy#@proxy",
            "http://proxy:0", "http://proxy:", "http://@", "http://evil/@proxy",
        ] {
            #expect(refusal { $0.proxy = bad }?.hasPrefix("proxy must") == true, "\(bad)")
        }
        for good in [
            "", "http://proxy:3128", "https://proxy", "socks5h://proxy:1080", "socks5://p", "socks4://p", "socks4a://p",
            "http://ada:secret@proxy:3128", "http://ada@proxy/", "http://ad%40:p%3Fq@[::1]:3128",
        ] {
            #expect(refusal { $0.proxy = good } == nil, "\(good)")
        }
    }
}
