// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row S9: tokens that are not those of this sign-in")
struct TokenChecksTests {
    let scene = SignInScene()

    /// Nothing is stored, and what came is revoked.
    private func expectRefused(
        _ problem: String, revoked: [String] = [SignInScene.newRefreshToken],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let failure = try scene.expectFailure(
            .invalidResponse, network: revoked.isEmpty ? "token" : "token RevokeToken", location)
        #expect(
            failure.message
                == "The answer is not one that Cognito sends. (the tokens are not those of this sign-in: \(problem))",
            sourceLocation: location)
        #expect(scene.revoked == revoked, sourceLocation: location)
        #expect(
            scene.world.browser.shown == ["Signing in to Example Mail did not work."], sourceLocation: location)
    }

    @Test(
        "Row S9: a claim of the ID token that is another's, or is not there",
        arguments: [
            ("nonce", "another"), ("nonce", ""), ("aud", "another"), ("aud", nil), ("token_use", "access"),
            ("token_use", nil), ("sub", "sub-of-bob"), ("sub", nil), ("iss", "https://example.com/eu-west-1_Other"),
            ("iss", "https://example.com/xeu-west-1_AbCdEfGhI"), ("iss", "eu-west-1_AbCdEfGhI"), ("iss", nil),
            ("at_hash", "another"), ("at_hash", ""),
        ] as [(String, String?)])
    func idToken(claim: String, value: String?) throws {
        scene.idClaims[claim] = value as Any?
        try expectRefused(claim)
    }

    @Test("Row S9: an ID token without a nonce is nobody's")
    func noNonce() throws {
        scene.idClaims["nonce"] = 7
        try expectRefused("nonce")
    }

    @Test(
        "Row S9: a claim of the access token that is another's, or is not there",
        arguments: [
            ("client_id", "another"), ("client_id", nil), ("token_use", "id"), ("token_use", nil),
            ("sub", "sub-of-bob"), ("sub", nil), ("iss", "https://example.com/eu-west-1_Other"), ("iss", nil),
            ("username", nil), ("username", ""), ("username", "a\nb"), ("username", String(repeating: "a", count: 257)),
        ] as [(String, String?)])
    func accessToken(claim: String, value: String?) throws {
        scene.accessClaims[claim] = value as Any?
        try expectRefused(claim)
    }

    @Test("Row S9: a token that ends before it begins, or does not say when", arguments: [false, true])
    func times(isAccess: Bool) throws {
        for (claim, value) in [("exp", 1 as Int64?), ("exp", nil), ("iat", nil), ("iat", SampleToken.expiry)] {
            let scene = SignInScene()
            if isAccess { scene.accessClaims[claim] = value as Any? } else { scene.idClaims[claim] = value as Any? }
            let failure = try scene.expectFailure(.invalidResponse, network: "token RevokeToken")
            #expect(failure.message.hasSuffix(": exp)"))
        }
    }

    @Test("This machine's clock is not asked: tokens of another time are as good", arguments: [-1, 1] as [Int64])
    func clock(direction: Int64) throws {
        scene.world.clock.unixSeconds += direction * 86_400 * 365
        #expect(try scene.signIn().session.username == "alice")
    }

    @Test("Without a refresh token nothing is stored, and there is nothing to revoke")
    func noRefreshToken() throws {
        scene.answer["refresh_token"] = nil as Any?
        try expectRefused("a token is missing, or cannot be read", revoked: [])
    }

    @Test("Row S9: without an ID token, or with one that cannot be read", arguments: [nil, "no-token", "a.b.c"])
    func noIDToken(token: String?) throws {
        scene.answer["id_token"] = token as Any?
        try expectRefused("a token is missing, or cannot be read")
    }

    @Test("Row S9: an access token that cannot be read")
    func closedAccessToken() throws {
        scene.answer["access_token"] = "closed"
        try expectRefused("a token is missing, or cannot be read")
    }

    @Test(
        "Row S9: an answer without an access token, or with a token that has other characters, has none",
        arguments: [("access_token", nil), ("access_token", "a b"), ("id_token", "a b"), ("access_token", "")]
            as [(String, String?)])
    func noAccessToken(name: String, token: String?) throws {
        scene.answer[name] = token as Any?
        let failure = try scene.expectFailure(.invalidResponse, network: "token RevokeToken")
        #expect(failure.message == "The answer is not one that Cognito sends. (no tokens in the answer)")
    }

    @Test("An ID token need not have the access token's hash")
    func noHash() throws {
        scene.idClaims["at_hash"] = nil as Any?
        #expect(try scene.signIn().session.username == "alice")
    }

    @Test("What the hash is, is what OpenID Connect Core 1.0 has in its appendix A.3")
    func hash() {
        let token = SecretBytes("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")
        #expect(TokenChecks.hash(of: token, scene.world.digest).text == "77QmUPtjPfzWtF2AnpK9RQ")
    }

    @Test("Row S9: what cannot be revoked is told with its token")
    func notRevoked() throws {
        scene.idClaims["nonce"] = "another"
        scene.world.transport.script("RevokeToken", .exception("ForbiddenException"))
        let failure = try scene.expectFailure(.invalidResponse, network: "token RevokeToken")
        #expect(failure.message.contains("A refresh token that no keyring holds may still be good."))
        #expect(failure.token?.text == SignInScene.newRefreshToken)
    }
}
