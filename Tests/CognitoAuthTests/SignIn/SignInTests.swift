// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row S1: signing in through the browser")
struct SignInTests {
    let scene = SignInScene()
    private var world: FakeWorld { scene.world }

    @Test("Row S1: the session is handed out, stored whole as one item, and announced")
    func session() throws {
        let loaded = try scene.signIn()
        let session = loaded.session
        #expect(session.username == "alice")
        #expect(session.accessToken.text == scene.accessToken)
        #expect(session.idToken?.text == scene.idToken(nonce: scene.asked["nonce"]))
        #expect(session.refreshToken?.text == SignInScene.newRefreshToken)
        #expect(session.signInMethod == .hostedUI)
        #expect(loaded.deviceKey == nil)
        #expect(world.store.items.count == 1)
        #expect(world.events == [.sessionSaved])
        #expect(world.journal.line == "look open take token look create release")
        #expect(world.browser.shown == ["You are signed in to Example Mail."])
        scene.expectNothingLeft()
    }

    @Test("Row S1: what was stored is what a load and a fetch find, which refreshes nothing")
    func fetch() throws {
        let session = try scene.signIn().session
        for loaded in [try world.load(), try world.fetch()] {
            #expect(loaded.session.accessToken.hasSameBytes(as: session.accessToken))
            #expect(loaded.session.username == "alice")
            #expect(loaded.session.signInMethod == .hostedUI)
        }
        #expect(world.journal.network == "token")
    }

    @Test("Row S1: by a clock that is hours ahead the tokens are not refreshed before their time")
    func clockAhead() throws {
        world.clock.unixSeconds += 7200
        _ = try scene.signIn()
        _ = try world.fetch()
        #expect(world.journal.network == "token")
        world.clock.unixSeconds += 3600
        world.transport.always("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed))
        _ = try world.fetch()
        #expect(world.journal.network == "token GetTokensFromRefreshToken")
    }

    @Test("Row S1: the key of a remembered device stays, and is handed out")
    func deviceKey() throws {
        world.store.devices = [FakeWorld.device("eu-west-1_key")]
        #expect(try scene.signIn().deviceKey?.text == "eu-west-1_key")
        #expect(world.store.devices.count == 1)
    }

    @Test("The browser is opened with all that the hosted UI needs, and nothing else")
    func authorizeURL() throws {
        _ = try scene.signIn()
        let url = try #require(world.browser.opened.first)
        #expect(world.browser.opened.count == 1)
        #expect(url.hasPrefix("https://auth.example.com/oauth2/authorize?"))
        #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        var asked = scene.asked
        let secrets = ["state", "nonce", "code_challenge"].compactMap { asked.removeValue(forKey: $0) }
        #expect(secrets.map(\.count) == [22, 22, 43])
        #expect(Set(secrets).count == 3)
        #expect(
            asked == [
                "response_type": "code", "client_id": FakeWorld.clientID, "redirect_uri": SignInScene.redirectURI,
                "scope": "openid aws.cognito.signin.user.admin", "code_challenge_method": "S256",
            ])
    }

    @Test("Whatever the program asks for is sent as it is, encoded")
    func parameters() throws {
        scene.request.scopes = ["openid", "https://example.com/read+write"]
        scene.request.identityProvider = "Käse & Brot=100% #1"
        scene.request.loginHint = "a+b@example.com"
        scene.request.lang = "de"
        scene.request.prompt = SignInOptions.Prompt.selectAccount.rawValue
        _ = try scene.signIn()
        #expect(scene.asked["scope"] == "openid https://example.com/read+write")
        #expect(scene.asked["identity_provider"] == "Käse & Brot=100% #1")
        #expect(scene.asked["login_hint"] == "a+b@example.com")
        #expect(scene.asked["lang"] == "de")
        #expect(scene.asked["prompt"] == "select_account")
        #expect(scene.asked["idp_identifier"] == nil)
        let url = try #require(world.browser.opened.first)
        #expect(url.contains("scope=openid%20https%3A%2F%2Fexample.com%2Fread%2Bwrite&"))
    }

    @Test(
        "A prompt is asked for as the hosted UI calls it",
        arguments: [(0, nil), (1, "login"), (2, "select_account"), (3, "none")] as [(Int32, String?)])
    func prompts(number: Int32, parameter: String?) throws {
        scene.request.prompt = number
        _ = try scene.signIn()
        #expect(scene.asked["prompt"] == parameter)
    }

    @Test("An identifier of an identity provider is sent as such")
    func idpIdentifier() throws {
        scene.request.idpIdentifier = "example.org"
        _ = try scene.signIn()
        #expect(scene.asked["idp_identifier"] == "example.org")
        #expect(scene.asked["identity_provider"] == nil)
    }

    @Test("Scopes are the program's, or the configuration's, or the default")
    func scopes() throws {
        world.options.scopes = ["openid", "email"]
        _ = try scene.signIn()
        #expect(scene.asked["scope"] == "openid email")
        let second = SignInScene()
        second.world.options.scopes = ["openid", "email"]
        second.request.scopes = ["phone", "openid"]
        _ = try second.signIn()
        #expect(second.asked["scope"] == "phone openid")
    }

    @Test("Where the scope is missing that GlobalSignOut needs, the log says so, and only there")
    func missingScope() throws {
        _ = try scene.signIn()
        #expect(world.lines.allSatisfy { $0.level != .warning })
        let second = SignInScene()
        second.request.scopes = ["openid"]
        _ = try second.signIn()
        let warnings = second.world.lines.filter { $0.level == .warning }
        #expect(warnings.map(\.text).joined().contains("aws.cognito.signin.user.admin"))
    }

    @Test("The code is exchanged once, with what the authorize URL promised")
    func exchange() throws {
        _ = try scene.signIn()
        let request = try #require(scene.exchange)
        #expect(request.url == "https://auth.example.com/oauth2/token")
        #expect(
            request.headers == ["Content-Type": "application/x-www-form-urlencoded", "Cache-Control": "no-store"])
        #expect(request.authorization == nil)
        #expect(!request.isRepeatable)
        #expect(request.patience == 2000)
        var body = request.body
        let verifier = body.removeValue(forKey: "code_verifier") ?? ""
        #expect(
            body == [
                "grant_type": "authorization_code", "client_id": FakeWorld.clientID, "code": SignInScene.code,
                "redirect_uri": SignInScene.redirectURI,
            ])
        #expect(verifier.count == 43)
        let secrets = SignInSecrets(
            verifier: SecretBytes(verifier), state: SecretBytes(), nonce: SecretBytes())
        #expect(scene.asked["code_challenge"] == secrets.challenge(world.digest).text)
    }

    @Test("The challenge is that of RFC 7636, appendix B")
    func challenge() {
        let secrets = SignInSecrets(
            verifier: SecretBytes("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), state: SecretBytes(),
            nonce: SecretBytes())
        #expect(secrets.challenge(world.digest).text == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test(
        "An app client with a secret logs in with HTTP Basic, and its secret stands nowhere else",
        arguments: ["secret+of_the_client_1234", "secret+of_the_client_12345", "secret+of_the_client_123456"])
    func clientSecret(secret: String) throws {
        world.options.clientSecret = SecretBytes(secret)
        _ = try scene.signIn()
        let request = try #require(scene.exchange)
        let login = Data("\(FakeWorld.clientID):\(secret)".utf8).base64EncodedString()
        #expect(request.authorization == "Authorization: Basic \(login)")
        #expect(!request.body.values.contains { $0.contains(secret) })
        #expect(!request.headers.values.contains { $0.contains(secret) })
        #expect(!world.browser.opened.contains { $0.contains("secret") })
    }

    @Test("No two sign-ins have anything in common that could be guessed")
    func unlike() throws {
        _ = try scene.signIn()
        let first = scene.asked
        let verifier = scene.exchange?.body["code_verifier"]
        world.store.sessions = []
        _ = try scene.signIn()
        for name in ["state", "nonce", "code_challenge"] { #expect(scene.asked[name] != first[name]) }
        #expect(scene.exchange?.body["code_verifier"] != verifier)
    }

    @Test("A hosted UI on this machine is spoken to in plain http")
    func loopback() throws {
        world.options.hostedUIDomain = "http://localhost:9229"
        _ = try scene.signIn()
        #expect(world.browser.opened.first?.hasPrefix("http://localhost:9229/oauth2/authorize?") == true)
        #expect(scene.exchange?.url == "http://localhost:9229/oauth2/token")
    }

    @Test("Tokens of either issuer that Cognito has are taken", arguments: ["cognito-idp", "issuer-cognito-idp"])
    func issuers(host: String) throws {
        let issuer = "https://\(host).eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
        scene.idClaims["iss"] = issuer
        scene.accessClaims["iss"] = issuer
        #expect(try scene.signIn().session.username == "alice")
    }

    @Test("A user of an identity provider has the name that the access token tells")
    func federated() throws {
        scene.accessClaims["username"] = "google_1234567890"
        scene.idClaims["cognito:username"] = nil
        #expect(try scene.signIn().session.username == "google_1234567890")
    }

    @Test("The user's time in the browser is not the call's")
    func time() throws {
        scene.browserTime = 200_000
        _ = try scene.signIn()
        let request = try #require(scene.exchange)
        #expect(request.deadline == 1_000_000 + 200_000 + 25_000)
        let creation = try #require(world.store.limits.last { $0.step == "create" })
        #expect(creation.limit.deadline == 1_000_000 + 200_000 + 27_500)
    }

    @Test("A redirect URI of the program's own takes the same way, and no port")
    func programRedirect() throws {
        world.options.signInRedirectURIs = ["myapp://signed-in"]
        scene.comesBack = { [world] in
            world.mailbox.reports = ["myapp://signed-in?code=\(SignInScene.code)&state=\($0["state"] ?? "")"]
            return []
        }
        #expect(try scene.signIn().session.username == "alice")
        #expect(scene.exchange?.body["redirect_uri"] == "myapp://signed-in")
        #expect(world.browser.listeners.isEmpty)
        scene.expectNothingLeft()
    }

    @Test("A program that starts browsers itself is asked to, and no other is started")
    func opensURLs() throws {
        world.mailbox.opensURLs = true
        world.mailbox.whenAsked = { [world] question in
            if case .openURL(let url) = question { world.browser.isShown(url) }
        }
        _ = try scene.signIn()
        #expect(world.journal.line == "look take token look create release")
    }
}
