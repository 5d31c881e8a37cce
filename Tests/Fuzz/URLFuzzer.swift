// SPDX-License-Identifier: Apache-2.0

import CCurl
import SecretMemory

@testable import CognitoAuth

/// What a program, or a configuration file, names as an endpoint, a domain, a redirect URI or a proxy, beside what libcurl
/// makes of the same text when it is to connect: what we take, it takes for the same, and for nothing more.
enum URLFuzzer {
    static func run(_ bytes: UnsafeRawBufferPointer) {
        let text = bytes.text
        // No option of C's has a NUL.
        guard !text.utf8.contains(0) else { return }
        if let endpoint = Endpoint(text, FuzzConfiguration.urls) {
            checkSent(endpoint)
            let isAsWritten = endpoint.url.isExactly(text) || endpoint.url.isExactly(text + "/")
            require(isAsWritten, "an endpoint is another than it looks")
        }
        checkRedirect(text)
        checkDomain(text)
        checkProxy(text)
    }

    /// That libcurl connects where an endpoint says, and sends nobody's login.
    static func checkSent(_ endpoint: Endpoint) {
        let flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME
        guard let parts = CurlParts(endpoint.url, flags), let path = CurlParts(endpoint.url + "oauth2/token", flags)
        else {
            fatalError("libcurl takes no endpoint for a URL")
        }
        require(parts.isPlain && path.isPlain, "an endpoint has more than a server and a path")
        require(parts.scheme == (endpoint.isLoopbackOnly ? "http" : "https"), "an endpoint has another scheme")
        require(!endpoint.isLoopbackOnly || parts.isLoopback, "http leaves this machine")
        require(parts.url == endpoint.url, "libcurl writes an endpoint as another URL")
        require(path.host == parts.host && path.port == parts.port, "a path changes the server")
        require(parts.host.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "%") })
    }

    private static func checkRedirect(_ text: String) {
        switch RedirectURI(text, FuzzConfiguration.urls) {
        case .loopback(let redirect):
            guard let parts = CurlParts(text, 0) else { fatalError("libcurl takes no redirect for a URL") }
            require(parts.isPlain && parts.scheme == "http" && parts.isLoopback, "a redirect leaves this machine")
            require(parts.host == redirect.host && parts.port == String(redirect.port) && parts.path == redirect.path)
            require(redirect.text.isExactly(text))
        case .program(let kept):
            require(kept.isExactly(text))
            if let parts = CurlParts(text, CURLU_NON_SUPPORT_SCHEME) {
                require(!["http", "https", "file"].contains(parts.scheme), "a program has a scheme of browsers")
                require(parts.query == nil && parts.fragment == nil, "a redirect has a query")
            }
        case nil: break
        }
    }

    private static func checkDomain(_ text: String) {
        var options = FuzzConfiguration.options("org.example.App")
        options.hostedUIDomain = text
        guard let origin = try? Configuration.checked(options, FuzzConfiguration.urls).hostedUI.origin else { return }
        checkSent(origin)
        require(CurlParts(origin.url, 0)?.path == "/", "a domain has a path")
    }

    /// As libcurl reads proxies.
    private static func checkProxy(_ text: String) {
        var options = FuzzConfiguration.options("org.example.App")
        options.proxy = text
        guard !text.isEmpty, (try? Configuration.checked(options, FuzzConfiguration.urls)) != nil else { return }
        guard let parts = CurlParts(text, CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) else {
            fatalError("libcurl takes no proxy for a URL")
        }
        let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
        require(schemes.contains(parts.scheme), "a proxy has another scheme")
        require(parts.path == "/" && parts.query == nil && parts.fragment == nil, "a proxy has more than a server")
        require(parts.canHaveLogin, "libcurl cannot read the login of a proxy")
    }
}

@_cdecl("fuzz_url")
public func fuzzURL(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    URLFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
