// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row L7: a retry by hand of what the keyring keeps")
struct KeptRetryTests {
    @Test("That completes removes it from the keyring too", arguments: [false, true])
    func completes(globally: Bool) throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut(globally: globally).partialFailureToken)
        world.transport.goOnline()
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.kept == .no)
        #expect(report.unfinishedCount == 0)
        #expect(world.isForgotten)
        #expect(!world.resumeLock.isTaken)
    }

    @Test("Runs what is open there and not what the token says: another process has done some of it")
    func newer() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut(globally: true).partialFailureToken)
        try world.changeUnfinished { steps in steps = steps.withoutGlobalSignOut }
        world.transport.goOnline()
        let sent = world.transport.requests("GlobalSignOut").count
        #expect(try world.retry(token).outcome == .complete)
        #expect(world.transport.requests("GlobalSignOut").count == sent)
        #expect(world.isForgotten)
    }

    @Test("That another process finished while it waited is complete, and nothing is sent again")
    func finishedMeanwhile() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut().partialFailureToken)
        world.transport.goOnline()
        world.journal.whenBegun["takeResume 1"] = { world.store.unfinished = [] }
        let sent = world.transport.revoked.count
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.revocation == .done)
        #expect(report.partialFailureToken == nil)
        #expect(world.transport.revoked.count == sent)
    }

    @Test("Of which another process finished what it had, is run from the token where that has another refresh token")
    func finishedWithoutOne() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut().partialFailureToken)
        try world.changeUnfinished { steps in
            steps = steps.left(
                isGlobalSignOutOpen: false, revoking: [OpenRevocation(token: SecretBytes(copying: "older"))], ended: [])
        }
        world.transport.goOnline()
        world.journal.whenBegun["takeResume 1"] = { world.store.unfinished = [] }
        let sent = world.transport.revoked.count
        #expect(try world.retry(token).outcome == .complete)
        #expect(world.transport.revoked.dropFirst(sent) == [SampleToken.refresh])
    }

    @Test("Whose item may have been given up meanwhile is run from the token")
    func givenUpMeanwhile() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut().partialFailureToken)
        try world.changeUnfinished(signedOutAt: world.clock.unixMilliseconds - 91 * 86_400_000)
        world.transport.goOnline()
        world.journal.whenBegun["takeResume 1"] = { world.store.unfinished = [] }
        let sent = world.transport.revoked.count
        #expect(try world.retry(token).outcome == .complete)
        #expect(world.transport.revoked.count == sent + 1)
    }

    @Test("Whose item is gone before it begins is run from the token")
    func gone() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut().partialFailureToken)
        world.store.unfinished = []
        world.transport.goOnline()
        let sent = world.transport.revoked.count
        #expect(try world.retry(token).outcome == .complete)
        #expect(world.transport.revoked.count == sent + 1)
    }

    @Test("Where the keyring cannot be read, RevokeToken is sent all the same")
    func locked() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut().partialFailureToken)
        world.transport.goOnline()
        world.store.lockedFromCall = 0
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .unknown)
    }

    @Test(
        "Also runs what the keyring shows only later: somebody may have written a newer token down",
        arguments: [false, true])
    func unlockedLater(globally: Bool) throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut(globally: globally).partialFailureToken)
        try world.changeUnfinished { steps in
            steps = steps.adding(revoking: [OpenRevocation(token: SecretBytes("newer"))])
        }
        world.transport.goOnline()
        var failures = 0
        world.store.onLook = { number in
            failures += 1
            if failures <= 2 { world.store.failingLooks[number] = AuthFailure(.keyringLocked) }
        }
        let sent = world.transport.revoked.count
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(Set(world.transport.revoked.dropFirst(sent)) == [SampleToken.refresh, "newer"])
        #expect(report.kept == .no)
        #expect(report.unfinishedCount == 0)
        #expect(world.isForgotten)
    }

    @Test("That fails keeps what is left", arguments: [false, true])
    func failsAgain(globally: Bool) throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut(globally: globally).partialFailureToken)
        let report = try world.retry(token)
        #expect(report.outcome == .partial)
        #expect(report.kept == .yes)
        #expect(world.store.unfinished.count == 1)
    }

    @Test("That cannot begin says that the keyring keeps it still")
    func refused() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut(globally: true).partialFailureToken)
        world.store.sessions = [FakeWorld.item(refresh: "new")]
        let report = try world.retry(token)
        #expect(report.failure?.status == .sessionChanged)
        #expect(report.kept == .yes)
        #expect(report.unfinishedCount == 1)
    }

    @Test("Whose item may have been given up meanwhile, as there were too many, is run from the token")
    func tooMany() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut().partialFailureToken)
        for number in 1...16 {
            world.clock.monotonicMilliseconds += 1000
            world.store.sessions = [FakeWorld.item(refresh: "token-\(number)")]
            _ = try world.signOut()
        }
        world.transport.goOnline()
        world.journal.whenBegun["takeResume 1"] = { world.store.items.removeLast() }
        let sent = world.transport.revoked.count
        let report = try world.retry(token)
        #expect(try !world.keptSteps.contains { $0.revoke == [SampleToken.refresh] })
        #expect(report.outcome == .complete)
        #expect(world.transport.revoked.dropFirst(sent) == [SampleToken.refresh])
    }

    @Test("Where the keyring shows nothing any more after it has waited, RevokeToken is sent all the same")
    func lockedMeanwhile() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let token = try #require(try world.signOut().partialFailureToken)
        world.transport.goOnline()
        world.journal.whenBegun["takeResume 1"] = { world.store.lockedFromCall = 0 }
        let sent = world.transport.revoked.count
        #expect(try world.retry(token).outcome == .complete)
        #expect(world.transport.revoked.count == sent + 1)
    }

    @Test("From its token alone writes down the refresh token that only the session has, before it deletes that")
    func takenOver() throws {
        let world = try KeepingScene.interrupted()
        let steps = OpenSteps(
            subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: nil, otherRefreshTokens: [],
            deletions: [SessionIdentity(text: "session:session of /item/1")])
        let token = try #require(PartialFailureToken.encode(steps, for: Configuration.checked(world.options)).text)
        world.store.refreshSession(with: FakeWorld.item(refresh: "newer"))
        world.transport.goOffline()
        var kept: [StepsLeft] = []
        world.journal.onStep = {
            if world.journal.entries.last?.step == "delete" { kept = (try? world.keptSteps) ?? [] }
        }
        #expect(try world.retry(token).signedOutLocally == .yes)
        #expect(kept.map(\.revoke) == [[SampleToken.refresh, "newer"]])
    }
}
