// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("What a sign-in may be asked for")
struct SignInOptionsTests {
    let scene = SignInScene()

    /// The sign-in is refused as `text` says, before anything else has happened.
    private func expectRefused(_ text: String, _ location: SourceLocation = #_sourceLocation) throws {
        let refusal = try #require(throws: (any Error).self, sourceLocation: location) { try scene.signIn() }
        let failure = (refusal as? AuthFailure) ?? (refusal as? SessionFailure)?.failure
        #expect(failure?.status == .invalidArgument, sourceLocation: location)
        #expect(failure?.message == text, sourceLocation: location)
        #expect(scene.world.journal.line.isEmpty, sourceLocation: location)
        #expect(scene.world.store.limits.isEmpty, sourceLocation: location)
        #expect(scene.world.browser.listeners.isEmpty, sourceLocation: location)
    }

    @Test("Without a hosted UI there is no sign-in")
    func noDomain() throws {
        scene.world.options.hostedUIDomain = nil
        try expectRefused("hosted_ui_domain is required to sign in.")
    }

    @Test("Without a redirect URI there is no sign-in")
    func noRedirect() throws {
        scene.world.options.signInRedirectURIs = []
        try expectRefused("sign_in_redirect_uris are required to sign in.")
    }

    @Test("A blocking call cannot be told of a redirect to a scheme of the program's own")
    func programRedirect() throws {
        scene.world.options.signInRedirectURIs = ["myapp://signed-in"]
        scene.world.mailbox.hearsRedirects = false
        try expectRefused("sign_in_redirect_uris need one of this machine, except in operations.")
    }

    @Test(
        "Scopes are tokens of OAuth, and have openid among them",
        arguments: [
            [""], ["openid", "with space"], ["openid", "\u{1}"], ["openid", "\""], ["openid", "\\"], ["openid", "é"],
            ["openid", String(repeating: "a", count: 257)], Array(repeating: "openid", count: 51),
        ])
    func scopes(scopes: [String]) throws {
        scene.request.scopes = scopes
        try expectRefused("scopes must be at most 50, of 1 to 256 printable ASCII characters without spaces.")
    }

    @Test("Scopes without openid bring no ID token", arguments: [["email"], ["OpenID"], ["openid2", "profile"]])
    func noOpenID(scopes: [String]) throws {
        scene.request.scopes = scopes
        try expectRefused("scopes must have openid in them.")
    }

    @Test("Scopes of the configuration have to have it too")
    func configuredScopes() throws {
        scene.world.options.scopes = ["email"]
        try expectRefused("scopes must have openid in them.")
    }

    @Test("An identity provider is named in one way")
    func bothProviders() throws {
        scene.request.identityProvider = "Google"
        scene.request.idpIdentifier = "example.org"
        try expectRefused("idp_identifier cannot be set together with identity_provider.")
    }

    @Test(
        "Texts have 1 to 256 bytes and no control characters",
        arguments: ["identity_provider", "idp_identifier", "login_hint", "lang"])
    func texts(name: String) throws {
        for text in ["", "a\nb", "a\u{7F}", "\u{85}", "a\0", String(repeating: "a", count: 257)] {
            set(name, text)
            try expectRefused("\(name) must be 1 to 256 bytes without control characters.")
        }
        set(name, String(repeating: "a", count: 256))
        #expect(try scene.signIn().session.username == "alice")
    }

    private func set(_ name: String, _ text: String) {
        switch name {
        case "identity_provider": scene.request.identityProvider = text
        case "idp_identifier": scene.request.idpIdentifier = text
        case "login_hint": scene.request.loginHint = text
        default: scene.request.lang = text
        }
    }

    @Test("A prompt is one of the header's", arguments: [-1, 4, Int32.max] as [Int32])
    func prompt(number: Int32) throws {
        scene.request.prompt = number
        try expectRefused("prompt must be one of AUTH_SIGN_IN_PROMPT.")
    }
}
