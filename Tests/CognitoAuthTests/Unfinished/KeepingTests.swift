// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A sign-out that keeps what it cannot finish")
struct KeepingTests {
    @Test("Writes down what it is about to do before it does it, and removes that last")
    func order() throws {
        let world = KeepingScene.signedIn()
        let report = try world.signOut(globally: true)
        #expect(report.outcome == .complete)
        #expect(report.kept == .no)
        #expect(report.unfinishedCount == 0)
        #expect(world.isForgotten)
        let steps = world.journal.entries.map(\.step)
        #expect(
            steps == [
                "take", "look", "createUnfinished", "GlobalSignOut", "rereadUnfinished", "updateUnfinished",
                "RevokeToken", "rereadUnfinished", "updateUnfinished", "reread", "delete", "look",
                "rereadUnfinished", "deleteUnfinished", "release",
            ])
    }

    @Test("Keeps what is open where Cognito cannot be reached, and says so", arguments: [false, true])
    func offline(globally: Bool) throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let report = try world.signOut(globally: globally)
        #expect(report.outcome == .partial)
        #expect(report.kept == .yes)
        #expect(report.unfinishedCount == 1)
        #expect(world.store.sessions.isEmpty)
        #expect(world.store.unfinished.count == 1)
        let token = try #require(report.partialFailureToken)
        let steps = try PartialFailureToken.decode(token, for: Configuration.checked(world.options))
        #expect(steps.record == "session of /item/1")
        #expect(steps.isGlobalSignOutOpen == globally)
    }

    @Test("Leaves nothing where the client does not ask for it")
    func off() throws {
        let world = FakeWorld.signedIn()
        world.transport.goOffline()
        let report = try world.signOut()
        #expect(report.kept == .no)
        #expect(report.unfinishedCount == 0)
        #expect(world.isForgotten)
    }

    @Test("Goes on where the keyring does not take it, and says that nothing is kept")
    func notWritten() throws {
        let world = KeepingScene.signedIn()
        world.store.storeFailure = AuthFailure(.keyringFailed)
        world.transport.goOffline()
        let report = try world.signOut()
        #expect(report.outcome == .partial)
        #expect(report.kept == .no)
        #expect(report.unfinishedCount == 0)
        #expect(report.partialFailureToken != nil)
        #expect(world.isForgotten)
    }

    @Test("Cancelled before anything was sent, removes what was written, and the user stays signed in")
    func cancelled() throws {
        let world = KeepingScene.signedIn()
        world.cancel(.after("createUnfinished 1"))
        let report = try world.signOut()
        #expect(report.failure?.status == .cancelled)
        #expect(report.kept == .no)
        #expect(world.store.unfinished.isEmpty)
        #expect(world.transport.requests.isEmpty)
        world.cancellation.isCancelled = false
        #expect(try world.load().session.username == "alice")
    }

    @Test("Cancelled, looks twice whether what was written is gone: one look that fails does not sign the user out")
    func cancelledAndLookedTwice() throws {
        let world = KeepingScene.signedIn()
        world.cancel(.after("createUnfinished 1"))
        world.journal.whenBegun["lookUnfinished 2"] = { world.store.markFailure = AuthFailure(.keyringFailed) }
        world.journal.whenBegun["lookUnfinished 3"] = { world.store.markFailure = nil }
        let report = try world.signOut()
        #expect(report.failure?.status == .cancelled)
        #expect(report.kept == .no)
        #expect(world.store.unfinished.isEmpty)
        world.cancellation.isCancelled = false
        #expect(try world.load().session.username == "alice")
    }

    @Test("Is written down again before the session is deleted, also where the first look did not show it")
    func seenLater() throws {
        let world = KeepingScene.signedIn()
        world.journal.whenBegun["lookUnfinished 1"] = { world.store.markFailure = AuthFailure(.keyringFailed) }
        world.journal.whenBegun["RevokeToken 1"] = { world.store.markFailure = nil }
        world.transport.goOffline()
        world.journal.whenBegun["reread 1"] = {
            world.store.refreshSession(with: FakeWorld.item(refresh: "of-another-process"))
        }
        var kept: [String]?
        world.journal.whenBegun["delete 1"] = { kept = try? world.keptSteps.first?.revoke }
        let report = try world.signOut()
        #expect(kept == [SampleToken.refresh, "of-another-process"])
        #expect(report.kept == .yes)
    }

    @Test("Is not undone where it was cancelled and what was written cannot be removed")
    func notUndone() throws {
        let world = KeepingScene.signedIn()
        world.cancel(.after("createUnfinished 1"))
        world.journal.whenBegun["deleteUnfinished 1"] = { world.store.deleteFailure = AuthFailure(.keyringFailed) }
        world.journal.whenBegun["delete 1"] = { world.store.deleteFailure = nil }
        let report = try world.signOut()
        #expect(report.outcome == .partial)
        #expect(report.revocationFailure?.status == .cancelled)
        #expect(report.signedOutLocally == .yes)
        #expect(report.kept == .yes)
        #expect(world.store.sessions.isEmpty)
        #expect(world.transport.requests.isEmpty)
    }

    @Test("Is not undone where it was cancelled and another process, which saw it, has deleted the session meanwhile")
    func deletedMeanwhile() throws {
        let world = KeepingScene.signedIn()
        world.transport.isSentWhenCancelled = false
        world.transport.onRequest = { _ in
            world.store.sessions = []
            world.cancellation.isCancelled = true
        }
        let report = try world.signOut()
        #expect(report.outcome == .partial)
        #expect(report.revocationFailure?.status == .cancelled)
        #expect(report.kept == .yes)
        #expect(try world.keptSteps == [StepsLeft(revoke: [SampleToken.refresh])])
    }

    @Test("Nobody may cut the writing short: it would sign out later a user who has cancelled that")
    func writing() throws {
        let world = KeepingScene.signedIn()
        world.cancel(.in("createUnfinished 1"))
        #expect(try world.signOut().failure?.status == .cancelled)
        let limit = try #require(world.store.limits.first { $0.step == "createUnfinished" }).limit
        #expect(limit.cancellation == nil)
        #expect(world.store.unfinished.isEmpty)
    }

    @Test("Rotated tokens are written down before they are used")
    func rotated() throws {
        let world = KeepingScene.signedIn()
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script(
            "GetTokensFromRefreshToken",
            .tokens(access: SampleToken.access(exp: SampleToken.expiry + 3600), refresh: "rotated"))
        var kept: [String]?
        world.transport.onRequest = { operation in
            if operation == "GlobalSignOut" { kept = try? world.keptSteps.first?.revoke }
        }
        let report = try world.signOut(globally: true)
        #expect(report.outcome == .complete)
        #expect(kept == ["rotated"])
        #expect(world.transport.revoked == ["rotated"])
        #expect(world.isForgotten)
    }

    @Test("Does not keep what is left for the browser alone")
    func browser() throws {
        let world = KeepingScene.signedIn()
        world.configureHostedUI()
        world.store.sessions = [FakeWorld.item(method: .hostedUI)]
        BrowserFault.unavailable.happen(in: world)
        let report = try world.signOut()
        #expect(report.outcome == .partial)
        #expect(report.hostedUIFailure != nil)
        #expect(report.kept == .no)
        #expect(world.store.unfinished.isEmpty)
        #expect(report.partialFailureToken != nil)
    }

    @Test("What the keyring took without saying so is found, and kept")
    func storedAllTheSame() throws {
        let world = KeepingScene.signedIn()
        world.store.hangsFrom = "createUnfinished 1"
        world.store.storesAllTheSame = true
        world.journal.whenBegun["look 2"] = { world.store.isHanging = false }
        world.journal.whenBegun["RevokeToken 1"] = { world.store.isHanging = false }
        world.transport.goOffline()
        let report = try world.signOut()
        #expect(report.outcome == .partial)
        #expect(report.kept == .yes)
        #expect(report.unfinishedCount == 1)
        #expect(try world.keptSteps == [StepsLeft(revoke: [SampleToken.refresh])])
    }

    @Test("What could not be written once is written with the next step")
    func writtenLater() throws {
        let world = KeepingScene.signedIn()
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        world.journal.whenBegun["updateUnfinished 1"] = { world.store.storeFailure = AuthFailure(.keyringFailed) }
        world.journal.whenBegun["rereadUnfinished 3"] = { world.store.storeFailure = nil }
        let report = try world.signOut(globally: true)
        #expect(report.globalSignOut == .done)
        #expect(report.kept == .yes)
        #expect(try world.keptSteps == [StepsLeft(revoke: [SampleToken.refresh])])
    }

    @Test("Is not complete where all is done and what was written stays, and says what can be done about that")
    func leftBehind() throws {
        let world = KeepingScene.signedIn()
        world.journal.whenBegun["deleteUnfinished 1"] = { world.store.deleteFailure = AuthFailure(.keyringFailed) }
        let report = try world.signOut()
        #expect(report.outcome == .partial)
        #expect(report.signedOutLocally == .yes)
        #expect(report.revocation == .done)
        #expect(report.revocationFailure?.status == .keyringFailed)
        #expect(report.revocationFailure?.suggestion == "Try again; if it fails again, restart the keyring.")
        #expect(report.partialFailureToken == nil)
        #expect(report.kept == .unknown)
        #expect(report.unfinishedCount == 1)
    }
}
