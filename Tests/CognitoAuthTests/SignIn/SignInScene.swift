// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import SecretMemory
import Testing

@testable import CognitoAuth

/// A user who signs in through the browser, and a hosted UI by script. Where a test changes nothing, all goes well.
final class SignInScene {
    let world = FakeWorld()
    var request = Request()
    /// What the tokens say; a claim that is nil is left out.
    var idClaims: [String: Any?]
    var accessClaims: [String: Any?]
    /// The members of the token endpoint's answer.
    var answer: [String: Any?] = ["refresh_token": newRefreshToken, "token_type": "Bearer", "expires_in": 3600]
    /// What comes back of the hosted UI for the parameters of an authorize URL, as queries.
    var comesBack: ([String: String]) -> [String] = { ["code=\(code)&state=\($0["state"] ?? "")"] }
    /// And of its logout page.
    var comesBackFromLogout: () -> [String] = { [""] }
    /// How long the user takes for that, in milliseconds.
    var browserTime: Int64 = 0

    static let code = "the-code-of-this-sign-in"
    static let newRefreshToken = "a-new-refresh-token"
    static let redirectURI = "http://localhost:8912/signed-in"
    static let issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"

    /// What a program asks for.
    struct Request {
        var scopes: [String] = []
        var identityProvider: String?
        var idpIdentifier: String?
        var loginHint: String?
        var lang: String?
        var prompt: Int32 = 0
        var replacesSameUser = false
        var handsOut = true
        var browserTimeout: Int32 = 0
    }

    init() {
        let times: [String: Any?] = ["iss": Self.issuer, "iat": SampleToken.expiry - 3600, "exp": SampleToken.expiry]
        idClaims = times.merging([
            "sub": "sub-of-alice", "aud": FakeWorld.clientID, "token_use": "id", "cognito:username": "alice",
        ]) { $1 }
        accessClaims = times.merging([
            "sub": "sub-of-alice", "client_id": FakeWorld.clientID, "token_use": "access", "username": "alice",
        ]) { $1 }
        world.options.hostedUIDomain = "auth.example.com"
        world.options.signInRedirectURIs = [Self.redirectURI]
        world.options.appName = "Example Mail"
        world.browser.visits = { [unowned self] url in visit(url) }
    }

    private func visit(_ url: String) -> [String] {
        world.clock.monotonicMilliseconds += browserTime
        guard url.contains("/oauth2/authorize?") else { return comesBackFromLogout() }
        let parameters = URLQuery.parameters(of: url)
        world.transport.always("token", .ok(tokenAnswer(nonce: parameters["nonce"])))
        return comesBack(parameters)
    }

    // MARK: What comes

    var accessToken: String { Self.token(accessClaims) }

    func idToken(nonce: String?) -> String {
        let hash = SystemDigest().sha256(SecretBytes(accessToken)).prefix(16)
        let own: [String: Any?] = ["nonce": nonce, "at_hash": SampleToken.base64URL(Data(hash))]
        return Self.token(own.merging(idClaims) { $1 })
    }

    private func tokenAnswer(nonce: String?) -> String {
        let tokens: [String: Any?] = ["access_token": accessToken, "id_token": idToken(nonce: nonce)]
        return Self.json(tokens.merging(answer) { $1 })
    }

    private static func token(_ claims: [String: Any?]) -> String { SampleToken.token(json(claims)) }

    private static func json(_ members: [String: Any?]) -> String {
        let data = try? JSONSerialization.data(withJSONObject: members.compactMapValues { $0 }, options: .sortedKeys)
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    // MARK: The call

    func signIn(timeout: Int32 = 0) throws -> LoadedSession {
        let request = request
        let options = try CallOptions(
            timeout: timeout, allowPrompt: world.promptTimeout != nil, promptTimeout: Int32(world.promptTimeout ?? 0),
            browserTimeout: request.browserTimeout, Configuration.checked(world.options))
        return try world.run(options) { client, call in
            let options = try SignInOptions(
                scopes: request.scopes, identityProvider: request.identityProvider,
                idpIdentifier: request.idpIdentifier, loginHint: request.loginHint, lang: request.lang,
                prompt: request.prompt, replacesSameUser: request.replacesSameUser, handsOut: request.handsOut,
                client.configuration)
            return try client.signIn(options, call)
        }
    }

    /// How the sign-in failed.
    func failure(timeout: Int32 = 0, _ location: SourceLocation = #_sourceLocation) throws -> SessionFailure {
        try #require(throws: SessionFailure.self, sourceLocation: location) { try signIn(timeout: timeout) }
    }

    /// The sign-in failed like this, nothing came of it, and nothing of it is left.
    @discardableResult
    func expectFailure(
        _ status: Status, network: String = "", _ location: SourceLocation = #_sourceLocation
    ) throws -> AuthFailure {
        let before = world.store.sessions.map { $0?.text }
        let failure = try failure(location)
        #expect(failure.failure.status == status, sourceLocation: location)
        #expect(failure.unsaved == nil, sourceLocation: location)
        #expect(world.journal.network == network, sourceLocation: location)
        #expect(world.store.sessions.map { $0?.text } == before, sourceLocation: location)
        #expect(world.events.isEmpty, sourceLocation: location)
        expectNothingLeft(location)
        return failure.failure
    }

    /// No listener, no lock and no dialogue outlives the call.
    func expectNothingLeft(_ location: SourceLocation = #_sourceLocation) {
        #expect(!world.browser.listeners.contains { !$0.isClosed }, sourceLocation: location)
        #expect(world.mailbox.dialogue == nil, sourceLocation: location)
        #expect(!world.lock.isTaken && !world.lock.isSignInReserved, sourceLocation: location)
    }

    // MARK: What was seen

    /// The parameters of the URL that the browser was at last sent to for a sign-in.
    var asked: [String: String] {
        let urls = world.browser.opened + world.browser.shown
        return urls.last { $0.contains("/oauth2/authorize?") }.map { URLQuery.parameters(of: $0) } ?? [:]
    }

    var exchange: FakeTransport.Request? { world.transport.requests("token").last }

    /// The refresh tokens that were revoked.
    var revoked: [String] { world.transport.requests("RevokeToken").map { $0.body["Token"] ?? "" } }
}
