// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Finishing what the keyring keeps")
struct ResumeTests {
    @Test("Row L1: what was signed out offline is finished: the token is revoked, and nothing is left")
    func finishes() throws {
        let world = try KeepingScene.signedOutOffline()
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(report.revocation == .done)
        #expect(report.kept == .no)
        #expect(report.unfinishedCount == 0)
        #expect(report.partialFailureToken == nil)
        #expect(report.signedOutLocally == .yes)
        #expect(report.wasSignedIn == .no)
        #expect(world.transport.revoked.last == SampleToken.refresh)
        #expect(world.isForgotten)
        #expect(!world.lock.isTaken)
        #expect(!world.resumeLock.isTaken)
    }

    @Test("Where there is nothing to finish, one look is all")
    func nothing() throws {
        let world = FakeWorld.signedIn()
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(report.revocation == .notRequested)
        #expect(report.wasSignedIn == .yes)
        #expect(report.signedOutLocally == .no)
        #expect(world.journal.line == "look")
    }

    @Test("Row L2: what was interrupted is deleted first, and then revoked", arguments: [false, true])
    func interrupted(globally: Bool) throws {
        let world = try KeepingScene.interrupted(globally: globally)
        let start = world.journal.entries.count
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(world.isForgotten)
        let steps = world.journal.entries[start...].filter { $0.channel != .lock && $0.channel != .resumeLock }
            .map(\.step)
        let deleted = try #require(steps.firstIndex(of: "delete"))
        #expect(try #require(steps.firstIndex(of: "RevokeToken")) > deleted)
        #expect(world.events.last == .signedOut)
    }

    @Test("The session's lock is not held while RevokeToken is under way, and is while GlobalSignOut is")
    func locks() throws {
        let world = try KeepingScene.interrupted(globally: true)
        var held: [String: [Bool]] = [:]
        world.transport.onRequest = { operation in
            held[operation, default: []].append(world.lock.isTaken)
            #expect(world.resumeLock.isTaken)
        }
        #expect(try world.resume().outcome == .complete)
        #expect(held == ["GlobalSignOut": [true], "RevokeToken": [false]])
    }

    @Test("Row L3: each of two sign-outs is finished, the oldest first")
    func two() throws {
        let world = try KeepingScene.signedOutOffline()
        world.transport.goOffline()
        world.clock.monotonicMilliseconds += 1000
        world.store.sessions = [FakeWorld.item(refresh: "second")]
        #expect(try world.signOut().unfinishedCount == 2)
        world.transport.goOnline()
        let sent = world.transport.revoked.count
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(Array(world.transport.revoked[sent...]) == [SampleToken.refresh, "second"])
        #expect(world.isForgotten)
    }

    @Test("Row L5: without a network it stays, and is counted", arguments: [false, true])
    func offline(globally: Bool) throws {
        let world = try KeepingScene.signedOutOffline(globally: globally)
        world.transport.goOffline()
        let before = try world.keptSteps
        let report = try world.resume()
        #expect(report.outcome == .partial)
        #expect(report.kept == .yes)
        #expect(report.unfinishedCount == 1)
        #expect(report.partialFailureToken != nil)
        #expect(try world.keptSteps == before)
    }

    @Test("Row L8: a keyring that is locked or away is a failure, and nothing is lost")
    func locked() throws {
        let world = try KeepingScene.signedOutOffline()
        world.store.lockedFromCall = 0
        let report = try world.resume()
        #expect(report.failure?.status == .keyringLocked)
        #expect(report.failure?.suggestion == "Unlock the keyring and try again.")
        #expect(report.signedOutLocally == .unknown)
        world.store.lockedFromCall = nil
        #expect(try world.resume().outcome == .complete)
        #expect(world.isForgotten)
    }

    @Test("While the deletion fails it stays whatever else there is, and nothing is sent for it")
    func undeletable() throws {
        let world = try KeepingScene.interrupted()
        let sent = world.transport.requests.count
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        let report = try world.resume()
        #expect(report.outcome == .failed)
        #expect(report.failure?.status == .keyringAccessDenied)
        #expect(report.signedOutLocally == .no)
        #expect(report.kept == .yes)
        #expect(report.unfinishedCount == 1)
        #expect(world.transport.requests.count == sent)
        world.store.deleteFailure = nil
        #expect(try world.retry(#require(report.partialFailureToken)).outcome == .complete)
        #expect(world.isForgotten)
    }

    @Test("A refresh token that only the stored session has is written down before that is deleted, and revoked")
    func takenOver() throws {
        let world = try KeepingScene.interrupted()
        world.store.refreshSession(with: FakeWorld.item(refresh: "newer"))
        world.transport.goOffline()
        #expect(try world.resume().outcome == .partial)
        #expect(world.store.sessions.isEmpty)
        let kept = try world.keptSteps
        #expect(kept == [StepsLeft(revoke: [SampleToken.refresh, "newer"])])
        world.transport.goOnline()
        #expect(try world.resume().outcome == .complete)
        #expect(world.transport.revoked.suffix(2) == [SampleToken.refresh, "newer"])
    }

    @Test(
        "What Cognito says of the refresh token ends it, or leaves it",
        arguments: [
            ("NotAuthorizedException", "Refresh Token has been revoked", true),
            ("NotAuthorizedException", "Refresh Token has expired", true),
            ("UserNotFoundException", "User does not exist.", true),
            ("UnsupportedOperationException", "Revocation is not enabled.", true),
            ("NotAuthorizedException", "User is disabled.", false),
            ("NotAuthorizedException", "Unable to verify secret hash for client", false),
            ("NotAuthorizedException", "Access Token has expired", false),
            ("InvalidParameterException", "No.", false),
            ("ForbiddenException", "Request not allowed due to WAF block.", false),
            ("TooManyRequestsException", "Slow down.", false),
            ("InternalErrorException", "Oh.", false),
        ])
    func answers(name: String, message: String, ends: Bool) throws {
        let world = try KeepingScene.signedOutOffline()
        world.transport.always("RevokeToken", .exception(name, message))
        let report = try world.resume()
        #expect(report.outcome == (ends ? .complete : .partial))
        #expect(world.store.unfinished.isEmpty == ends)
    }

    @Test("A server that stalls has its share of the time, and the others get theirs")
    func stalls() throws {
        let world = try KeepingScene.signedOutOffline()
        world.transport.goOffline()
        world.clock.monotonicMilliseconds += 1000
        world.store.sessions = [FakeWorld.item(refresh: "second")]
        _ = try world.signOut()
        world.transport.goOnline()
        world.transport.script("RevokeToken", .stall(.networkTimedOut, wasSent: true))
        let report = try world.resume()
        #expect(report.outcome == .partial)
        #expect(report.unfinishedCount == 1)
        #expect(world.transport.revoked.last == "second")
    }

    @Test("Cancelled, it fails, and keeps what it did not get to")
    func cancelled() throws {
        let world = try KeepingScene.signedOutOffline()
        world.cancel(.after("lookUnfinished 2"))
        world.journal.whenBegun["takeResume 1"] = { world.cancellation.isCancelled = true }
        let report = try world.resume()
        #expect(report.failure?.status == .cancelled)
        #expect(world.store.unfinished.count == 1)
    }

    @Test("That ends before a sign-out has its turn tells that its steps were not attempted", arguments: [false, true])
    func beforeItsTurn(globally: Bool) throws {
        let world = try KeepingScene.signedOutOffline(globally: globally)
        world.cancel(.in("takeResume 1"))
        let report = try world.resume()
        #expect(report.failure?.status == .cancelled)
        #expect(report.kept == .yes)
        #expect(report.globalSignOut == (globally ? .notAttempted : .notRequested))
        #expect(report.revocation == .notAttempted)
    }

    @Test("While another process resumes and does not end, it is busy")
    func busy() throws {
        let world = try KeepingScene.signedOutOffline()
        world.resumeLock.scope = .heldElsewhere
        let sent = world.transport.requests.count
        let report = try world.resume()
        #expect(report.failure?.status == .busy)
        #expect(world.transport.requests.count == sent)
        #expect(!world.resumeLock.isTaken)
    }

    @Test("Cancelled between two, it is not complete")
    func cancelledBetween() throws {
        let world = try Self.twoSignedOut()
        world.journal.whenBegun["deleteUnfinished 1"] = { world.cancellation.isCancelled = true }
        let report = try world.resume()
        #expect(report.failure?.status == .cancelled)
        #expect(report.revocation == .notAttempted)
        #expect(report.kept == .yes)
        #expect(report.unfinishedCount == 1)
        #expect(world.store.unfinished.count == 1)
    }

    @Test("What vanishes while it resumes was taken back or thrown away by somebody: it is revoked all the same")
    func vanished() throws {
        let world = try KeepingScene.signedOutOffline()
        let sent = world.transport.revoked.count
        world.journal.onStep = {
            if world.journal.entries.last?.step == "rereadUnfinished" { world.store.unfinished = [] }
        }
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(report.kept == .no)
        #expect(report.unfinishedCount == 0)
        #expect(world.transport.revoked.dropFirst(sent) == [SampleToken.refresh])
    }

    @Test("What vanishes and cannot be revoked is in the result's token alone")
    func vanishedOffline() throws {
        let world = try KeepingScene.signedOutOffline(globally: true)
        world.transport.goOffline()
        world.journal.onStep = {
            if world.journal.entries.last?.step == "rereadUnfinished" { world.store.unfinished = [] }
        }
        let report = try world.resume()
        #expect(report.outcome == .partial)
        #expect(report.kept == .no)
        #expect(report.unfinishedCount == 0)
        #expect(try world.summary(report).openSteps == StepsLeft(revoke: [SampleToken.refresh]))
    }

    @Test(
        "What vanishes after a refresh token of the session was written into it is revoked with that one",
        arguments: [false, true])
    func vanishedAfterTakingOver(isDamaged: Bool) throws {
        let world = try KeepingScene.interrupted()
        world.store.refreshSession(with: FakeWorld.item(refresh: "newer"))
        if isDamaged {
            world.store.items = world.store.items.map { item in
                item.attributes.kind == .unfinished
                    ? StoredItem(path: item.path, attributes: item.attributes, secret: SecretBytes("?")) : item
            }
        }
        world.journal.whenDone["delete 2"] = { world.store.unfinished = [] }
        let sent = world.transport.revoked.count
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(world.isForgotten)
        #expect(world.transport.revoked.dropFirst(sent) == (isDamaged ? ["newer"] : [SampleToken.refresh, "newer"]))
    }

    /// Two users have signed out without a network, which is back.
    static func twoSignedOut() throws -> FakeWorld {
        let world = try KeepingScene.signedOutOffline()
        world.transport.goOffline()
        world.clock.monotonicMilliseconds += 1000
        world.store.sessions = [FakeWorld.item(refresh: "second")]
        _ = try world.signOut()
        world.transport.goOnline()
        return world
    }

    @Test("A session that was stored in the place of one that vanished is not touched")
    func replaced() throws {
        let world = try KeepingScene.signedOutOffline()
        let session = FakeWorld.item(refresh: "new")
        world.journal.onStep = {
            guard world.journal.entries.last?.step == "rereadUnfinished" else { return }
            world.store.items = world.store.items.map {
                $0.attributes.kind == .unfinished
                    ? StoredItem(path: $0.path, attributes: ItemAttributes(.session, session: "new"), secret: session)
                    : $0
            }
        }
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(report.invalidSessionFailure == nil)
        #expect(world.store.sessions.map { $0?.text } == [session?.text])
        #expect(world.transport.revoked.last == SampleToken.refresh)
    }
}
