// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Checking a session")
struct CheckTests {
    static let revoked = FakeTransport.Answer.exception("NotAuthorizedException", "Access Token has been revoked")
    static let expired = FakeTransport.Answer.exception("NotAuthorizedException", "Access Token has expired")
    static let invalid = FakeTransport.Answer.exception("NotAuthorizedException", "Invalid Access Token")
    static let scopeMissing = FakeTransport.Answer.exception(
        "NotAuthorizedException", "Access Token does not have required scopes")
    static let unknownUser = FakeTransport.Answer.exception("UserNotFoundException", "User does not exist.")
    static let renewed = FakeTransport.Answer.tokens(access: AnyCall.renewed, refresh: "rotated")
    static let refreshed = FakeWorld.item(access: AnyCall.renewed, refresh: "rotated")?.text
    /// With these Cognito says that the refresh token is no good any more.
    static let ends: [(String, String)] = [
        ("NotAuthorizedException", "Refresh Token has been revoked"),
        ("NotAuthorizedException", "Refresh Token has expired"), ("RefreshTokenReuseException", "No."),
        ("UserNotFoundException", "User does not exist."),
    ]

    let world = FakeWorld.signedIn()

    private func failure() throws -> AuthFailure { try #require(throws: AuthFailure.self) { try world.check() } }

    private func expectUntouched(_ location: SourceLocation = #_sourceLocation) {
        #expect(!world.journal.hasDeleted && !world.journal.hasStored, sourceLocation: location)
        #expect(world.events.isEmpty, sourceLocation: location)
        #expect(!world.lock.isTaken, sourceLocation: location)
    }

    // MARK: What Cognito is asked

    @Test("A session that Cognito takes is good: one look and one question, without the lock")
    func good() throws {
        try world.check()
        #expect(world.journal.line == "take look release GetUser")
        #expect(world.transport.requests.map(\.body) == [["AccessToken": SampleToken.access()]])
        let target = world.transport.requests.first?.headers["X-Amz-Target"]
        #expect(target == "AWSCognitoIdentityProviderService.GetUser")
        expectUntouched()
    }

    @Test("A session whose access token is about to expire is refreshed and stored first, then asked about")
    func refreshedFirst() throws {
        world.store.sessions = [FakeWorld.item(access: AnyCall.expired)]
        world.transport.script("GetTokensFromRefreshToken", Self.renewed)
        try world.check()
        #expect(world.journal.line == "take look GetTokensFromRefreshToken reread update look release GetUser")
        #expect(world.transport.requests("GetUser").map(\.body) == [["AccessToken": AnyCall.renewed]])
        #expect(world.storedSessions == [Self.refreshed])
        #expect(world.events == [.sessionRefreshed])
    }

    @Test(
        "The question is repeated where that may go better, even if it was sent",
        arguments: [
            .lost(), .lost(.networkTimedOut), .unreachable(), .http(503, "<html>"),
            .exception("TooManyRequestsException"), .exception("InternalErrorException"),
        ] as [FakeTransport.Answer])
    func repeated(answer: FakeTransport.Answer) throws {
        world.transport.script("GetUser", answer, answer)
        try world.check()
        #expect(world.journal.network == "GetUser GetUser GetUser")
    }

    // MARK: Ended

    @Test(
        "Row W6: a session that Cognito has ended is told as such, with an event, and stays", arguments: [true, false])
    func ended(isUserGone: Bool) throws {
        world.transport.script("GetUser", isUserGone ? Self.unknownUser : Self.revoked)
        let failure = try failure()
        #expect(failure.status == .sessionEnded)
        let words = "The session has ended. Cognito did not confirm that the session is good: "
        #expect(
            failure.message == words
                + (isUserGone
                    ? "UserNotFoundException: User does not exist."
                    : "NotAuthorizedException: Access Token has been revoked"))
        #expect(failure.serviceException == (isUserGone ? "UserNotFoundException" : "NotAuthorizedException"))
        #expect(failure.suggestion == "Sign out to remove it from this machine, then sign in again.")
        #expect(failure.token == nil)
        #expect(world.journal.line == "take look release GetUser take look release")
        #expect(world.events == [.sessionExpired])
        #expect(world.lines.last?.text == "Check: AUTH_STATUS_SESSION_ENDED")
        #expect(world.storedSessions == [FakeWorld.item()?.text])
    }

    @Test("Row W6: so is one whose refresh Cognito refuses for good; a fetch tells the same event", arguments: ends)
    func refreshRefused(exception: String, message: String) throws {
        world.store.sessions = [FakeWorld.item(access: AnyCall.expired)]
        world.transport.always("GetTokensFromRefreshToken", .exception(exception, message))
        let failure = try failure()
        #expect(failure.status == .sessionEnded)
        #expect(
            failure.message
                == "The session has ended. Cognito did not refresh the tokens: \(exception): \(message)")
        #expect(world.journal.line == "take look GetTokensFromRefreshToken release")
        #expect(world.storedSessions == [FakeWorld.item(access: AnyCall.expired)?.text])
        #expect(throws: SessionFailure.self) { try world.fetch() }
        #expect(world.events == [.sessionExpired, .sessionExpired])
    }

    @Test("An expired session without a refresh token has ended, by whose clock ever; a fetch tells that too")
    func noRefreshToken() throws {
        let said = "The access token is expired, and the session has no refresh token to refresh it with."
        world.store.sessions = [FakeWorld.item(refresh: nil)]
        world.transport.script("GetUser", Self.expired)
        let byCognito = try failure()
        world.store.sessions = [FakeWorld.item(access: AnyCall.expired, refresh: nil)]
        let byClock = try failure()
        for failure in [byCognito, byClock] {
            #expect(failure.status == .sessionEnded)
            #expect(failure.message == said)
        }
        #expect(world.journal.network == "GetUser")
        #expect(throws: SessionFailure.self) { try world.fetch() }
        #expect(world.events == [.sessionExpired, .sessionExpired, .sessionExpired])
    }

    // MARK: Refreshing for an answer

    @Test(
        "An access token that is expired by Cognito's clock, or invalid, is refreshed once, and Cognito asked again",
        arguments: [expired, invalid])
    func askedAgain(answer: FakeTransport.Answer) throws {
        world.transport.script("GetUser", answer)
        world.transport.script("GetTokensFromRefreshToken", Self.renewed)
        try world.check()
        #expect(
            world.journal.line
                == "take look release GetUser take look GetTokensFromRefreshToken reread update look release GetUser")
        #expect(world.transport.requests("GetUser").last?.body["AccessToken"] == AnyCall.renewed)
        #expect(world.storedSessions == [Self.refreshed])
        #expect(world.events == [.sessionRefreshed])
    }

    @Test(
        "Refused again after a refresh it is not accepted, which is no end of the session",
        arguments: [expired, invalid], [true, false])
    func refusedAgain(answer: FakeTransport.Answer, isRefreshedFirst: Bool) throws {
        if isRefreshedFirst { world.store.sessions = [FakeWorld.item(access: AnyCall.expired)] }
        world.transport.always("GetUser", answer)
        world.transport.always("GetTokensFromRefreshToken", Self.renewed)
        #expect(try failure().status == .notAuthorized)
        #expect(world.transport.requests("GetTokensFromRefreshToken").count == 1)
        #expect(world.transport.requests("GetUser").count == (isRefreshedFirst ? 1 : 2))
        #expect(world.events == [.sessionRefreshed])
    }

    @Test("Without the scope the refresh is the question, and is asked once", arguments: [true, false])
    func withoutScope(isRefreshedFirst: Bool) throws {
        if isRefreshedFirst { world.store.sessions = [FakeWorld.item(access: AnyCall.expired)] }
        world.transport.always("GetUser", Self.scopeMissing)
        world.transport.always("GetTokensFromRefreshToken", Self.renewed)
        try world.check()
        #expect(
            world.journal.network
                == (isRefreshedFirst ? "GetTokensFromRefreshToken GetUser" : "GetUser GetTokensFromRefreshToken"))
        #expect(world.storedSessions == [Self.refreshed])
        #expect(world.events == [.sessionRefreshed])
    }

    @Test("Row W6: without the scope the session has ended where the refresh says so", arguments: ends)
    func withoutScopeEnded(exception: String, message: String) throws {
        world.transport.always("GetUser", Self.scopeMissing)
        world.transport.always("GetTokensFromRefreshToken", .exception(exception, message))
        #expect(try failure().status == .sessionEnded)
        #expect(world.events == [.sessionExpired])
        #expect(!world.journal.hasDeleted && !world.journal.hasStored)
    }

    @Test("With neither the scope nor a refresh token nothing can be learned, and the suggestion names the scope")
    func neither() throws {
        world.store.sessions = [FakeWorld.item(refresh: nil)]
        world.transport.always("GetUser", Self.scopeMissing)
        let failure = try failure()
        #expect(failure.status == .notAuthorized)
        #expect(failure.message.hasSuffix("NotAuthorizedException: Access Token does not have required scopes"))
        #expect(failure.suggestion.contains("aws.cognito.signin.user.admin"))
        #expect(world.journal.network == "GetUser")
        expectUntouched()
    }

    // MARK: Nothing learned

    @Test(
        "What is no end of the session is told with its own status: nothing is deleted or stored, and no event told",
        arguments: [
            (.unreachable(.hostNotFound), .hostNotFound), (.unreachable(.tlsFailed), .tlsFailed),
            (.unreachable(.proxyFailed), .proxyFailed), (.lost(), .connectionLost),
            (.stall(.networkTimedOut, wasSent: true), .networkTimedOut),
            (.exception("TooManyRequestsException"), .tooManyRequests),
            (.exception("InternalErrorException"), .internalError), (.exception("ForbiddenException"), .forbidden),
            (.exception("ResourceNotFoundException"), .resourceNotFound),
            (.exception("InvalidParameterException"), .invalidParameter),
            (.exception("PasswordResetRequiredException"), .passwordResetRequired),
            (.exception("UserNotConfirmedException"), .userNotConfirmed),
            (.exception("OperationNotEnabledException"), .operationNotEnabled),
            (.exception("NotAuthorizedException", "User is disabled."), .notAuthorized),
            (.exception("NotAuthorizedException", "Something new"), .notAuthorized),
            (.exception("BrandNewException"), .serviceError), (.http(502, "<html>"), .invalidResponse),
            (.ok("<html>"), .invalidResponse), (.ok(""), .invalidResponse), (.ok("{}"), .invalidResponse),
        ] as [(FakeTransport.Answer, Status)])
    func nothingLearned(answer: FakeTransport.Answer, status: Status) throws {
        world.transport.always("GetUser", answer)
        let failure = try failure()
        #expect(failure.status == status)
        #expect(failure.message.contains("that the session is good"))
        #expect(!failure.suggestion.contains("sign out everywhere"))
        #expect(Set(world.transport.requests.map(\.operation)) == ["GetUser"])
        #expect(world.lines.last?.text == "Check: \(status.name)")
        #expect(world.storedSessions == [FakeWorld.item()?.text])
        expectUntouched()
    }

    @Test(
        "Nor is a refresh that fails, or is refused while the refresh token lives",
        arguments: [
            (.unreachable(), .connectionFailed), (.lost(), .connectionLost),
            (.exception("TooManyRequestsException"), .tooManyRequests),
            (.exception("InternalErrorException"), .internalError),
            (.exception("UserLambdaValidationException"), .userLambdaValidation),
            (.exception("NotAuthorizedException", "User is disabled."), .notAuthorized),
            (.exception("NotAuthorizedException", "Invalid Refresh Token"), .notAuthorized),
            (.exception("NotAuthorizedException", "Unable to verify secret hash for client"), .notAuthorized),
        ] as [(FakeTransport.Answer, Status)], [true, false])
    func refreshFails(answer: (FakeTransport.Answer, Status), isScopeMissing: Bool) throws {
        if isScopeMissing {
            world.transport.always("GetUser", Self.scopeMissing)
        } else {
            world.store.sessions = [FakeWorld.item(access: AnyCall.expired)]
        }
        world.transport.always("GetTokensFromRefreshToken", answer.0)
        let failure = try failure()
        #expect(failure.status == answer.1)
        #expect(failure.message.contains("refresh the tokens"))
        #expect(world.transport.requests("GetUser").count == (isScopeMissing ? 1 : 0))
        expectUntouched()
    }

    @Test("Where nobody is signed in, the session is damaged or the keyring locked, Cognito is not asked")
    func notLoaded() throws {
        world.store.sessions = []
        #expect(try failure().status == .notSignedIn)
        #expect(world.lines.allSatisfy { $0.level != .error })
        world.store.sessions = [SecretBytes("{}")]
        #expect(try failure().status == .invalidSession)
        world.store.failingLooks = [3: AuthFailure(.keyringLocked)]
        #expect(try failure().status == .keyringLocked)
        #expect(world.journal.network.isEmpty)
        expectUntouched()
    }

    @Test("A check that is cancelled ends at once, whatever comes", arguments: [Moment.before, .in("GetUser 1")])
    func cancelled(moment: Moment) throws {
        world.cancel(moment)
        #expect(try failure().status == .cancelled)
        #expect(world.clock.monotonicMilliseconds == 1_000_000)
        expectUntouched()
    }

    @Test("Where new tokens cannot be stored, the check says so, and its failure holds the refresh token")
    func notStored() throws {
        world.store.sessions = [FakeWorld.item(access: AnyCall.expired)]
        world.transport.script("GetTokensFromRefreshToken", Self.renewed)
        world.store.failingLooks = [2: AuthFailure(.keyringLocked)]
        let failure = try failure()
        #expect(failure.status == .keyringLocked)
        #expect(
            failure.message
                == "The keyring is locked. The session was refreshed, but its new tokens were not stored.")
        #expect(failure.token?.text == "rotated")
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(world.events.isEmpty)
    }

    @Test("No message holds any token of the session, old or new")
    func echoed() throws {
        let world = FakeWorld.signedIn(access: "opaque", id: "id1", refresh: "refresh1")
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: "renewed2", refresh: "rotated3"))
        world.transport.always(
            "GetUser", .exception("ForbiddenException", "echo opaque id1 refresh1 renewed2 rotated3 end"))
        let failure = try #require(throws: AuthFailure.self) { try world.check() }
        #expect(
            failure.message == "Cognito did not confirm that the session is good: ForbiddenException: echo"
                + String(repeating: " [redacted]", count: 5) + " end")
        #expect(world.lines.allSatisfy { !$0.text.contains("renewed2") && !$0.text.contains("refresh1") })
    }
}
