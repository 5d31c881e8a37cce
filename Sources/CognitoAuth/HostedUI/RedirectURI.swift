// SPDX-License-Identifier: Apache-2.0

/// Where the hosted UI sends the browser when it is done. Cognito compares it with what is registered byte for byte.
public enum RedirectURI: Sendable {
    /// This machine: a listener of ours.
    case loopback(LoopbackRedirect)
    /// A scheme of the program's own, as in "myapp://signed-in": the program hears of it and reports it.
    case program(String)

    var text: String {
        switch self {
        case .loopback(let redirect): redirect.text
        case .program(let text): text
        }
    }

    /// nil where no listener of ours hears of it.
    var port: UInt16? {
        if case .loopback(let redirect) = self { return redirect.port }
        return nil
    }

    /// nil for what neither we nor a program can receive, such as a web site's.
    init?(_ text: String, _ urls: any URLReader) {
        guard !Configuration.hasControlCharacter(text), !text.utf8.contains(where: { $0.isOne(of: "?# ") }) else {
            return nil
        }
        if let loopback = LoopbackRedirect(text, urls) {
            self = .loopback(loopback)
        } else if Self.isOfProgram(text) {
            self = .program(text)
        } else {
            return nil
        }
    }

    /// Whether it has a scheme (RFC 3986, section 3.1) that belongs to no web site, and something behind it.
    private static func isOfProgram(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let scheme = text.utf8[..<colon]
        let isWeb = ["http", "https", "file", "javascript", "data", "about", "blob"].contains { name in
            scheme.lazy.map { $0.isASCIIUppercase ? $0 | 0x20 : $0 }.elementsEqual(name.utf8)
        }
        return !isWeb && scheme.first.map { $0.isASCIIUppercase || $0.isASCIILowercase } ?? false
            && scheme.allSatisfy { $0.isASCIIAlphanumeric || $0.isOne(of: "+-.") }
            && !text.utf8[colon...].dropFirst().isEmpty && text.utf8.allSatisfy { $0.isASCIIGraphic }
    }
}

/// A redirect URI of this machine: `http://` with `localhost`, `127.0.0.1` or `[::1]`.
public struct LoopbackRedirect: Sendable {
    /// As it is registered, and sent.
    public let text: String
    /// "localhost", "127.0.0.1" or "[::1]".
    public let host: String
    public let port: UInt16
    /// Begins with a slash.
    public let path: String

    init?(_ text: String, _ urls: any URLReader) {
        guard let parts = urls.parts(of: text), parts.scheme.isExactly("http"), parts.isLoopback, parts.isPath,
            parts.url.isExactly(text) || parts.url.isExactly(text + "/"),
            let port = parts.port.isEmpty ? 80 : UInt16(parts.port), port > 0
        else { return nil }
        self.text = text
        host = parts.host
        self.port = port
        path = parts.path
    }
}
