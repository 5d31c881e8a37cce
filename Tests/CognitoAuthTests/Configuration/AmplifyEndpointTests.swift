// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("An endpoint that a configuration file names")
struct AmplifyEndpointTests {
    private static let key = AmplifySample.Generation.endpoint

    @Test(
        "A host name stands for its https URL, with a port or without",
        arguments: [
            ("cognito.example.org", "https://cognito.example.org/"), ("a", "https://a/"),
            ("api.example.com/cognito", "https://api.example.com/cognito"),
            ("cognito.example.org:8443", "https://cognito.example.org:8443/"),
            ("d111111abcdef8.cloudfront.net/", "https://d111111abcdef8.cloudfront.net/"),
            ("localhost", "https://localhost/"), ("127.0.0.1:1", "https://127.0.0.1:1/"),
            ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443/"), ("https", "https://https/"),
            ("http.example.org", "https://http.example.org/"), ("httpsx.example", "https://httpsx.example/"),
        ])
    func hostName(endpoint: String, url: String) throws {
        let endpoint = try AmplifySample(.first).with(Self.key, text: endpoint).configuration().endpoint
        #expect(endpoint.url == url)
        #expect(!endpoint.isLoopbackOnly)
    }

    @Test(
        "An https URL is kept",
        arguments: [
            ("https://cognito.example.org", "https://cognito.example.org/"),
            ("https://cognito.example.org:8443/", "https://cognito.example.org:8443/"),
            ("https://[::1]", "https://[::1]/"), ("https://https", "https://https/"),
        ])
    func https(endpoint: String, url: String) throws {
        let endpoint = try AmplifySample(.first).with(Self.key, text: endpoint).configuration().endpoint
        #expect(endpoint.url == url)
        #expect(!endpoint.isLoopbackOnly)
    }

    @Test(
        "http is taken to this machine",
        arguments: ["http://localhost:9229", "http://127.0.0.1:9229/", "http://[::1]:9229", "http://localhost"])
    func loopback(endpoint: String) throws {
        let configured = try AmplifySample(.first).with(Self.key, text: endpoint).configuration().endpoint
        #expect(configured.url == (endpoint.hasSuffix("/") ? endpoint : endpoint + "/"))
        #expect(configured.isLoopbackOnly)
    }

    @Test(
        "Everything else is refused, and named by its path",
        arguments: [
            "http://example.org", "http://127.0.0.2", "http://localhost.example.org", "http://user@localhost",
            "http://",
            "https://", "HTTPS://example.org", "HTTP://localhost", "ftp://example.org", "//example.org", "/", ":443",
            "example.org//path", "https://example.org/../path", "example.org?query", "example.org#fragment",
            "user@example.org",
            "example.org:0", "example.org:65536", "example.org:port", "example.org:", " example.org", "example.org ",
            "example org", "-example.org", ".example.org", "example_org", "::1", "[::1", "[example.org]",
            "example.org\n",
            "example.org\u{7F}", "éxample.org", "https://https://example.org", "http://https://localhost",
        ])
    func refused(endpoint: String) throws {
        #expect(
            try AmplifySample(.first).with(Self.key, text: endpoint).refusal()
                == "\(Self.key) \(AmplifyMessage.endpointForm)")
    }

    @Test("FIPS and dual-stack do not go with an endpoint of the file, and the message names both")
    func exclusive() throws {
        let first = try AmplifySample(.first)
        #expect(
            first.refusal({ $0.useFIPS = true }, status: .invalidArgument)
                == "use_fips cannot be set together with \(Self.key) of the configuration file.")
        #expect(
            first.refusal({ $0.useDualStack = true }, status: .invalidArgument)
                == "use_dualstack cannot be set together with \(Self.key) of the configuration file.")
        let malformed = try first.with(Self.key, text: "http://example.org")
        #expect(malformed.refusal({ $0.useFIPS = true }, status: .invalidArgument)?.hasPrefix("use_fips ") == true)
    }

    @Test("FIPS and dual-stack choose among the endpoints of the file's region")
    func ownEndpoints() throws {
        for sample in [
            try AmplifySample(.first).without(Self.key), try AmplifySample(.first).with(Self.key, text: ""),
            try AmplifySample(.second).with("auth.aws_region", text: "us-west-2"),
        ] {
            #expect(
                try sample.configuration { $0.useFIPS = true }.endpoint.url
                    == "https://cognito-idp-fips.us-west-2.amazonaws.com/")
        }
        let outputs = try AmplifySample("amplify_outputs-1.4-no-oauth.json")
        #expect(
            try outputs.configuration { $0.useDualStack = true }.endpoint.url
                == "https://cognito-idp.cn-north-1.api.amazonwebservices.com.cn/")
    }
}
