// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("An endpoint that the program names")
struct EndpointOptionTests {
    private func configuration(_ endpoint: String, fips: Bool = false, dualStack: Bool = false) throws -> Configuration
    {
        var options = ConfigurationOptions()
        options.appID = "org.example.Mail"
        options.userPoolID = "eu-west-1_AbCdEfGhI"
        options.clientID = "client1example"
        options.endpoint = endpoint
        options.useFIPS = fips
        options.useDualStack = dualStack
        return try Configuration.checked(options)
    }

    private func expectRefused(_ endpoint: String) throws {
        let failure = try #require(throws: AuthFailure.self) { try configuration(endpoint) }
        #expect(failure.status == .invalidArgument)
        #expect(failure.message.hasPrefix("endpoint must be https://host[:port]"))
    }

    @Test(
        "https to any host is taken, with a slash behind it or not",
        arguments: [
            ("https://a", "https://a/"), ("https://a/", "https://a/"),
            ("https://cognito.example.org:8443", "https://cognito.example.org:8443/"),
            ("https://10.0.0.1:1", "https://10.0.0.1:1/"),
            ("https://[2001:db8::1]:65535/", "https://[2001:db8::1]:65535/"),
            ("https://localhost:8443", "https://localhost:8443/"), ("https://EXAMPLE.org", "https://EXAMPLE.org/"),
        ])
    func https(endpoint: String, url: String) throws {
        let endpoint = try configuration(endpoint).endpoint
        #expect(endpoint.url == url)
        #expect(!endpoint.isLoopbackOnly)
    }

    @Test(
        "A path is taken as it is, as of a stage of an API gateway",
        arguments: [
            "https://api.example.com/cognito", "https://api.example.com/prod/cognito/",
            "https://a:1/a-b._~!$&'()*+,;=:@",
            "https://a/%41", "http://localhost:9229/x",
        ])
    func path(endpoint: String) throws {
        #expect(try configuration(endpoint).endpoint.url == endpoint)
    }

    @Test(
        "http is taken to this machine",
        arguments: [
            "http://localhost", "http://127.0.0.1:9229", "http://[::1]:1/", "http://localhost:65535/",
        ])
    func loopback(endpoint: String) throws {
        let endpoint = try configuration(endpoint).endpoint
        #expect(endpoint.isLoopbackOnly)
        #expect(endpoint.url.hasSuffix("/"))
    }

    @Test(
        "http to any other host is refused, however much it looks like this machine",
        arguments: [
            "http://example.org", "http://127.0.0.2", "http://127.1", "http://0.0.0.0", "http://0", "http://2130706433",
            "http://[::]",
            "http://[::ffff:127.0.0.1]", "http://[0:0:0:0:0:0:0:1]", "http://localhost.example.org",
            "http://localhost.", "http://LOCALHOST",
            "http://127.0.0.1.nip.io", "http://localhost@example.org", "http://user@localhost",
            "http://localhost:80@example.org",
            "http://::1", "http://[::1", "http://[::1]x", "http://[localhost]", "http://localhost%2eexample.org",
        ])
    func notLoopback(endpoint: String) throws { try expectRefused(endpoint) }

    @Test(
        "Another scheme, or none, is refused",
        arguments: [
            "", "example.org", "//example.org", "ftp://example.org", "HTTPS://example.org", "https:/example.org",
            "https:example.org",
            "httpss://example.org", " https://example.org", "file:///etc/passwd", "https", "http", "https://",
            "http://", "https:///",
        ])
    func scheme(endpoint: String) throws { try expectRefused(endpoint) }

    @Test(
        "User info, query and fragment are refused, and paths that are not what they look like",
        arguments: [
            "https://user@example.org", "https://user:password@example.org", "https://@example.org",
            "https://example.org//", "https://example.org/a//b", "https://example.org/a/../b",
            "https://example.org/./a",
            "https://example.org/a b", "https://example.org/a\\b", "https://example.org/\"", "https://example.org/é",
            "https://example.org/<", "https://example.org/a?q", "https://example.org/a#f", "https://example.org/?q",
            "https://example.org?q", "https://example.org#f",
            "https://example.org/#",
            "https://example.org/..", "https://example.org\\@evil.example", "https://example.org;x",
        ])
    func parts(endpoint: String) throws { try expectRefused(endpoint) }

    @Test(
        "A port is 1 to 65535",
        arguments: ["0", "65536", "99999", "100000", "00000", "-1", "+1", "", " 1", "1 ", "0x10", "１", "1:2", "1e1"])
    func port(port: String) throws { try expectRefused("https://example.org:\(port)") }

    @Test(
        "A host has the characters of hosts",
        arguments: [
            "https://a b", "https://a_b", "https://é.example", "https://.example", "https://-a", "https://a%41",
            "https://*", "https://[g::1]",
            "https://[]", "https://[]:1", "https://[::1%eth0]", "https://:443",
            "https://" + String(repeating: "a", count: 254),
        ])
    func host(endpoint: String) throws { try expectRefused(endpoint) }

    @Test(
        "Control characters are refused wherever they are",
        arguments: ["\u{0}", "\t", "\n", "\r", "\u{1B}", "\u{7F}", "\u{85}"])
    func controls(character: String) throws {
        for endpoint in [
            "https://a\(character)b", "https://ab\(character)", "\(character)https://ab", "https://ab:1\(character)",
        ] {
            try expectRefused(endpoint)
        }
    }

    @Test("FIPS and dual-stack choose among Cognito's endpoints, so they do not go with another")
    func exclusive() throws {
        let fips = try #require(throws: AuthFailure.self) { try configuration("https://a", fips: true) }
        #expect(fips.message == "use_fips cannot be set together with endpoint.")
        let dualStack = try #require(throws: AuthFailure.self) { try configuration("https://a", dualStack: true) }
        #expect(dualStack.message == "use_dualstack cannot be set together with endpoint.")
    }
}
