// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A session that an unfinished sign-out names is signed out")
struct EndedSessionTests {
    private func interrupted() throws -> FakeWorld {
        let world = try KeepingScene.interrupted()
        // Whatever the client's own option is.
        world.options.keepsUnfinished = false
        return world
    }

    @Test("Load says that nobody is signed in, and changes nothing")
    func load() throws {
        let world = try interrupted()
        #expect(throws: AuthFailure.self) { try world.load() }
        #expect(world.store.sessions.count == 1)
        #expect(world.store.unfinished.count == 1)
    }

    @Test("Fetch says so too, and deletes it")
    func fetch() throws {
        let world = try interrupted()
        let error = try #require(throws: SessionFailure.self) { try world.fetch() }
        #expect(error.failure.status == .notSignedIn)
        #expect(world.store.sessions.isEmpty)
        #expect(world.store.unfinished.count == 1)
    }

    @Test(
        "So it is where only the attribute names it, and what is written is damaged, or newer",
        arguments: ["?", #"{"version":2}"#])
    func unreadable(secret: String) throws {
        let world = try interrupted()
        world.store.items = world.store.items.map { item in
            item.attributes.kind == .unfinished
                ? StoredItem(path: item.path, attributes: item.attributes, secret: SecretBytes(secret)) : item
        }
        #expect(throws: AuthFailure.self) { try world.load() }
    }

    @Test("Items of 0.1 are named by their refresh token, damaged ones by all of them", arguments: [false, true])
    func withoutAttribute(isDamaged: Bool) throws {
        let world = KeepingScene.signedIn()
        if isDamaged { world.store.sessions = [SecretBytes("{}")] }
        world.store.removeIdentities()
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        #expect(try world.signOut().kept == .yes)
        #expect(throws: AuthFailure.self) { try world.load() }
        world.store.deleteFailure = nil
        _ = try world.resume()
        #expect(world.isForgotten)
    }

    @Test("Save sees nobody, stores the new session, and deletes the old one")
    func save() throws {
        let world = try interrupted()
        let session = FakeWorld.session(
            access: SampleToken.access(sub: "bob", username: "bob"), refresh: "bobs-token", username: "bob")
        try world.save(session)
        #expect(try world.load().session.username == "bob")
        #expect(world.store.sessions.count == 1)
    }

    @Test("A sign-out finds nobody signed in, and deletes it; where that fails, it failed")
    func signOut() throws {
        let world = try interrupted()
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        let failed = try world.signOut()
        #expect(failed.outcome == .failed)
        #expect(failed.wasSignedIn == .no)
        #expect(failed.signedOutLocally == .no)
        #expect(failed.kept == .yes)
        #expect(failed.partialFailureToken != nil)
        world.store.deleteFailure = nil
        let report = try world.signOut()
        #expect(report.outcome == .complete)
        #expect(report.wasSignedIn == .no)
        #expect(report.signedOutLocally == .yes)
        #expect(world.store.sessions.isEmpty)
    }

    @Test("A sign-out of another session deletes both, and not what is written of the first")
    func another() throws {
        let world = try interrupted()
        world.store.addSession(FakeWorld.item(refresh: "new", savedAt: 5), as: "new")
        world.transport.goOffline()
        let report = try world.signOut()
        #expect(report.outcome == .partial)
        #expect(report.signedOutLocally == .yes)
        #expect(report.kept == .no)
        #expect(report.unfinishedCount == 1)
        #expect(world.store.sessions.isEmpty)
        #expect(try world.keptSteps.map(\.revoke) == [[SampleToken.refresh]])
    }

    @Test("A sign-out of another session writes down first what refresh token only the ended one holds")
    func anotherAndRefreshed() throws {
        let world = try interrupted()
        world.store.refreshSession(with: FakeWorld.item(refresh: "newer"))
        world.store.addSession(FakeWorld.item(refresh: "new", savedAt: 5), as: "new")
        world.transport.goOffline()
        let report = try world.signOut()
        #expect(report.signedOutLocally == .yes)
        #expect(world.store.sessions.isEmpty)
        #expect(try world.keptSteps.map(\.revoke) == [[SampleToken.refresh, "newer"]])
    }

    /// An ended session was refreshed since, which the keyring does not let anybody write down; and bob has signed in.
    private func unwritable() throws -> FakeWorld {
        let world = try interrupted()
        world.store.refreshSession(with: FakeWorld.item(refresh: "newer"))
        world.store.addSession(FakeWorld.item(refresh: "new", savedAt: 5), as: "new")
        world.store.storeFailure = AuthFailure(.keyringFailed)
        return world
    }

    @Test("Where that cannot be written down, the ended session stays, and the sign-out of the other one failed")
    func anotherAndNotWritten() throws {
        let world = try unwritable()
        let report = try world.signOut()
        let expected = ReportSummary(
            .failed, signedOutLocally: .no, revocation: .done, failure: .keyringFailed,
            openSteps: StepsLeft(deletions: 2))
        #expect(try world.summary(report) == expected)
        #expect(world.storedSessions == [FakeWorld.item(refresh: "newer")?.text])
    }

    @Test("That is told as what it is: nobody has signed in meanwhile")
    func anotherAndNotWrittenTold() throws {
        let report = try unwritable().signOut()
        let failure = try #require(report.failure)
        #expect(failure.message == "The keyring did not do what was asked of it. (the session is still there)")
        #expect(failure.suggestion == "Retry with the partial-failure token; if it fails again, restart the keyring.")
    }

    @Test("A retry revokes what could not be written down, and deletes the session")
    func anotherAndNotWrittenRetried() throws {
        let world = try unwritable()
        let token = try #require(try world.signOut().partialFailureToken)
        world.store.storeFailure = nil
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(world.transport.revoked.last == "newer")
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Row L9: a refresh that was under way hears that nobody is signed in, and what it got is revoked")
    func refresh() throws {
        let world = KeepingScene.signedIn()
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.script(
            "GetTokensFromRefreshToken",
            .tokens(access: SampleToken.access(exp: SampleToken.expiry + 3600), refresh: "rotated"))
        world.journal.whenDone["GetTokensFromRefreshToken 1"] = {
            let secret = UnfinishedSignOut.encode(
                OpenSteps(
                    subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: nil,
                    otherRefreshTokens: [OpenRevocation(token: SecretBytes(SampleToken.refresh))]),
                signedOutAt: world.clock.unixMilliseconds, for: (try? Configuration.checked(world.options))!)
            let session = world.store.items[0].attributes.session
            world.store.items.append(
                StoredItem(path: "/u", attributes: ItemAttributes(.unfinished, session: session), secret: secret))
        }
        let error = try #require(throws: SessionFailure.self) { try world.fetch() }
        #expect(error.failure.status == .notSignedIn)
        #expect(error.unsaved == nil)
        #expect(world.transport.revoked == ["rotated"])
        world.transport.goOffline()
        _ = try world.resume()
        #expect(world.store.sessions.isEmpty)
        let kept = try world.keptSteps
        #expect(kept == [StepsLeft(revoke: [SampleToken.refresh, "rotated"])])
    }

    @Test("A refresh token that it got since the look is written down too before it is deleted")
    func refreshedSinceTheLook() throws {
        let world = try interrupted()
        world.store.onReread = { _ in world.store.refreshSession(with: FakeWorld.item(refresh: "newer")) }
        _ = try? world.fetch()
        #expect(world.store.sessions.isEmpty)
        #expect(try world.keptSteps.map(\.revoke) == [[SampleToken.refresh, "newer"]])
    }

    @Test("Where that cannot be written down, the session stays")
    func refreshedAndNotWritten() throws {
        let world = try interrupted()
        world.store.onReread = { _ in
            world.store.refreshSession(with: FakeWorld.item(refresh: "newer"))
            world.store.storeFailure = AuthFailure(.keyringFailed)
        }
        _ = try? world.fetch()
        #expect(world.storedSessions == [FakeWorld.item(refresh: "newer")?.text])
    }
}
