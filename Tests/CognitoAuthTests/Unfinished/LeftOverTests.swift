// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Unfinished sign-outs that are damaged, foreign, many or old, or met in passing")
struct LeftOverTests {
    @Test("Row L6: one that is damaged is removed, and that is said")
    func damaged() throws {
        let world = try KeepingScene.signedOutOffline()
        world.store.unfinished = [SecretBytes("{}")]
        let report = try world.resume()
        #expect(report.outcome == .partial)
        #expect(report.invalidSessionFailure?.status == .invalidSession)
        #expect(report.unfinishedCount == 0)
        #expect(world.store.unfinished.isEmpty)
    }

    @Test("Row L6: the session that a damaged one names is deleted and revoked first")
    func damagedAndInterrupted() throws {
        let world = try KeepingScene.interrupted()
        world.store.items = world.store.items.map { item in
            item.attributes.kind == .unfinished
                ? StoredItem(path: item.path, attributes: item.attributes, secret: SecretBytes("?")) : item
        }
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(world.transport.revoked.last == SampleToken.refresh)
        #expect(world.isForgotten)
    }

    @Test("Row L6: one of a newer version is left alone, counted and said")
    func newer() throws {
        let world = try KeepingScene.signedOutOffline()
        let secret = SecretBytes(#"{"version":2}"#)
        world.store.unfinished = [secret]
        let sent = world.transport.requests.count
        let report = try world.resume()
        #expect(report.outcome == .partial)
        #expect(report.revocationFailure?.status == .notSupported)
        #expect(report.revocationFailure?.suggestion == "Update the library, or leave the option out.")
        #expect(report.unfinishedCount == 1)
        #expect(world.store.unfinished.map { $0?.text } == [secret.text])
        #expect(world.transport.requests.count == sent)
    }

    @Test("Row L6: one of another pool is left alone, and not counted")
    func foreign() throws {
        let world = try KeepingScene.signedOutOffline()
        world.options.userPoolID = "eu-west-1_Another00"
        let sent = world.transport.requests.count
        let report = try world.resume()
        #expect(report.outcome == .complete)
        #expect(report.unfinishedCount == 0)
        #expect(world.store.unfinished.count == 1)
        #expect(world.transport.requests.count == sent)
    }

    @Test("At most 16 are kept: the oldest are given up, after they were tried")
    func many() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        for number in 1...18 {
            world.clock.monotonicMilliseconds += 1000
            world.store.sessions = [FakeWorld.item(refresh: "token-\(number)")]
            _ = try world.signOut()
        }
        let report = try world.resume()
        #expect(report.unfinishedCount == 16)
        #expect(try world.keptSteps.count == 16)
        #expect(try !world.keptSteps.contains { $0.revoke == ["token-1"] || $0.revoke == ["token-2"] })
        #expect(world.transport.revoked.contains("token-1"))
        #expect(world.lines.contains { $0.level == .warning && $0.text.contains("given up") })
    }

    @Test("One is kept for 90 days", arguments: [(89, true), (91, false)])
    func old(days: Int64, isKept: Bool) throws {
        let world = try KeepingScene.signedOutOffline()
        try world.changeUnfinished(signedOutAt: world.clock.unixMilliseconds - days * 86_400_000)
        world.transport.goOffline()
        _ = try world.resume()
        #expect(world.store.unfinished.isEmpty != isKept)
    }

    @Test("A save revokes in passing, and not while it holds the session's lock")
    func save() throws {
        let world = try KeepingScene.signedOutOffline()
        world.transport.onRequest = { _ in #expect(!world.lock.isTaken) }
        try world.save(
            FakeWorld.session(
                access: SampleToken.access(sub: "bob", username: "bob"), refresh: "bobs-token", username: "bob"))
        #expect(world.transport.revoked.last == SampleToken.refresh)
        #expect(world.store.unfinished.isEmpty)
        #expect(try world.load().session.username == "bob")
    }

    @Test("A sign-out does so too, its outcome is its own, and it counts what is left")
    func signOut() throws {
        let world = try KeepingScene.signedOutOffline()
        world.store.sessions = [FakeWorld.item(refresh: "second")]
        let report = try world.signOut()
        #expect(report.outcome == .complete)
        #expect(report.unfinishedCount == 0)
        #expect(Array(world.transport.revoked.suffix(2)) == ["second", SampleToken.refresh])
        #expect(world.isForgotten)
    }

    @Test(
        "Nothing is tried in passing where Cognito could not be reached, where GlobalSignOut is open, or where another process resumes",
        arguments: [0, 1, 2])
    func notTried(reason: Int) throws {
        let world = try KeepingScene.signedOutOffline(globally: reason == 1)
        world.store.sessions = [FakeWorld.item(access: SampleToken.access(sub: "bob"), refresh: "second")]
        if reason == 0 { world.transport.goOffline() }
        if reason == 2 { world.resumeLock.scope = .heldElsewhere }
        let sent = world.transport.revoked.filter { $0 == SampleToken.refresh }.count
        let report = try world.signOut()
        #expect(world.transport.revoked.filter { $0 == SampleToken.refresh }.count == sent)
        #expect(report.unfinishedCount == (reason == 0 ? 2 : 1))
    }

    @Test("What a sign-out could not do itself it does not try again in passing")
    func own() throws {
        let world = try KeepingScene.signedOutOffline()
        world.store.sessions = [FakeWorld.item(refresh: "second")]
        world.transport.script("RevokeToken", .exception("ForbiddenException"))
        let report = try world.signOut()
        #expect(report.outcome == .partial)
        #expect(report.kept == .yes)
        #expect(report.unfinishedCount == 1)
        #expect(world.transport.revoked.filter { $0 == "second" }.count == 1)
        #expect(world.transport.revoked.last == SampleToken.refresh)
    }

    @Test("Row L6: a damaged one is told of beside one that stays open, too", arguments: [false, true])
    func damagedBeside(isOlder: Bool) throws {
        let world = try KeepingScene.signedOutOffline()
        let damaged = StoredItem(
            path: "/damaged", attributes: ItemAttributes(.unfinished, session: "x"), secret: SecretBytes("{}"))
        world.store.items.insert(damaged, at: isOlder ? 0 : world.store.items.count)
        world.transport.goOffline()
        let report = try world.resume()
        #expect(report.invalidSessionFailure?.status == .invalidSession)
        #expect(report.revocationFailure?.status == .hostNotFound)
        #expect(report.kept == .yes)
        #expect(report.unfinishedCount == 1)
    }

    @Test("A sign-out that is cancelled in passing counts what it did not get to")
    func cancelledInPassing() throws {
        let world = try ResumeTests.twoSignedOut()
        world.store.sessions = [FakeWorld.item(refresh: "third")]
        world.transport.onRequest = { _ in
            if world.transport.revoked.last != "third" { world.cancellation.isCancelled = true }
        }
        let report = try world.signOut()
        #expect(report.outcome == .complete)
        #expect(report.unfinishedCount == 2)
        #expect(world.store.unfinished.count == 2)
    }
}
