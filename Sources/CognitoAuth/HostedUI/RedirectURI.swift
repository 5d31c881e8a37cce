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
        if let loopback = LoopbackRedirect.read(text, urls) {
            self = .loopback(loopback)
        } else if Self.isOfProgram(text) {
            self = .program(text)
        } else {
            return nil
        }
    }

    /// Whether it has a scheme (RFC 3986, section 3.1) that can be a program's, and something behind it.
    ///
    /// Browsers write schemes in lower case when they hand a URI over, and it has to come back as it was sent. A
    /// "localhost:" is a loopback URI whose scheme was forgotten.
    private static func isOfProgram(_ text: String) -> Bool {
        let others = ["http", "https", "file", "javascript", "data", "about", "blob", "localhost"]
        return text.withBytes { bytes in
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes.count > colon + 1 else { return false }
            let scheme = UnsafeRawBufferPointer(rebasing: bytes[..<colon])
            return !others.contains { scheme.isExactly($0) } && scheme.first?.isASCIILowercase ?? false
                && scheme.allSatisfy { $0.isASCIILowercase || $0.isASCIIDigit || $0.isOne(of: "+-.") }
                && bytes.allSatisfy { $0.isASCIIGraphic && !$0.isOne(of: "?#") }
        }
    }
}

/// A redirect URI of this machine: `http://` with `localhost`, `127.0.0.1` or `[::1]`, and a port. Without one it would be
/// 80, which only the administrator's programs can have.
public final class LoopbackRedirect: Sendable {
    /// As it is registered, and sent.
    public let text: String
    /// "localhost", "127.0.0.1" or "[::1]".
    public let host: String
    public let port: UInt16
    /// Begins with a slash.
    public let path: String

    private init(_ text: String, _ parts: URLParts, port: UInt16) {
        self.text = text
        host = parts.host
        self.port = port
        path = parts.path
    }

    /// nil if the text is not such a URI.
    static func read(_ text: String, _ urls: any URLReader) -> LoopbackRedirect? {
        guard let parts = urls.parts(of: text), parts.scheme.isExactly("http"), parts.isLoopback, parts.isPath,
            parts.areAll(of: text),
            let port = UInt16(parts.port), port > 0
        else { return nil }
        return LoopbackRedirect(text, parts, port: port)
    }
}
