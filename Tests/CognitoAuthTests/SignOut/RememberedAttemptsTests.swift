// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("What was sent and not answered is unknown until an answer says that it is done")
struct RememberedAttemptsTests {
    static let expired = SampleToken.access(exp: 1_516_238_000)
    static let forbidden = FakeTransport.Answer.exception("ForbiddenException")

    /// A sign-out in which one operation gets no answer, and its token.
    private func unanswered(
        _ operation: String, _ answer: FakeTransport.Answer = .lost(), access: String = SampleToken.access()
    ) throws -> SecretBytes {
        let world = FakeWorld.signedIn(access: access)
        world.transport.always(operation, answer)
        let report = try world.signOut(globally: operation != "RevokeToken")
        return try #require(report.partialFailureToken)
    }

    private func retry(
        _ token: SecretBytes, _ script: (FakeTransport) -> Void
    ) throws -> (report: SignOutReport, world: FakeWorld) {
        let world = FakeWorld()
        script(world.transport)
        return (try world.retry(token), world)
    }

    // MARK: In one call

    @Test(
        "An attempt that a gateway answered, or nobody, is not undone by one that is refused",
        arguments: [FakeTransport.Answer.lost(), .http(502, "<html>"), .http(503, ""), .http(504, "")])
    func refusedAfterwards(answer: FakeTransport.Answer) throws {
        for operation in ["GlobalSignOut", "RevokeToken"] {
            let world = FakeWorld.signedIn()
            world.transport.script(operation, answer, Self.forbidden)
            let report = try world.signOut(globally: operation == "GlobalSignOut")
            let failure = operation == "GlobalSignOut" ? report.globalSignOutFailure : report.revocationFailure
            #expect((operation == "GlobalSignOut" ? report.globalSignOut : report.revocation) == .unknown)
            #expect(failure?.status == .forbidden)
        }
    }

    @Test("A gateway's answer alone is unknown, and an exception of Cognito's with such a status is not")
    func gateway() throws {
        for (answer, remote) in [
            (FakeTransport.Answer.http(503, ""), SignOutReport.Remote.unknown), (.http(500, ""), .failed),
            (.http(503, "", errorType: "TooManyRequestsException"), .failed),
            (.http(503, "", errorType: "ServiceUnavailable"), .unknown),
        ] {
            let world = FakeWorld.signedIn()
            world.transport.always("RevokeToken", answer)
            #expect(try world.signOut().revocation == remote)
        }
    }

    @Test("A GlobalSignOut without an answer is unknown, whatever becomes of a refresh and a second one")
    func beforeRefresh() throws {
        let world = FakeWorld.signedIn()
        world.transport.script(
            "GlobalSignOut", .lost(), .exception("NotAuthorizedException", "Access Token has expired"),
            Self.forbidden)
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: SampleToken.access(exp: 1_516_242_000)))
        #expect(try world.signOut(globally: true).globalSignOut == .unknown)
        let other = FakeWorld.signedIn()
        other.transport.script(
            "GlobalSignOut", .lost(), .exception("NotAuthorizedException", "Access Token has expired"))
        other.transport.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
        #expect(try other.signOut(globally: true).globalSignOut == .unknown)
    }

    // MARK: From one call to the next

    @Test(
        "A retry whose step is refused, or not even sent, is unknown too, and so is the one after it",
        arguments: [FakeTransport.Answer.exception("ForbiddenException"), .unreachable(.tlsFailed)])
    func remembered(answer: FakeTransport.Answer) throws {
        for operation in ["GlobalSignOut", "RevokeToken"] {
            var token = try unanswered(operation)
            for _ in 1...3 {
                let (report, _) = try retry(token) { $0.always(operation, answer) }
                #expect((operation == "GlobalSignOut" ? report.globalSignOut : report.revocation) == .unknown)
                #expect(report.outcome == .partial)
                token = try #require(report.partialFailureToken)
            }
            let (report, _) = try retry(token) { _ in }
            #expect(report.outcome == .complete)
            #expect(report.revocation == .done)
        }
    }

    @Test("An answer that was refused is no reason for unknown in the retry")
    func answeredBefore() throws {
        for operation in ["GlobalSignOut", "RevokeToken"] {
            let token = try unanswered(operation, Self.forbidden)
            let (report, _) = try retry(token) { $0.always(operation, Self.forbidden) }
            #expect((operation == "GlobalSignOut" ? report.globalSignOut : report.revocation) == .failed)
        }
    }

    @Test("A GlobalSignOut that is given up in a retry is unknown, where an earlier one got no answer")
    func givenUp() throws {
        let token = try unanswered("GlobalSignOut")
        for message in ["Access Token has been revoked", "User is disabled.", "Another"] {
            let (report, _) = try retry(token) {
                $0.script("GlobalSignOut", .exception("NotAuthorizedException", message))
            }
            #expect(report.globalSignOut == .unknown)
            #expect(report.revocation == .done)
        }
    }

    @Test("A retry that cannot begin says unknown of the step that got no answer, and gives its token back")
    func notBegun() throws {
        for operation in ["GlobalSignOut", "RevokeToken"] {
            let token = try unanswered(operation)
            let report = try FakeWorld().client.refuseRetry(token, AuthFailure(.outOfResources))
            #expect(report.globalSignOut == (operation == "GlobalSignOut" ? .unknown : .notRequested))
            #expect(report.revocation == (operation == "GlobalSignOut" ? .notAttempted : .unknown))
            #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        }
    }

    @Test("A retry that is cancelled before it sends anything gives the token back byte for byte")
    func cancelled() throws {
        let token = try unanswered("GlobalSignOut")
        let world = FakeWorld()
        world.transport.isSentWhenCancelled = false
        world.cancel(.in("GlobalSignOut 1"))
        let report = try world.retry(token)
        #expect(report.failure?.status == .cancelled)
        #expect(report.globalSignOut == .unknown)
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
    }

    @Test("Of several refresh tokens each remembers for itself")
    func eachForItself() throws {
        let world = FakeWorld.signedIn()
        world.store.sessions += [FakeWorld.item(refresh: "second"), FakeWorld.item(refresh: "third")]
        world.options.maximumAttempts = 1
        world.transport.script("RevokeToken", Self.forbidden, .lost(), Self.forbidden)
        let token = try #require(try world.signOut().partialFailureToken)
        let steps = try PartialFailureToken.decode(token, for: Configuration.checked(world.options))
        #expect(steps.refreshToken?.past == .answered)
        #expect(steps.otherRefreshTokens.map { $0.token.text } == ["third", "second"])
        #expect(steps.otherRefreshTokens.map(\.past) == [.answered, .unanswered])
        let (onlySecond, _) = try retry(token) { $0.script("RevokeToken", .ok(), .ok(), Self.forbidden) }
        #expect(onlySecond.revocation == .unknown)
        let (onlyThird, _) = try retry(token) { $0.script("RevokeToken", .ok(), Self.forbidden) }
        #expect(onlyThird.revocation == .failed)
    }

    // MARK: A refresh

    @Test("Row 13b: after a gateway's answer to a refresh both steps stay open, and the refresh is remembered")
    func gatewayAnsweredRefresh() throws {
        let token = try unanswered("GetTokensFromRefreshToken", .http(503, ""), access: Self.expired)
        let (report, world) = try retry(token) {
            $0.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
        }
        #expect(report.globalSignOut == .notAttempted)
        #expect(report.revocation == .unknown)
        #expect(world.journal.network == "GetTokensFromRefreshToken RevokeToken")
    }

    @Test("A refresh token that a lost answer may have held is told, also where GlobalSignOut is not open any more")
    func lostRefreshToken() throws {
        let token = try unanswered("GetTokensFromRefreshToken", .http(503, ""), access: Self.expired)
        let (report, _) = try retry(token) {
            $0.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
            $0.script("RevokeToken", Self.forbidden)
        }
        let (again, world) = try retry(try #require(report.partialFailureToken)) { _ in }
        #expect(world.journal.network == "RevokeToken")
        #expect(again.outcome == .partial)
        #expect(again.revocation == .unknown)
        #expect(again.revocationFailure?.suggestion == RefreshDuringSignOutTests.signInAgain)
        #expect(again.partialFailureToken == nil)
    }

    @Test("A GlobalSignOut that is done ends whatever refresh token there may be")
    func endedByGlobalSignOut() throws {
        let token = try unanswered("GetTokensFromRefreshToken", .http(503, ""), access: Self.expired)
        let (report, _) = try retry(token) {
            $0.script("GetTokensFromRefreshToken", .tokens(access: SampleToken.access()))
        }
        #expect(report.outcome == .complete)
        #expect(report.revocation == .done)
    }
}
