// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row L4: a GlobalSignOut that is resumed")
struct ResumedGlobalSignOutTests {
    private static let day: Int64 = 86_400_000

    @Test("Is sent within a day, and RevokeToken after it")
    func inTime() throws {
        let world = try KeepingScene.signedOutOffline(globally: true)
        let start = world.journal.entries.count
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(report.globalSignOut == .done)
        #expect(
            world.journal.entries[start...].filter { $0.channel == .network }.map(\.step) == [
                "GlobalSignOut", "RevokeToken",
            ])
        #expect(world.isForgotten)
    }

    @Test(
        "Row L10: is given up later, and where the clock was set back: only RevokeToken is sent",
        arguments: [day + 1, -1, -10 * day, 400 * day])
    func tooLate(age: Int64) throws {
        let world = try KeepingScene.signedOutOffline(globally: true)
        try world.changeUnfinished(signedOutAt: world.clock.unixMilliseconds - age)
        let sent = world.transport.requests("GlobalSignOut").count
        let report = try world.resume()
        #expect(report.outcome == .partial)
        #expect(report.globalSignOut == .notAttempted)
        #expect(report.globalSignOutFailure?.message.contains("given up") == true)
        #expect(report.revocation == .done)
        #expect(report.partialFailureToken == nil)
        #expect(world.transport.requests("GlobalSignOut").count == sent)
        #expect(world.isForgotten)
    }

    @Test(
        "Is given up where the same user, or who may be that, is signed in here again",
        arguments: ["sub-of-alice", nil])
    func sameUser(sub: String?) throws {
        let world = try KeepingScene.signedOutOffline(globally: true)
        world.store.sessions = [FakeWorld.item(access: SampleToken.access(sub: sub), refresh: "new")]
        let sent = world.transport.requests("GlobalSignOut").count
        let report = try world.resume()
        #expect(report.outcome == .partial)
        #expect(report.globalSignOut == .notAttempted)
        #expect(report.signedOutLocally == .no)
        #expect(world.transport.requests("GlobalSignOut").count == sent)
        #expect(world.transport.revoked.last == SampleToken.refresh)
        #expect(!world.transport.revoked.contains("new"))
        #expect(world.store.sessions.count == 1)
        #expect(world.store.unfinished.isEmpty)
    }

    @Test("Is sent where another user is signed in here")
    func otherUser() throws {
        let world = try KeepingScene.signedOutOffline(globally: true)
        world.store.sessions = [
            FakeWorld.item(access: SampleToken.access(sub: "bob", username: "bob"), refresh: "bobs-token")
        ]
        #expect(try world.resume().globalSignOut == .done)
        #expect(world.store.sessions.count == 1)
        #expect(!world.transport.revoked.contains("bobs-token"))
    }

    @Test("Is given up for good when the same user's session is stored")
    func storing() throws {
        let world = try KeepingScene.signedOutOffline(globally: true)
        world.transport.goOffline()
        try world.save(FakeWorld.session(refresh: "new"))
        #expect(try world.keptSteps == [StepsLeft(revoke: [SampleToken.refresh])])
        try world.save(FakeWorld.session(refresh: "newer"))
        world.transport.goOnline()
        let sent = world.transport.requests("GlobalSignOut").count
        #expect(try world.resume().revocation == .done)
        #expect(world.transport.requests("GlobalSignOut").count == sent)
    }

    @Test("Leaves nothing kept where it is given up and was all that was left, and is not sent any more")
    func storingWithoutRefreshToken() throws {
        let world = KeepingScene.signedIn(refresh: nil)
        world.transport.goOffline()
        #expect(try world.signOut(globally: true).kept == .yes)
        try world.save(FakeWorld.session(refresh: "new"))
        #expect(world.store.unfinished.isEmpty)
        world.transport.goOnline()
        world.store.sessions = []
        let sent = world.transport.requests("GlobalSignOut").count
        #expect(try world.resume().globalSignOut != .done)
        #expect(world.transport.requests("GlobalSignOut").count == sent)
    }

    @Test("Is written down as left under the session's lock: no save gives it up meanwhile")
    func writtenUnderLock() throws {
        let world = try KeepingScene.interrupted(globally: true)
        world.transport.goOffline()
        var isLocked: [Bool] = []
        world.journal.onStep = { [world] in
            if world.journal.entries.last?.step == "updateUnfinished" { isLocked.append(world.lock.isTaken) }
        }
        #expect(try world.resume().kept == .yes)
        #expect(isLocked == [true])
    }

    @Test("Is looked up again under the session's lock, just before it is sent")
    func meanwhile() throws {
        let world = try KeepingScene.signedOutOffline(globally: true)
        let takes = world.journal.entries.filter { $0.step == "take" }.count
        world.journal.whenBegun["take \(takes + 2)"] = {
            world.store.addSession(FakeWorld.item(refresh: "new"), as: "new")
        }
        let sent = world.transport.requests("GlobalSignOut").count
        #expect(try world.resume().globalSignOut == .notAttempted)
        #expect(world.transport.requests("GlobalSignOut").count == sent)
        #expect(world.store.sessions.count == 1)
    }

    @Test("Holds RevokeToken back while it may work later, and is given up where Cognito refuses it")
    func refused() throws {
        let world = try KeepingScene.signedOutOffline(globally: true)
        let sent = world.transport.revoked.count
        world.transport.script(
            "GlobalSignOut", .exception("TooManyRequestsException"), .exception("TooManyRequestsException"),
            .exception("TooManyRequestsException"))
        #expect(try world.resume().kept == .yes)
        #expect(world.transport.revoked.count == sent)
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "Access Token has been revoked"))
        let report = try world.resume()
        #expect(report.outcome == .partial)
        #expect(report.globalSignOutFailure?.status == .sessionEnded)
        #expect(world.transport.revoked.last == SampleToken.refresh)
        #expect(world.isForgotten)
    }

    @Test("Rotated tokens are written down before they are used")
    func rotated() throws {
        let world = try KeepingScene.signedOutOffline(globally: true)
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script(
            "GetTokensFromRefreshToken",
            .tokens(access: SampleToken.access(exp: SampleToken.expiry + 3600), refresh: "rotated"))
        var kept: [String]?
        world.transport.onRequest = { if $0 == "GlobalSignOut" { kept = try? world.keptSteps.first?.revoke } }
        #expect(try world.resume().outcome == .complete)
        #expect(kept == ["rotated"])
        #expect(world.transport.revoked.last == "rotated")
    }
}
