// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Rows S7, S8: what becomes of the code")
struct ExchangeTests {
    let scene = SignInScene()
    private var world: FakeWorld { scene.world }
    private var answers: FakeTransport { world.transport }

    // MARK: Refused

    @Test(
        "Row S7: what the token endpoint refuses is an answer of the service with the code of OAuth",
        arguments: [
            (400, "invalid_grant"), (400, "invalid_request"), (401, "invalid_client"), (400, "unauthorized_client"),
            (400, "unsupported_grant_type"), (429, "slow_down"), (403, "access_denied"),
        ])
    func refused(httpStatus: Int, error: String) throws {
        answers.script("token", .http(httpStatus, #"{"error":"\#(error)","error_description":"It is used."}"#))
        let failure = try scene.expectFailure(.serviceError, network: "token")
        #expect(failure.serviceException == error)
        #expect(failure.message == "Cognito did not exchange the code for tokens: \(error): It is used.")
        #expect(failure.suggestion.hasPrefix("Sign in again; if it fails again, check the client secret"))
        #expect(world.browser.shown == ["Signing in to Example Mail did not work."])
    }

    @Test("A description is not needed, and one that is no text says nothing")
    func noDescription() throws {
        answers.script("token", .http(400, #"{"error":"invalid_grant","error_description":7}"#))
        let failure = try scene.expectFailure(.serviceError, network: "token")
        #expect(failure.message == "Cognito did not exchange the code for tokens: invalid_grant")
    }

    @Test(
        "What is no answer of the token endpoint is told as such, and may have begun a session where it may have",
        arguments: [
            (FakeTransport.Answer.http(400, "<html>"), false), (.http(404, ""), false), (.http(400, "{}"), false),
            (.http(400, #"{"error":{"a":1}}"#), false), (.http(400, #"{"error":"<b>No</b>"}"#), false),
            (.http(302, ""), false), (.http(500, #"{"error":"server_error"}"#), false), (.http(502, "Bad"), true),
            (.http(200, ""), true), (.http(200, "null"), true), (.http(200, "[]"), true), (.http(204, ""), true),
        ])
    func nonsense(answer: FakeTransport.Answer, mayBeDone: Bool) throws {
        answers.script("token", answer)
        let failure = try scene.expectFailure(.invalidResponse, network: "token")
        #expect(failure.message.contains("A session may exist at Cognito") == mayBeDone)
    }

    @Test("An exception of the API's kind is told as everywhere")
    func exception() throws {
        answers.script("token", .exception("TooManyRequestsException"))
        let failure = try scene.expectFailure(.tooManyRequests, network: "token")
        #expect(failure.serviceException == "TooManyRequestsException")
    }

    // MARK: Not answered

    @Test(
        "Row S8: an exchange that was sent and not answered is not repeated, and its text says what may be and what to do",
        arguments: [Status.connectionLost, .networkTimedOut, .networkFailed])
    func lost(status: Status) throws {
        answers.script("token", .lost(status))
        let failure = try scene.expectFailure(status, network: "token")
        #expect(failure.message.hasPrefix("Could not exchange the code for tokens. "))
        #expect(
            failure.message.hasSuffix(" A session may exist at Cognito; signing in again makes another one."))
        #expect(failure.suggestion == "Check the network connection, then sign in again.")
    }

    @Test("Row S8: an answer that does not come is waited for as long as the call has for the network")
    func stalled() throws {
        answers.script("token", .stall(.networkTimedOut, wasSent: true))
        try scene.expectFailure(.networkTimedOut, network: "token")
        #expect(world.clock.monotonicMilliseconds == 1_025_000)
    }

    @Test("An exchange that was not sent is tried again, and then nothing may have begun")
    func unsent() throws {
        answers.script("token", .unreachable(), .unreachable(.hostNotFound))
        #expect(try scene.signIn().session.username == "alice")
        #expect(world.journal.network == "token token token")
        let other = SignInScene()
        other.world.transport.script("token", .unreachable(), .unreachable(), .unreachable())
        let failure = try other.expectFailure(.connectionFailed, network: "token token token")
        #expect(!failure.message.contains("A session may exist"))
    }

    @Test("An exchange that was sent at last is not repeated")
    func sentAtLast() throws {
        answers.script("token", .unreachable(), .lost())
        try scene.expectFailure(.connectionLost, network: "token token")
    }

    @Test("Without a secure connection nothing is sent")
    func noTLS() throws {
        answers.script("token", .unreachable(.tlsFailed))
        try scene.expectFailure(.tlsFailed, network: "token")
    }

    // MARK: Cancelled

    @Test("Row S12: an exchange that is cancelled is waited for, and what it brings is revoked")
    func cancelled() throws {
        world.cancel(.in("token 1"))
        try scene.expectFailure(.cancelled, network: "token RevokeToken")
        #expect(scene.revoked == [SignInScene.newRefreshToken])
        #expect(world.journal.keyring == "look")
    }

    @Test("Row S12: where its answer does not come within 2 s, a session may exist")
    func cancelledWithoutAnswer() throws {
        world.cancel(.in("token 1"))
        answers.script("token", .stall(.networkTimedOut, wasSent: true))
        let failure = try scene.expectFailure(.cancelled, network: "token")
        #expect(world.clock.monotonicMilliseconds == 1_002_000)
        #expect(failure.message.contains("A session may exist at Cognito"))
    }

    @Test("Row S12: a sign-in that is cancelled before the exchange sends nothing")
    func cancelledBefore() throws {
        scene.comesBack = { [world] in
            world.cancellation.isCancelled = true
            return ["code=\(SignInScene.code)&state=\($0["state"] ?? "")"]
        }
        try scene.expectFailure(.cancelled)
    }

    @Test("What a cancelled sign-in could not revoke is told with its token")
    func cancelledAndNotRevoked() throws {
        world.cancel(.after("token 1"))
        answers.script("RevokeToken", .exception("ForbiddenException"))
        let failure = try scene.expectFailure(.cancelled, network: "token RevokeToken")
        #expect(failure.message.contains("A refresh token that no keyring holds may still be good."))
        #expect(failure.token?.text == SignInScene.newRefreshToken)
    }
}
