// SPDX-License-Identifier: Apache-2.0

/// Cognito's pages in the browser, for one app client: managed login, or the classic hosted UI.
public struct HostedUI {
    /// "https://host[:port]/", or "http://" to this machine. nil: the client has no hosted UI.
    let origin: Endpoint?
    /// In the order in which they are tried.
    let signInRedirects: [RedirectURI]
    let signOutRedirects: [RedirectURI]
    /// What a sign-in asks for; empty: the default.
    let scopes: [String]
    /// What the pages of ours call the program.
    let appName: String
}

extension HostedUI {
    /// Checks what was asked for.
    init(_ options: ConfigurationOptions, appID: String, _ urls: any URLReader) throws(AuthFailure) {
        let names = options.names
        origin = try Self.origin(options.hostedUIDomain, names.hostedUIDomain, urls)
        signOutRedirects = try Self.redirects(options.signOutRedirectURIs, names.signOutRedirectURIs, urls)
        signInRedirects = try Self.redirects(options.signInRedirectURIs, names.signInRedirectURIs, urls)
        scopes = options.scopes
        appName = options.appName ?? appID
        guard !appName.isEmpty, appName.utf8.count <= 128, !Configuration.hasControlCharacter(appName) else {
            throw .invalid("app_name", "must be 1 to 128 bytes without control characters")
        }
    }

    /// The domain has no path: those of the pages are Cognito's.
    ///
    /// A program that never opens a browser does not need the domain in its configuration file: so a domain there that
    /// does not fit is ignored.
    private static func origin(
        _ domain: String?, _ setting: Setting, _ urls: any URLReader
    ) throws(AuthFailure) -> Endpoint? {
        guard let domain else { return nil }
        let isURL = domain.startsExactly(with: "https://") || domain.startsExactly(with: "http://")
        let url = isURL ? domain : .joining("https://", domain)
        if let parts = urls.parts(of: url), parts.path.isExactly("/"), let origin = Endpoint(url, urls) {
            return origin
        }
        guard setting.isInFile else {
            throw setting.invalid("must be host[:port], or http:// to localhost, 127.0.0.1 or [::1], without a path")
        }
        return nil
    }

    /// A file lists those of web sites too, which are passed over.
    private static func redirects(
        _ texts: [String], _ setting: Setting, _ urls: any URLReader
    ) throws(AuthFailure) -> [RedirectURI] {
        var redirects: [RedirectURI] = []
        for text in texts {
            if let redirect = RedirectURI(text, urls) {
                redirects.append(redirect)
            } else if !setting.isInFile {
                throw setting.invalid(
                    "must be http://host:port[/path] with localhost, 127.0.0.1 or [::1] as the host, or begin with a scheme of the program's own in lower case, and have neither query nor fragment"
                )
            }
        }
        return redirects
    }
}

extension [RedirectURI] {
    /// Those that our own listener can be reached by.
    var loopback: [LoopbackRedirect] {
        compactMap { if case .loopback(let redirect) = $0 { redirect } else { nil } }
    }

    /// The first that the program has to report.
    var ofProgram: String? {
        for case .program(let text) in self { return text }
        return nil
    }
}
