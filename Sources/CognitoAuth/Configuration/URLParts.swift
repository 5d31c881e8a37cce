// SPDX-License-Identifier: Apache-2.0

/// What a URL says of a server, and where on it.
public final class URLParts {
    /// In lower case.
    public let scheme: String
    /// A name or an address; with brackets if it is one of IPv6.
    public let host: String
    /// "" if the URL has none.
    public let port: String
    /// Begins with a slash.
    public let path: String

    @inline(never)
    public init(scheme: String, host: String, port: String, path: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
    }

    /// The host, and the port if there is one.
    var server: String { port.isEmpty ? host : .joining(host, ":", port) }

    /// The URL that has these parts and no others.
    var url: String { .joining(scheme, "://", server, path) }

    /// Whether `text` says these and nothing else; it may lack the slash of an empty path.
    func areAll(of text: String) -> Bool { url.isExactly(text) || url.isExactly(.joining(text, "/")) }

    var isLoopback: Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains { $0.isExactly(host) }
    }

    /// Whether the host is an address or has the characters of hosts, and the port is one that can be connected to.
    var isServer: Bool {
        let isAddress = host.startsExactly(with: "[")
        return !port.isExactly("0") && (isAddress || Self.isHostName(host))
    }

    /// Whether the path has the characters of RFC 3986, and no segment is empty but the last.
    var isPath: Bool {
        var last: UInt8 = 0
        return path.hasOnly { byte in
            defer { last = byte }
            return byte == UInt8(ascii: "/")
                ? last != byte : byte.isASCIIAlphanumeric || byte.isOne(of: "-._~!$&'()*+,;=:@%")
        }
    }

    private static func isHostName(_ name: String) -> Bool {
        (1...253).contains(name.utf8.count) && !name.startsExactly(with: "-") && !name.startsExactly(with: ".")
            && name.hasOnly { $0.isASCIIAlphanumeric || $0.isOne(of: "-.") }
    }
}
