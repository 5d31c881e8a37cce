// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("What a failed step tells")
struct StepFailureTests {
    let world = FakeWorld.signedIn()

    static let exceptions: [(String, Status)] = [
        ("NotAuthorizedException", .notAuthorized), ("ResourceNotFoundException", .resourceNotFound),
        ("InvalidParameterException", .invalidParameter), ("TooManyRequestsException", .tooManyRequests),
        ("PasswordResetRequiredException", .passwordResetRequired), ("UserNotConfirmedException", .userNotConfirmed),
        ("UserNotFoundException", .userNotFound), ("OperationNotEnabledException", .operationNotEnabled),
        ("InternalErrorException", .internalError), ("ForbiddenException", .forbidden),
        ("UnauthorizedException", .unauthorized), ("UnsupportedTokenTypeException", .unsupportedTokenType),
        ("UnexpectedLambdaException", .unexpectedLambda), ("UserLambdaValidationException", .userLambdaValidation),
        ("InvalidLambdaResponseException", .invalidLambdaResponse), ("RefreshTokenReuseException", .refreshTokenReuse),
    ]

    @Test("It names the exception that Cognito answered with, in full", arguments: exceptions)
    func exceptionName(name: String, status: Status) throws {
        world.transport.always("RevokeToken", .exception(name, "Not today."))
        let failure = try #require(try world.signOut().revocationFailure)
        #expect(failure.status == status)
        #expect(failure.serviceException == name)
        #expect(failure.message == "Cognito did not revoke the refresh token: \(name): Not today.")
        #expect(!failure.suggestion.isEmpty)
    }

    @Test("An exception that is not known keeps its name")
    func unknownException() throws {
        world.transport.script("RevokeToken", .exception("BrandNewException"))
        let failure = try #require(try world.signOut().revocationFailure)
        #expect(failure.status == .serviceError)
        #expect(failure.serviceException == "BrandNewException")
    }

    @Test("A failure of the network names no exception and says what the transport said")
    func network() throws {
        world.transport.always("RevokeToken", .unreachable(.tlsFailed, "certificate has expired"))
        let failure = try #require(try world.signOut().revocationFailure)
        #expect(failure.serviceException == nil)
        #expect(failure.message.contains("certificate has expired"))
    }

    @Test("A step that was held back says so and hands the refresh token out")
    func heldBack() throws {
        world.transport.goOffline()
        let report = try world.signOut(globally: true)
        let failure = try #require(report.revocationFailure)
        #expect(failure.status == .notAttempted)
        #expect(failure.token?.text == SampleToken.refresh)
        #expect(failure.serviceException == nil)
        #expect(failure.suggestion.contains("partial-failure token"))
    }

    @Test("A global sign-out that fails hands the access token out, renewed if it was")
    func accessToken() throws {
        let renewed = SampleToken.access(exp: 1_516_999_999)
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1))
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: renewed, refresh: "rotated"))
        world.transport.script("GlobalSignOut", .exception("ForbiddenException"))
        let report = try world.signOut(globally: true)
        #expect(report.globalSignOutFailure?.token?.text == renewed)
        #expect(report.revocationFailure?.token?.text == "rotated")
    }

    @Test("Row 5b: a session that was ended elsewhere keeps the name of Cognito's exception")
    func endedElsewhere() throws {
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has been revoked"))
        let failure = try #require(try world.signOut(globally: true).globalSignOutFailure)
        #expect(failure.status == .sessionEnded)
        #expect(failure.serviceException == "NotAuthorizedException")
    }

    @Test("Row 13: the error of a global sign-out whose refresh was refused is the refresh's")
    func refused() throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1))
        world.transport.script(
            "GetTokensFromRefreshToken", .exception("NotAuthorizedException", "Refresh Token has been revoked"))
        let failure = try #require(try world.signOut(globally: true).globalSignOutFailure)
        #expect(
            failure.message
                == "Cognito did not refresh the tokens: NotAuthorizedException: Refresh Token has been revoked")
    }

    @Test(
        "Where a retry can cure it, the suggestion is to retry",
        arguments: [
            FakeTransport.Answer.unreachable(), .unreachable(.tlsFailed), .unreachable(.proxyFailed), .lost(),
            .exception("TooManyRequestsException"), .exception("ForbiddenException"), .http(502, "<html>"),
        ])
    func retry(answer: FakeTransport.Answer) throws {
        world.transport.always("RevokeToken", answer)
        let failure = try #require(try world.signOut().revocationFailure)
        #expect(failure.suggestion.lowercased().contains("retry with the partial-failure token"))
    }

    @Test("A damaged session says what was done with it")
    func damaged() throws {
        world.store.sessions = [SecretBytes("{}")]
        let failure = try #require(try world.signOut().invalidSessionFailure)
        #expect(failure.message.contains("damaged"))
        #expect(failure.token == nil)
    }
}
