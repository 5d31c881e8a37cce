// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A GlobalSignOut that Cognito refuses")
struct RefusedGlobalSignOutTests {
    static let renewed = SampleToken.access(exp: 1_516_242_000)
    static let invalid = FakeTransport.Answer.exception("NotAuthorizedException", "Invalid Access Token")
    static let refused = FakeTransport.Answer.exception(
        "PasswordResetRequiredException", "Password reset required for the user")

    private func summary(
        _ outcome: SignOutReport.Outcome, _ global: SignOutReport.Remote, _ revocation: SignOutReport.Remote,
        error: Status? = nil, revocationError: Status? = nil, validUntil: Int64 = 1_516_242_000,
        wasSignedIn: SignOutReport.Answer = .yes, open: StepsLeft? = nil
    ) -> ReportSummary {
        ReportSummary(
            outcome, wasSignedIn: wasSignedIn, globalSignOut: global, revocation: revocation,
            globalSignOutError: error, revocationError: revocationError, tokensValidUntil: validUntil,
            openSteps: open)
    }

    /// A world in which the tokens can be refreshed, and the pool rotates.
    private func world(access: String = SampleToken.access(), id: String? = nil) -> FakeWorld {
        let world = FakeWorld.signedIn(access: access, id: id)
        world.transport.always("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        return world
    }

    // MARK: Row 5e

    @Test("Row 5e: an access token that Cognito calls invalid is refreshed once, and GlobalSignOut sent once more")
    func invalidToken() throws {
        let world = world()
        world.transport.script("GlobalSignOut", Self.invalid)
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == summary(.complete, .done, .done))
        #expect(
            world.journal.network == "GlobalSignOut GetTokensFromRefreshToken GlobalSignOut RevokeToken")
        #expect(world.transport.requests("GlobalSignOut").last?.body["AccessToken"] == Self.renewed)
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated"])
    }

    @Test("Row 5e: where it is called invalid again, both steps stay open, as in row 5")
    func invalidTwice() throws {
        let world = world()
        world.transport.always("GlobalSignOut", Self.invalid)
        let report = try world.signOut(globally: true)
        let expected = summary(
            .partial, .failed, .notAttempted, error: .notAuthorized, revocationError: .notAttempted,
            open: StepsLeft(globalSignOut: Self.renewed, revoke: ["rotated"]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut GetTokensFromRefreshToken GlobalSignOut")
    }

    @Test(
        "Row 5e: tokens that contradict themselves are refreshed before GlobalSignOut is sent",
        arguments: [
            SampleToken.id(), SampleToken.token(#"{"exp":1516239022,"token_use":"id"}"#),
            SampleToken.token(#"{"exp":1516239022,"token_use":"access","client_id":"another"}"#),
        ])
    func contradicting(access: String) throws {
        let world = world(access: access, id: SampleToken.access())
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == summary(.complete, .done, .done))
        #expect(world.journal.network == "GetTokensFromRefreshToken GlobalSignOut RevokeToken")
        #expect(world.transport.requests("GlobalSignOut").map { $0.body["AccessToken"] } == [Self.renewed])
    }

    @Test(
        "What a token does not say, or says of this app client, contradicts nothing",
        arguments: [
            SampleToken.token(#"{"exp":1516239022}"#),
            SampleToken.token(#"{"exp":1516239022,"token_use":7,"client_id":null}"#),
            SampleToken.token(#"{"exp":1516239022,"token_use":"access","client_id":"client1example"}"#),
        ])
    func notContradicting(access: String) throws {
        let world = world(access: access)
        _ = try world.signOut(globally: true)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
    }

    @Test("Row 5e: tokens are refreshed once in a call, also where what comes back is called invalid")
    func refreshedOnce() throws {
        for access in [SampleToken.access(exp: 1), SampleToken.id()] {
            let world = world(access: access)
            world.transport.always("GlobalSignOut", Self.invalid)
            let report = try world.signOut(globally: true)
            #expect(report.globalSignOut == .failed)
            #expect(report.revocation == .notAttempted)
            #expect(world.journal.network == "GetTokensFromRefreshToken GlobalSignOut")
        }
    }

    @Test("Row 5e: a refresh that is refused then is row 13, and one that may work later is row 13b")
    func refreshFails() throws {
        for (answer, global, revocation, network) in [
            (
                FakeTransport.Answer.exception("NotAuthorizedException"), SignOutReport.Remote.failed,
                SignOutReport.Remote.done, "GlobalSignOut GetTokensFromRefreshToken RevokeToken"
            ),
            (
                .exception("TooManyRequestsException"), .failed, .notAttempted,
                "GlobalSignOut GetTokensFromRefreshToken"
            ),
        ] {
            let world = FakeWorld.signedIn()
            world.transport.script("GlobalSignOut", Self.invalid)
            world.transport.script("GetTokensFromRefreshToken", answer)
            let report = try world.signOut(globally: true)
            #expect(report.globalSignOut == global)
            #expect(report.revocation == revocation)
            #expect((report.partialFailureToken == nil) == (revocation == .done))
            #expect(world.journal.network == network)
        }
    }

    @Test("Row 5e: without a refresh token an invalid access token leaves GlobalSignOut open, and a retry gives it up")
    func nothingToRefreshWith() throws {
        let world = FakeWorld.signedIn(access: SampleToken.id(), refresh: nil)
        world.transport.script("GlobalSignOut", Self.invalid)
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report).openSteps == StepsLeft(globalSignOut: SampleToken.id()))
        let later = FakeWorld()
        later.transport.script("GlobalSignOut", Self.invalid)
        let retried = try later.retry(try #require(report.partialFailureToken))
        #expect(retried.globalSignOut == .failed)
        #expect(retried.partialFailureToken == nil)
    }

    // MARK: Row 5f

    /// What a global sign-out leaves that Cognito refused.
    private func token(_ answer: FakeTransport.Answer = refused) throws -> SecretBytes {
        let world = FakeWorld.signedIn()
        world.transport.script("GlobalSignOut", answer)
        let report = try world.signOut(globally: true)
        #expect(report.revocation == .notAttempted)
        return try #require(report.partialFailureToken)
    }

    @Test(
        "Row 5f: what is refused for good in a retry is given up, and RevokeToken is sent",
        arguments: [
            ("PasswordResetRequiredException", Status.passwordResetRequired),
            ("InvalidParameterException", .invalidParameter), ("ResourceNotFoundException", .resourceNotFound),
            ("NotAuthorizedException", .notAuthorized), ("UserNotConfirmedException", .userNotConfirmed),
            ("OperationNotEnabledException", .operationNotEnabled), ("BrandNewException", .serviceError),
        ])
    func givenUp(exception: String, status: Status) throws {
        let token = try token(.exception(exception))
        let world = FakeWorld()
        world.transport.script("GlobalSignOut", .exception(exception))
        let report = try world.retry(token)
        let expected = summary(
            .partial, .failed, .done, error: status, validUntil: SampleToken.expiry, wasSignedIn: .no)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut RevokeToken")
        #expect(report.globalSignOutFailure?.suggestion.hasSuffix("then sign out everywhere.") == true)
        #expect(report.globalSignOutFailure?.suggestion.contains("partial-failure token") == false)
    }

    @Test("Row 5f: where RevokeToken fails too, only that stays open")
    func givenUpAndNotRevoked() throws {
        let token = try token()
        let world = FakeWorld()
        world.transport.script("GlobalSignOut", Self.refused)
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        let report = try world.retry(token)
        #expect(try world.summary(report).openSteps == StepsLeft(revoke: [SampleToken.refresh]))
    }

    @Test(
        "Row 5f: what may go better in another minute or network stays open in a retry",
        arguments: [
            FakeTransport.Answer.exception("ForbiddenException"), .exception("TooManyRequestsException"),
            .exception("InternalErrorException"), .http(503, ""), .http(400, "<html>"), .http(403, ""),
            .ok("<html>"), .http(501, "", errorType: "BrandNewException"), .unreachable(), .lost(),
        ])
    func notGivenUp(answer: FakeTransport.Answer) throws {
        let token = try token()
        let world = FakeWorld()
        world.transport.always("GlobalSignOut", answer)
        let report = try world.retry(token)
        #expect(
            try world.summary(report).openSteps
                == StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
        #expect(world.transport.requests("RevokeToken").isEmpty)
    }

    @Test(
        "Rows 5c, 5e: in a retry the access token is refreshed first; what is refused then is given up",
        arguments: ["Invalid Access Token", "Access Token has expired"])
    func refreshedFirst(message: String) throws {
        let token = try token()
        for isRefusedAgain in [false, true] {
            let world = FakeWorld()
            let answer = FakeTransport.Answer.exception("NotAuthorizedException", message)
            world.transport.script("GlobalSignOut", answer, isRefusedAgain ? answer : .ok())
            world.transport.script(
                "GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
            let report = try world.retry(token)
            #expect(report.globalSignOut == (isRefusedAgain ? .failed : .done))
            #expect(report.revocation == .done)
            #expect(report.partialFailureToken == nil)
            #expect(
                world.journal.network == "GlobalSignOut GetTokensFromRefreshToken GlobalSignOut RevokeToken")
            #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated"])
        }
    }
}
