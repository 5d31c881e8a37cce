// SPDX-License-Identifier: Apache-2.0

import CurlTransport
import Testing

@testable import CognitoAuth

@Suite("The contract of URLReader")
struct URLReaderContract {
    private static let all: [Implementation<any URLReader>] = [
        Implementation("FakeURLReader") { FakeURLReader() }, Implementation("CurlURLReader") { CurlURLReader() },
    ]

    @Test(
        "A URL that is written as it should be has just its parts", arguments: all,
        [
            ("https://example.org", "https", "example.org", "", "/"), ("https://a/", "https", "a", "", "/"),
            ("http://localhost:8080/", "http", "localhost", "8080", "/"),
            ("https://EXAMPLE.org:443/stage", "https", "EXAMPLE.org", "443", "/stage"),
            ("https://a.b-c.example/one/two/", "https", "a.b-c.example", "", "/one/two/"),
            ("https://a//", "https", "a", "", "//"), ("https://a/%41@b:c", "https", "a", "", "/%41@b:c"),
            ("https://10.0.0.1:1", "https", "10.0.0.1", "1", "/"), ("http://127.0.0.1", "http", "127.0.0.1", "", "/"),
            ("https://[2001:db8::1]:65535/a", "https", "[2001:db8::1]", "65535", "/a"),
            ("http://[::1]", "http", "[::1]", "", "/"), ("socks5h://proxy:1080", "socks5h", "proxy", "1080", "/"),
            ("http://ada:secret@proxy:3128", "http", "proxy", "3128", "/"),
            ("https://ada%40example.org:pass%2Fword@proxy/", "https", "proxy", "", "/"),
        ] as [(String, String, String, String, String)])
    func plain(implementation: Implementation<any URLReader>, row: (String, String, String, String, String)) throws {
        let parts = try #require(try implementation.make().parts(of: row.0))
        #expect((parts.scheme, parts.host, parts.port, parts.path) == (row.1, row.2, row.3, row.4))
    }

    @Test(
        "A URL that is written in another way is none, or has parts that show it", arguments: all,
        [
            "", "example.org", "//example.org", "https:", "https://", "https:///", "https:/example.org",
            "https:example.org", " https://example.org", "https://example.org ", "HTTPS://example.org",
            "https://a b", "https://a\tb", "https://a\n", "https://a\u{0}b", "https://a/b c", "https://a%41",
            "https://a?b", "https://a/?b", "https://a#b", "https://a/b#c", "https://a/b/..", "https://a/./b",
            "https://ada@a", "https://ada:secret@a", "https://@a", "https://example.org\\@evil.example",
            "https://a:", "https://a:00080", "https://a:65536", "https://a:-1", "https://a:+1", "https://a:1:2",
            "https://a:x", "https://a:１", "http://127.1", "http://2130706433", "http://0x7f.1",
            "http://[0:0:0:0:0:0:0:1]", "http://::1", "http://[::1", "http://[::1]x", "https://[::1%25eth0]",
            "https://[g::1]", "https://[]", "https://a;x", "https://a:80@b", "https://a/../../b",
        ])
    func odd(implementation: Implementation<any URLReader>, text: String) throws {
        guard let parts = try implementation.make().parts(of: text) else { return }
        #expect(parts.url != text)
        #expect(parts.url != text + "/")
    }
}
