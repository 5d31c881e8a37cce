// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("What a sign-in tells nobody")
struct SignInSecrecyTests {
    let scene = SignInScene()
    private var world: FakeWorld { scene.world }

    /// What may stand in a request of ours and nowhere else, by its name.
    private var secrets: [(name: String, text: String)] {
        var secrets = [("code", SignInScene.code), ("refresh token", SignInScene.newRefreshToken)]
        secrets.append(("access token", scene.accessToken))
        for name in ["state", "nonce"] { secrets.append((name, scene.asked[name] ?? "missing")) }
        if let verifier = scene.exchange?.body["code_verifier"] { secrets.append(("verifier", verifier)) }
        return secrets
    }

    /// Neither log nor pages nor the error tell any of them.
    private func expectUntold(_ failure: AuthFailure? = nil, _ location: SourceLocation = #_sourceLocation) {
        var told = world.lines.map(\.text) + [failure?.message ?? "", failure?.suggestion ?? ""]
        told.append(failure?.serviceException ?? "")
        for page in world.browser.pages { told += [page.heading, page.text] }
        for (name, secret) in secrets {
            #expect(!told.contains { $0.contains(secret) }, "\(name)", sourceLocation: location)
        }
        let inURL = ["state", "nonce"]
        for url in world.browser.opened {
            for (name, secret) in secrets where !inURL.contains(name) {
                #expect(!url.contains(secret), "\(name)", sourceLocation: location)
            }
        }
        for line in world.lines { #expect(!line.text.contains("http"), sourceLocation: location) }
    }

    @Test("Nothing is told where all goes well")
    func success() throws {
        _ = try scene.signIn()
        #expect(secrets.count == 6)
        #expect(world.lines.count >= 6)
        expectUntold()
    }

    @Test("Nor where the token endpoint echoes what it got")
    func echo() throws {
        scene.comesBack = { [world] in
            let (state, nonce) = ($0["state"] ?? "", $0["nonce"] ?? "")
            world.transport.onRequest = { _ in
                let verifier = world.transport.requests.last?.body["code_verifier"] ?? ""
                let echo = [SignInScene.code, state, nonce, verifier].joined(separator: " ")
                world.transport.script(
                    "token", .http(400, #"{"error":"invalid_grant","error_description":"\#(echo)"}"#))
            }
            return ["code=\(SignInScene.code)&state=\(state)"]
        }
        let failure = try scene.expectFailure(.serviceError, network: "token")
        #expect(failure.message.contains("[redacted] [redacted] [redacted] [redacted]"))
        #expect(secrets.count == 6)
        expectUntold(failure)
    }

    @Test("Nor where the browser's return does", arguments: [false, true])
    func echoInReturn(hasState: Bool) throws {
        scene.comesBack = {
            let (state, nonce) = ($0["state"] ?? "", $0["nonce"] ?? "")
            return ["error=server_error&error_description=\(state)+\(nonce)\(hasState ? "&state=\(state)" : "")"]
        }
        let failure = try scene.expectFailure(.browserRedirectError)
        #expect(failure.message.contains("[redacted] [redacted]"))
        expectUntold(failure)
    }

    @Test("Nor where a foreign arrival brings a page's own words")
    func foreign() throws {
        scene.comesBack = { ["code=<script>&state=evil", "code=\(SignInScene.code)&state=\($0["state"] ?? "")"] }
        _ = try scene.signIn()
        expectUntold()
        #expect(!world.browser.pages.contains { $0.heading.contains("script") || $0.text.contains("script") })
    }

    @Test("Nor where revoking fails, and the server echoes the token")
    func revocation() throws {
        scene.idClaims["nonce"] = "another"
        world.transport.script("RevokeToken", .exception("ForbiddenException", "Not \(SignInScene.newRefreshToken)"))
        let failure = try scene.expectFailure(.invalidResponse, network: "token RevokeToken")
        expectUntold(failure)
    }

    @Test(
        "Every failure after the browser came back is told on its page, in our words alone",
        arguments: [Status.keyringLocked, .keyringFailed])
    func page(status: Status) throws {
        world.store.storeFailure = AuthFailure(status, detail: "what the keyring says")
        _ = try scene.failure()
        let page = try #require(world.browser.pages.last)
        #expect(page.heading == "Signing in to Example Mail did not work.")
        #expect(page.text == "\(status.message) Return to Example Mail.")
    }
}
