// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row 24: damaged sessions, and more than one")
struct DamagedSessionTests {
    let world = FakeWorld()

    @Test(
        "A session of which nothing can be read is deleted, and the result is partial",
        arguments: [nil, "", "{", "[]", "null", "{}", #"{"version":1}"#, "\u{0}"])
    func unreadable(secret: String?) throws {
        world.store.sessions = [secret.map { SecretBytes($0) }]
        let report = try world.signOut()
        let expected = ReportSummary(.partial, invalidSessionError: .invalidSession, tokensValidUntil: 0)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.store.sessions.isEmpty)
    }

    @Test(
        "What is left of a damaged session is revoked",
        arguments: [
            #"{"version":1,"username":"alice","refresh_token":"left","sign_in_method":"api"}"#,
            #"{"version":2,"username":"alice","access_token":"a","refresh_token":"left","sign_in_method":"api"}"#,
            #"{"version":1,"access_token":"a","refresh_token":"left","sign_in_method":"api"}"#,
            #"{"version":1,"username":"alice","access_token":"a b","refresh_token":"left","sign_in_method":"api"}"#,
            #"{"version":1,"username":"a","access_token":"a","id_token":7,"refresh_token":"left","sign_in_method":"api"}"#,
            #"{"version":1,"username":"alice","access_token":"a","refresh_token":"left","sign_in_method":"telepathy"}"#,
        ])
    func revokedAllTheSame(secret: String) throws {
        world.store.sessions = [SecretBytes(secret)]
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .done, invalidSessionError: .invalidSession, tokensValidUntil: 0)
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests.map { $0.body["Token"] } == ["left"])
        #expect(world.store.sessions.isEmpty)
    }

    @Test(
        "Row 23: what is damaged and was not deleted is known again by a retry, with an identity and without",
        arguments: [nil, "{}", #"{"refresh_token":"left"}"#], [true, false])
    func retried(secret: String?, hasIdentity: Bool) throws {
        world.store.sessions = [secret.map { SecretBytes($0) }]
        if !hasIdentity { world.store.removeIdentities() }
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, revocation: secret?.contains("left") == true ? .done : .notRequested,
            failure: .keyringFailed, invalidSessionError: .invalidSession, tokensValidUntil: 0,
            openSteps: StepsLeft(deletions: 1))
        #expect(try world.summary(report) == expected)
        world.store.deleteFailure = nil
        let retried = try world.retry(try #require(report.partialFailureToken))
        #expect(retried.outcome == .complete)
        #expect(retried.signedOutLocally == .yes)
        #expect(world.store.sessions.isEmpty)
    }

    @Test(
        "Row 23b: what is damaged and has no identity is another session once it changed, and stays",
        arguments: [nil, "{}"])
    func changed(secret: String?) throws {
        world.store.sessions = [secret.map { SecretBytes($0) }]
        world.store.removeIdentities()
        world.journal.whenBegun["reread 1"] = { [store = world.store] in
            store.replaceSession(with: FakeWorld.item(refresh: "another"), as: nil)
        }
        #expect(try world.signOut().failure?.status == .sessionChanged)
        #expect(world.transport.requests.isEmpty)
        #expect(world.storedSessions == [FakeWorld.item(refresh: "another")?.text])
    }

    @Test("A refresh token with bytes that no token has is not sent")
    func badRefreshToken() throws {
        world.store.sessions = [
            SecretBytes(
                #"{"version":1,"username":"alice","access_token":"a","refresh_token":"a\nb","sign_in_method":"api"}"#)
        ]
        let report = try world.signOut()
        #expect(report.outcome == .partial)
        #expect(report.invalidSessionFailure?.status == .invalidSession)
        #expect(world.transport.requests.isEmpty)
    }

    @Test("A global sign-out of a session without an access token renews it with the refresh token that is left")
    func globalWithoutAccessToken() throws {
        world.store.sessions = [SecretBytes(#"{"refresh_token":"left"}"#)]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: SampleToken.access()))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .done, revocation: .done, invalidSessionError: .invalidSession)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GetTokensFromRefreshToken GlobalSignOut RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test(
        "What a damaged session's refresh token brought is in no keyring: a sign-out that is cancelled then hands it out"
    )
    func rotatedAndCancelled() throws {
        world.store.sessions = [SecretBytes(#"{"refresh_token":"left"}"#)]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: SampleToken.access(), refresh: "rotated"))
        world.cancel(.after("GetTokensFromRefreshToken 1"))
        let report = try world.signOut(globally: true)
        #expect(report.failure?.status == .cancelled)
        #expect(
            try world.summary(report).openSteps
                == StepsLeft(globalSignOut: SampleToken.access(), revoke: ["rotated"]))
        #expect(world.storedSessions == [#"{"refresh_token":"left"}"#])
    }

    @Test("A global sign-out of a session without any token says that it could not be sent")
    func globalWithoutTokens() throws {
        world.store.sessions = [SecretBytes("{}")]
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .notAttempted, globalSignOutError: .invalidSession,
            invalidSessionError: .invalidSession, tokensValidUntil: 0)
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests.isEmpty)
    }

    @Test("Row 13b: a global sign-out that is still open stays open in the token, also where no access token was left")
    func globalStaysOpenWithoutAccessToken() throws {
        world.store.sessions = [SecretBytes(#"{"refresh_token":"left"}"#)]
        world.transport.goOffline()
        let report = try world.signOut(globally: true)
        #expect(report.outcome == .partial)
        #expect(report.globalSignOutFailure?.status == .hostNotFound)
        #expect(report.revocation == .notAttempted)
        let token = try #require(report.partialFailureToken)

        let later = FakeWorld()
        later.transport.script("GetTokensFromRefreshToken", .tokens(access: SampleToken.access()))
        let retried = try later.retry(token)
        #expect(retried.globalSignOut == .done)
        #expect(
            later.transport.requests.map(\.operation) == ["GetTokensFromRefreshToken", "GlobalSignOut", "RevokeToken"])
    }

    @Test("Of several items the newest is signed out, and all refresh tokens are revoked, each once")
    func several() throws {
        let older = SampleToken.access(exp: 1_516_239_999)
        world.store.sessions = [
            FakeWorld.item(access: older, refresh: "older", savedAt: 1), FakeWorld.item(savedAt: 3),
            FakeWorld.item(access: older, refresh: "older", savedAt: 2),
        ]
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .complete, globalSignOut: .done, revocation: .done, tokensValidUntil: 1_516_239_999)
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests("GlobalSignOut").map { $0.body["AccessToken"] } == [SampleToken.access()])
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == [SampleToken.refresh, "older"])
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Where the newest of several items is damaged, the next one is signed out globally")
    func newestDamaged() throws {
        world.store.sessions = [SecretBytes(#"{"refresh_token":"left"}"#), FakeWorld.item()]
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .done, revocation: .done, invalidSessionError: .invalidSession)
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests.map(\.operation) == ["GlobalSignOut", "RevokeToken", "RevokeToken"])
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == [SampleToken.refresh, "left"])
    }

    @Test("Of several refresh tokens those that could not be revoked stay open")
    func severalPartly() throws {
        world.store.sessions = [FakeWorld.item(), FakeWorld.item(refresh: "second"), FakeWorld.item(refresh: "third")]
        world.transport.script(
            "RevokeToken", .exception("ForbiddenException"), .ok(), .exception("UnauthorizedException"))
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .failed, revocationError: .forbidden,
            openSteps: StepsLeft(revoke: [SampleToken.refresh, "third"]))
        #expect(try world.summary(report) == expected)
        #expect(report.revocationFailure?.token?.text == SampleToken.refresh)
    }

    @Test("Of several refresh tokens all stay open where GlobalSignOut does")
    func severalHeldBack() throws {
        world.store.sessions = [FakeWorld.item(), FakeWorld.item(refresh: "second")]
        world.transport.goOffline()
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .failed, revocation: .notAttempted, globalSignOutError: .hostNotFound,
            revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh, "second"]))
        #expect(try world.summary(report) == expected)
    }

    @Test("Where the newest user does not exist any more, the refresh token of another user's item is revoked still")
    func otherUserStillRevoked() throws {
        world.store.sessions = [
            FakeWorld.item(),
            FakeWorld.item(
                access: SampleToken.access(sub: "sub-of-bob", username: "bob"), refresh: "of-bob", username: "bob"),
        ]
        world.transport.script("GlobalSignOut", .exception("UserNotFoundException"))
        _ = try world.signOut(globally: true)
        #expect(world.transport.requests("RevokeToken").contains { $0.body["Token"] == "of-bob" })
    }
}
