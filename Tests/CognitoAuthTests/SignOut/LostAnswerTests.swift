// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Answers that never came, and answers that Cognito did not send")
struct LostAnswerTests {
    let world = FakeWorld.signedIn()

    private func heldBack(_ status: Status, _ remote: SignOutReport.Remote) -> ReportSummary {
        ReportSummary(
            .partial, globalSignOut: remote, revocation: .notAttempted, globalSignOutError: status,
            revocationError: .notAttempted,
            openSteps: StepsLeft(globalSignOut: SampleToken.access(), revoke: [SampleToken.refresh]))
    }

    @Test(
        "A RevokeToken that was sent and never answered is unknown and can be retried",
        arguments: [Status.connectionLost, .networkTimedOut])
    func revocationLost(status: Status) throws {
        world.transport.always("RevokeToken", .lost(status))
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .unknown, revocationError: status, openSteps: StepsLeft(revoke: [SampleToken.refresh])
        )
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests.count == 3)
    }

    @Test("A RevokeToken that is answered after one that was not is done")
    func revocationAnsweredLater() throws {
        world.transport.script("RevokeToken", .lost(), .ok())
        let report = try world.signOut()
        #expect(try world.summary(report) == ReportSummary(.complete, revocation: .done))
        #expect(world.journal.network == "RevokeToken RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("A RevokeToken that could not be sent after one that was lost is unknown still")
    func revocationLostThenUnreachable() throws {
        world.transport.script("RevokeToken", .lost())
        world.transport.goOffline()
        let report = try world.signOut()
        #expect(report.revocation == .unknown)
        #expect(report.revocationFailure?.status == .hostNotFound)
    }

    @Test("A GlobalSignOut that was sent and never answered is unknown and holds the revocation back")
    func globalLost() throws {
        world.transport.always("GlobalSignOut", .lost())
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(.connectionLost, .unknown))
        #expect(world.journal.network == "GlobalSignOut GlobalSignOut GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("A GlobalSignOut that is told 'revoked' after one that was lost may have done it itself: unknown")
    func globalLostThenRevoked() throws {
        world.transport.script(
            "GlobalSignOut", .lost(), .exception("NotAuthorizedException", "Access Token has been revoked"))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .unknown, revocation: .done, globalSignOutError: .sessionEnded)
        #expect(try world.summary(report) == expected)
    }

    @Test("A renewal whose answer was lost is not repeated; the old token is revoked, and the revocation is unknown")
    func refreshLost() throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1))
        world.transport.script("GetTokensFromRefreshToken", .lost())
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .notAttempted, revocation: .unknown, globalSignOutError: .connectionLost,
            tokensValidUntil: 1)
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GetTokensFromRefreshToken RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
        #expect(world.transport.requests("RevokeToken").first?.body["Token"] == SampleToken.refresh)
    }

    @Test(
        "A renewal that answers 200 without tokens is a lost answer too",
        arguments: [
            "", "{}", "<html>", #"{"AuthenticationResult":{}}"#, #"{"AuthenticationResult":{"AccessToken":"a b"}}"#,
        ])
    func refreshUnreadable(body: String) throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1))
        world.transport.script("GetTokensFromRefreshToken", .ok(body))
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .notAttempted, revocation: .unknown, globalSignOutError: .invalidResponse,
            tokensValidUntil: 1)
        #expect(try world.summary(report) == expected)
        #expect(world.transport.requests.map(\.operation) == ["GetTokensFromRefreshToken", "RevokeToken"])
    }

    @Test(
        "Row 16: an answer to RevokeToken that is not Cognito's is an invalid response",
        arguments: [
            (403, "<html>blocked</html>"), (400, ""), (400, #"{"message":"no type"}"#), (302, ""), (404, "{"),
            (500, "<html>"),
        ])
    func revocationAnsweredByProxy(httpStatus: Int, body: String) throws {
        world.transport.always("RevokeToken", .http(httpStatus, body))
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .failed, revocationError: .invalidResponse,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
    }

    @Test("Row 16: an answer that was cut off or is too large is an invalid response that may stand for something done")
    func answerCutOff() throws {
        world.transport.script("RevokeToken", .lost(.invalidResponse))
        let report = try world.signOut()
        let expected = ReportSummary(
            .partial, revocation: .unknown, revocationError: .invalidResponse,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "RevokeToken")
        #expect(world.journal.endsWithDeletionAndLook)
    }

    @Test("Row 16: an answer to GlobalSignOut that is not Cognito's holds the revocation back")
    func globalAnsweredByProxy() throws {
        world.transport.script("GlobalSignOut", .http(403, "<html>blocked</html>"))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(.invalidResponse, .failed))
    }

    @Test(
        "Row 16: a 200 that cannot be read may stand for something that was done: unknown",
        arguments: ["<html>", "[]", "{"])
    func successUnreadable(body: String) throws {
        world.transport.script("GlobalSignOut", .ok(body))
        let report = try world.signOut(globally: true)
        #expect(try world.summary(report) == heldBack(.invalidResponse, .unknown))
    }

    @Test(
        "The network part ends before the limit, so that there is time to delete",
        arguments: [
            (30_000, 25_000), (15_000, 10_000), (9_000, 6_000), (300, 200), (100, 67),
        ])
    func timeToDelete(timeout: Int64, network: Int64) throws {
        _ = try world.signOut(timeout: timeout)
        #expect(world.transport.requests.map { $0.deadline - 1_000_000 } == [network])
    }

    @Test("Where the first step used all the time, the second is not sent, and the session is deleted")
    func noTimeLeft() throws {
        world.transport.onRequest = { [clock = world.clock] _ in clock.monotonicMilliseconds += 25_000 }
        let report = try world.signOut(globally: true)
        let expected = ReportSummary(
            .partial, globalSignOut: .done, revocation: .failed, revocationError: .deadlineExceeded,
            openSteps: StepsLeft(revoke: [SampleToken.refresh]))
        #expect(try world.summary(report) == expected)
        #expect(world.journal.network == "GlobalSignOut")
        #expect(world.journal.endsWithDeletionAndLook)
    }
}
