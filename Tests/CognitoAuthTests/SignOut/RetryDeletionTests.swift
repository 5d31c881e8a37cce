// SPDX-License-Identifier: Apache-2.0

import Linux
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row 23: retrying a sign-out whose deletion is open")
struct RetryDeletionTests {
    // MARK: The session is there

    @Test(
        "What is open at Cognito is done, then the session is deleted and looked for", arguments: OpenDeletion.allCases)
    func finishes(open: OpenDeletion) throws {
        let (world, token) = try open.undeleted()
        let report = try world.retry(token)
        #expect(try world.summary(report) == open.expected(.complete))
        #expect(world.journal.network == open.network)
        #expect(world.journal.keyring == "look reread delete look")
        #expect(world.store.sessions.isEmpty)
        #expect(!world.lock.isTaken)
    }

    @Test("Where the delete was sent and not answered, a retry finishes it too", arguments: [true, false])
    func afterUnanswered(isCarriedOut: Bool) throws {
        let world = FakeWorld.signedIn()
        world.store.hangsFrom = "delete 1"
        let token = try #require(try world.signOut().partialFailureToken)
        world.store.hangsFrom = nil
        if isCarriedOut { world.store.sessions = [] }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .yes)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Where deleting fails again the retry failed, and a third one can finish", arguments: OpenDeletion.allCases)
    func failsAgain(open: OpenDeletion) throws {
        let (world, token) = try open.undeleted()
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == open.expected(.failed, signedOut: .no, failure: .keyringAccessDenied, left: StepsLeft(deletions: 1)))
        #expect(report.failure?.suggestion.hasSuffix("Then retry with the newest token.") == true)
        world.store.deleteFailure = nil
        let again = try world.retry(try #require(report.partialFailureToken))
        #expect(again.outcome == .complete)
        #expect(again.signedOutLocally == .yes)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("With a keyring that is locked still, the person is told that only what is stored here is left")
    func lockedStill() throws {
        let (world, token) = try OpenDeletion.nothing.undeleted()
        world.store.lockedFromCall = 0
        #expect(try SignOutFacts(world.retry(token)).sentence == .perhapsStoredLocked)
        let (other, open) = try OpenDeletion.revocation.undeleted()
        other.store.lockedFromCall = 0
        #expect(try SignOutFacts(other.retry(open)).sentence == .perhapsLocked)
    }

    @Test("Where the second look cannot see, it is unknown whether the user is signed out here")
    func unseen() throws {
        let (world, token) = try OpenDeletion.nothing.undeleted()
        world.store.failingLooks = [2: AuthFailure(.keyringLocked)]
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == OpenDeletion.nothing.expected(
                    .failed, signedOut: .unknown, failure: .keyringLocked, left: StepsLeft(deletions: 1)))
        #expect(report.failure?.suggestion == "Unlock the keyring, then retry with the newest token.")
    }

    @Test("Where Cognito cannot be reached, the session is deleted, and only the remote steps stay open")
    func offline() throws {
        for open in [OpenDeletion.revocation, .all] {
            let (world, token) = try open.undeleted()
            world.transport.goOffline()
            let report = try world.retry(token)
            #expect(report.outcome == .partial)
            #expect(report.signedOutLocally == .yes)
            var left = open.steps
            left.deletions = 0
            #expect(try world.summary(report).openSteps == left)
            #expect(world.store.sessions.isEmpty)
        }
    }

    @Test("Where both fail, both stay open", arguments: [OpenDeletion.revocation, .all])
    func nothingWorks(open: OpenDeletion) throws {
        let (world, token) = try open.undeleted()
        world.transport.goOffline()
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        let report = try world.retry(token)
        #expect(report.outcome == .failed)
        #expect(try world.summary(report).openSteps == open.steps)
        #expect(world.store.sessions.count == 1)
    }

    @Test("Several sessions are all deleted, also where one of them went meanwhile", arguments: [true, false])
    func several(isOneGone: Bool) throws {
        let (world, token) = try OpenDeletion.nothing.undeleted {
            $0.store.addSession(FakeWorld.item(refresh: "second"), as: "second")
            $0.store.addSession(SecretBytes("{}"), as: nil)
        }
        #expect(try StepsLeft(PartialFailureToken.decode(token, for: world.client.configuration)).deletions == 3)
        if isOneGone { world.store.items.removeFirst() }
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .yes)
        #expect(world.transport.requests.isEmpty)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("An access token that has expired since is refreshed, and with rotation the new refresh token is revoked")
    func refreshes() throws {
        let (world, token) = try OpenDeletion.all.undeleted()
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: "rotated"))
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(world.journal.network == "GetTokensFromRefreshToken GlobalSignOut RevokeToken")
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated"])
        #expect(world.store.sessions.isEmpty)
    }

    // MARK: Nothing can be done

    @Test(
        "Where the keyring cannot be read nothing is sent, and the token comes back byte for byte",
        arguments: OpenDeletion.allCases, [Status.keyringLocked, .keyringUnavailable])
    func unreadable(open: OpenDeletion, status: Status) throws {
        let (world, token) = try open.undeleted()
        world.store.failingLooks = [1: AuthFailure(status)]
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == open.expected(
                    .failed, isDone: false, signedOut: .unknown, wasSignedIn: .unknown, failure: status,
                    left: open.steps))
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(world.journal.onlyLooks)
        #expect(world.store.sessions.count == 1)
        #expect(!world.lock.isTaken)
    }

    @Test(
        "Row 25: cancelled before anything was sent the retry does nothing, and the token comes back byte for byte",
        arguments: OpenDeletion.allCases, [Moment.before, .in("take 1"), .in("look 1"), .after("look 1")])
    func cancelled(open: OpenDeletion, moment: Moment) throws {
        let (world, token) = try open.undeleted()
        world.cancel(moment)
        let report = try world.retry(token)
        #expect(report.failure?.status == .cancelled)
        #expect(report.partialFailureToken?.hasSameBytes(as: token) == true)
        #expect(report.signedOutLocally != .yes)
        #expect(world.journal.onlyLooks)
        #expect(world.store.sessions.count == 1)
    }

    @Test(
        "Row 25b: cancelled later it deletes all the same",
        arguments: [
            Moment.in("RevokeToken 1"), .after("RevokeToken 1"), .in("reread 1"), .in("delete 1"), .in("look 2"),
        ])
    func cancelledLater(moment: Moment) throws {
        let (world, token) = try OpenDeletion.revocation.undeleted()
        world.cancel(moment)
        let report = try world.retry(token)
        #expect(report.outcome != .failed)
        #expect(report.signedOutLocally == .yes)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Where it cannot be read again, the remote steps are done and the deletion stays open")
    func notReadAgain() throws {
        let (world, token) = try OpenDeletion.all.undeleted()
        world.store.rereadFailure = AuthFailure(.keyringLocked)
        let report = try world.retry(token)
        #expect(
            try world.summary(report)
                == OpenDeletion.all.expected(
                    .failed, signedOut: .no, failure: .keyringLocked, left: StepsLeft(deletions: 1)))
        #expect(!world.journal.hasDeleted)
    }

    // MARK: The token

    @Test("The token of an open deletion is of version 2, holds the session's identity, and no token that has ended")
    func content() throws {
        let (world, token) = try OpenDeletion.nothing.undeleted()
        let body = try #require(Base64URL.decode(text: String(token.text.split(separator: ".")[1])))
        let identity = try #require(world.store.items.first?.attributes.session)
        let ended = Hexadecimal.text(SystemDigest().sha256(SecretBytes(SampleToken.refresh)))
        #expect(
            try JSONText(body.text)
                == JSONText(
                    strings: [
                        "app_id": "org.example.Mail", "user_pool_id": "eu-west-1_AbCdEfGhI",
                        "client_id": FakeWorld.clientID, "sub": "sub-of-alice",
                    ], numbers: ["version": 2, "global_sign_out": 0],
                    lists: [
                        "deletions": ["session:\(identity)"],
                        "ended": ["refresh-token:\(ended)"],
                    ]))
    }
}
