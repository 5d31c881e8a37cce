// SPDX-License-Identifier: Apache-2.0

import CurlTransport
import Testing

@testable import CognitoAuth

@Suite("A redirect URI")
struct RedirectURITests {
    private static let readers: [Implementation<any URLReader>] = [
        Implementation("FakeURLReader") { FakeURLReader() }, Implementation("CurlURLReader") { CurlURLReader() },
    ]

    @Test(
        "One of this machine has a host, a port and a path, and stays as it is registered", arguments: readers,
        [
            ("http://localhost:3000/", "localhost", 3000, "/"), ("http://localhost:3000", "localhost", 3000, "/"),
            ("http://127.0.0.1:1/signed-in", "127.0.0.1", 1, "/signed-in"), ("http://[::1]:65535", "[::1]", 65535, "/"),
            ("http://localhost:80/", "localhost", 80, "/"), ("http://localhost:8080/A/b/", "localhost", 8080, "/A/b/"),
            ("http://localhost:3000/a-b._~!$&'()*+,;=:@", "localhost", 3000, "/a-b._~!$&'()*+,;=:@"),
        ] as [(String, String, UInt16, String)])
    func loopback(reader: Implementation<any URLReader>, row: (String, String, UInt16, String)) throws {
        guard case .loopback(let redirect) = RedirectURI(row.0, try reader.make()) else {
            Issue.record("no loopback redirect: \(row.0)")
            return
        }
        #expect((redirect.text, redirect.host, redirect.port, redirect.path) == row)
    }

    @Test(
        "One of the program's has a scheme of its own", arguments: readers,
        [
            "org.example.mail://signed-in", "org.example.mail:/signed-in", "mail://in/", "mail:in", "m+a-i.l2://x",
            "mail://user@in:1/A%20b", "httpx://in", "h://in", "mail://localhost:3000/", "mail:javascript:x",
        ])
    func program(reader: Implementation<any URLReader>, text: String) throws {
        guard case .program(text) = RedirectURI(text, try reader.make()) else {
            Issue.record("no redirect of a program: \(text)")
            return
        }
    }

    @Test(
        "Nothing else is one", arguments: readers,
        [
            // Web sites, and what is not this machine, however much it looks like it.
            "https://mail.example/callback", "https://localhost:3000/", "http://mail.example:3000/",
            "http://127.0.0.2:3000/",
            "http://0.0.0.0:3000/", "http://[::]:3000/", "http://[::ffff:127.0.0.1]:3000/",
            "http://localhost.evil.org:3000/",
            "http://127.0.0.1.evil:3000/", "http://127.0.0.1.nip.io:3000/", "http://localhost.:3000/",
            "http://127.1:3000/",
            "http://2130706433:3000/", "http://[0:0:0:0:0:0:0:1]:3000/", "http://evil.org\\@localhost:3000/",
            // Users, who have no place here.
            "http://user@localhost:3000/", "http://user:password@localhost:3000/", "http://localhost:3000@evil.org/",
            "http://@localhost:3000/",
            // Ports: one has to be there.
            "http://localhost", "http://localhost/", "http://127.0.0.1/in", "http://[::1]/", "http://localhost:/",
            "http://localhost:0/", "http://localhost:70000/", "http://localhost:65536/", "http://localhost:00080/",
            "http://localhost:+80/", "http://localhost:-1/", "http://localhost:3000x/", "http://localhost:1:2/",
            "http://::1:3000/",
            // Queries, fragments, and paths that are not what they look like.
            "http://localhost:3000/?a=b", "http://localhost:3000?a=b", "http://localhost:3000/in?",
            "http://localhost:3000/#a",
            "http://localhost:3000#a", "http://localhost:3000/#", "http://localhost:3000/a/../b",
            "http://localhost:3000/./",
            "http://localhost:3000//", "http://localhost:3000/a//b", "http://localhost:3000/a b",
            "http://localhost:3000/é",
            "http://localhost:3000\\a", "http://localhost:3000/a\"", "http://localhost:3000/<",
            "mail://in?a=b", "mail://in#a", "mail://in#", "mail:?",
            // Upper case, which browsers do not keep in schemes and hosts.
            "HTTP://localhost:3000/", "http://LOCALHOST:3000/", "Mail://in", "MAIL://in", "HTTPS://mail.example/",
            "mAil://in", "hTTP://localhost:3000/", "JavaScript:alert(1)",
            // Schemes that no program can have, and one that was forgotten.
            "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "about:blank", "blob:x", "http:", "http:/",
            "http://", "http:localhost:3000/", "https:", "localhost:3000/", "localhost:3000", "127.0.0.1:3000/",
            "[::1]:3000/",
            // No scheme, or nothing behind it.
            "", " ", "mail", "mail:", "://in", ":in", "//localhost:3000/", "/in", "2mail://in", "ma_il://in",
            "-mail://in",
            "mäil://in", "ma il://in",
            // Control characters and spaces.
            " http://localhost:3000/", "http://localhost:3000/ ", "http://localhost:3000/\n",
            "http://local\thost:3000/",
            "http://localhost:3000/\u{0}", "http://localhost:3000/\u{0}a", "http://localhost:3000/\u{7F}",
            "http://localhost:3000/\u{85}", "mail://in\n", "mail://in\u{0}", "mail://in\u{1B}", "mail://i n",
            "mail://in\u{7F}",
            "mail://é", "\nmail://in",
        ])
    func nothingElse(reader: Implementation<any URLReader>, text: String) throws {
        #expect(RedirectURI(text, try reader.make()) == nil, "\(text)")
    }
}

extension RedirectURI: Equatable {
    public static func == (one: RedirectURI, other: RedirectURI) -> Bool { one.inWords == other.inWords }

    /// What it is, and what is registered.
    var inWords: String {
        switch self {
        case .loopback(let redirect): "loopback \(redirect.text)"
        case .program(let text): "program \(text)"
        }
    }
}
