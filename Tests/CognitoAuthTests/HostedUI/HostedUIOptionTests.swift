// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CognitoAuth

@Suite("What a client's options say of the hosted UI")
struct HostedUIOptionTests {
    private func hostedUI(_ change: (inout ConfigurationOptions) -> Void) throws(AuthFailure) -> HostedUI {
        var options = ConfigurationOptions()
        options.appID = "org.example.Mail"
        options.userPoolID = "eu-west-1_AbCdEfGhI"
        options.clientID = "client1example"
        change(&options)
        return try Configuration.checked(options).hostedUI
    }

    /// The message about options that do not fit, or nil if they do.
    private func refusal(_ change: (inout ConfigurationOptions) -> Void) -> String? {
        do {
            _ = try hostedUI(change)
            return nil
        } catch {
            #expect(error.status == .invalidArgument)
            #expect(!error.suggestion.isEmpty)
            return error.message
        }
    }

    @Test("Without any there is none, and the pages call the program by its id")
    func defaults() throws {
        let hostedUI = try hostedUI { _ in }
        #expect(hostedUI.origin == nil)
        #expect(hostedUI.signInRedirects.isEmpty && hostedUI.signOutRedirects.isEmpty && hostedUI.scopes.isEmpty)
        #expect(hostedUI.appName == "org.example.Mail")
    }

    @Test(
        "Its domain is a host and perhaps a port, with or without its scheme",
        arguments: [
            ("mail.auth.eu-west-1.amazoncognito.com", "https://mail.auth.eu-west-1.amazoncognito.com/"),
            ("login.mail.example:8443", "https://login.mail.example:8443/"),
            ("login.mail.example/", "https://login.mail.example/"),
            ("https://login.mail.example", "https://login.mail.example/"),
            ("https://login.mail.example/", "https://login.mail.example/"),
            ("localhost:9229", "https://localhost:9229/"),
            ("http://localhost:9229", "http://localhost:9229/"), ("http://127.0.0.1:9229/", "http://127.0.0.1:9229/"),
            ("http://[::1]:9229", "http://[::1]:9229/"), ("[2001:db8::1]:443", "https://[2001:db8::1]:443/"),
        ])
    func domain(text: String, url: String) throws {
        #expect(try hostedUI { $0.hostedUIDomain = text }.origin?.url == url)
    }

    @Test(
        "Any other domain is refused by its name",
        arguments: [
            "", " ", "/", "https://", "http://", "https:///", "http://login.mail.example", "http://localhost.evil.org",
            "http://127.0.0.1.evil:9229", "login.mail.example/oauth2", "https://login.mail.example/oauth2/authorize",
            "https://login.mail.example//", "user@login.mail.example", "https://user:password@login.mail.example",
            "login.mail.example?a=b", "login.mail.example/?a=b", "login.mail.example#a", "HTTPS://login.mail.example",
            "ftp://login.mail.example", "javascript:alert(1)", "login.mail.example:0", "login.mail.example:70000",
            "login.mail.example:", "login mail.example", "login.mail.example\n", "login.mail.example\u{0}",
            "lögin.example",
            "-login.example", ".example", "login_.example",
        ])
    func badDomain(text: String) {
        #expect(
            refusal { $0.hostedUIDomain = text }
                == "hosted_ui_domain must be host[:port], or http:// to localhost, 127.0.0.1 or [::1], without a path.")
    }

    @Test("Redirect URIs stay in their order")
    func redirects() throws {
        let hostedUI = try hostedUI {
            $0.signInRedirectURIs = ["mail://in", "http://localhost:3001/", "http://[::1]:3000/", "mail2://in"]
            $0.signOutRedirectURIs = ["http://127.0.0.1:3000/out"]
        }
        #expect(
            hostedUI.signInRedirects.map(\.inWords) == [
                "program mail://in", "loopback http://localhost:3001/", "loopback http://[::1]:3000/",
                "program mail2://in",
            ])
        #expect(hostedUI.signInRedirects.loopback.map(\.text) == ["http://localhost:3001/", "http://[::1]:3000/"])
        #expect(hostedUI.signInRedirects.ofProgram == "mail://in")
        #expect(hostedUI.signOutRedirects.map(\.inWords) == ["loopback http://127.0.0.1:3000/out"])
        #expect(hostedUI.signOutRedirects.ofProgram == nil)
    }

    @Test(
        "A redirect URI that does not fit is refused by the option's name, wherever it stands",
        arguments: [
            "", "https://mail.example/", "http://localhost/", "http://user@localhost:3000/", "file:///",
            "localhost:3000",
        ])
    func badRedirects(text: String) {
        let form =
            "must be http://host:port[/path] with localhost, 127.0.0.1 or [::1] as the host, or begin with a scheme of the program's own in lower case, and have neither query nor fragment."
        #expect(refusal { $0.signInRedirectURIs = [text] } == "sign_in_redirect_uris \(form)")
        #expect(
            refusal { $0.signInRedirectURIs = ["http://localhost:3000/", text] } == "sign_in_redirect_uris \(form)")
        #expect(refusal { $0.signOutRedirectURIs = [text, "mail://out"] } == "sign_out_redirect_uris \(form)")
    }

    @Test("app_name is 1 to 128 bytes without control characters")
    func appName() throws {
        for bad in [
            "", "a\nb", "\u{0}", "a\u{7F}", "a\u{85}", String(repeating: "a", count: 129),
            String(repeating: "é", count: 65),
        ] {
            #expect(
                refusal { $0.appName = bad } == "app_name must be 1 to 128 bytes without control characters.", "\(bad)")
        }
        for good in ["Mail", "<b>Grüße</b> & 日本語 🦊", " ", String(repeating: "é", count: 64)] {
            #expect(try hostedUI { $0.appName = good }.appName == good)
        }
    }
}
