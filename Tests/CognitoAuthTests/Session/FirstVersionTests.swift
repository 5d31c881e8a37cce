// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Sessions that 0.1 stored: without an identity, and without the time when they were saved")
struct FirstVersionTests {
    let world: FakeWorld

    init() { world = Self.world() }

    private static func world(_ items: SecretBytes?...) -> FakeWorld {
        let world = FakeWorld()
        world.store.sessions = items.isEmpty ? [FakeWorld.item()] : items
        world.store.removeIdentities()
        return world
    }

    private static func expired() -> FakeWorld { world(FakeWorld.item(access: AnyCall.expired)) }

    /// What 0.1 could store in the same place.
    private static let another = FakeWorld.item(refresh: "another")

    private func revoked(_ world: FakeWorld) -> [String?] {
        world.transport.requests("RevokeToken").map { $0.body["Token"] }
    }

    @Test("They are loaded")
    func loaded() throws {
        #expect(try world.load().session.refreshToken?.text == SampleToken.refresh)
    }

    @Test("They are refreshed where they are, with rotation and without, and stay without an identity")
    func refreshed() throws {
        for refresh in [nil, "rotated"] {
            let world = Self.expired()
            world.transport.script("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: refresh))
            _ = try world.fetch()
            let item = try #require(world.store.items.first)
            #expect(item.attributes == ItemAttributes(.session))
            #expect(
                item.secret.map(FakeWorld.withoutLife)
                    == FakeWorld.item(access: AnyCall.renewed, refresh: refresh ?? SampleToken.refresh)?.text)
            #expect(world.store.items.count == 1)

            #expect(try world.signOut().outcome == .complete)
            #expect(revoked(world) == [refresh ?? SampleToken.refresh])
            #expect(world.store.items.isEmpty)
        }
    }

    @Test("They are signed out", arguments: [true, false])
    func signedOut(isGlobal: Bool) throws {
        let report = try world.signOut(globally: isGlobal)
        let global = isGlobal ? SignOutReport.Remote.done : .notRequested
        #expect(try world.summary(report) == ReportSummary(.complete, globalSignOut: global, revocation: .done))
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("A global sign-out that refreshes them knows them again, with rotation and without, stored or not")
    func refreshedInSignOut() throws {
        for refresh in [nil, "rotated"] {
            for isStored in [true, false] {
                let world = Self.expired()
                world.transport.script("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: refresh))
                if !isStored { world.store.storeFailure = AuthFailure(.keyringFailed) }
                let report = try world.signOut(globally: true)
                #expect(report.outcome == .complete)
                #expect(revoked(world) == [refresh ?? SampleToken.refresh])
                #expect(world.journal.endsWithDeletionAndLook)
                world.expectSignedOut()
            }
        }
    }

    @Test("The same session with another access token is the same")
    func refreshedMeanwhile() throws {
        world.journal.whenBegun["reread 1"] = { [store = world.store] in
            store.refreshSession(with: FakeWorld.item(access: AnyCall.renewed))
        }
        #expect(try world.signOut().outcome == .complete)
        #expect(revoked(world) == [SampleToken.refresh])
        world.expectSignedOut()
    }

    @Test("Row 23b: one with another refresh token is another session, which stays")
    func replacedMeanwhile() throws {
        world.journal.whenBegun["reread 1"] = { [store = world.store] in
            store.replaceSession(with: Self.another, as: nil)
        }
        let report = try world.signOut()
        #expect(report.failure?.status == .sessionChanged)
        #expect(report.revocation == .done)
        #expect(report.partialFailureToken == nil)
        #expect(revoked(world) == [SampleToken.refresh])
        #expect(world.storedSessions == [Self.another?.text])
    }

    @Test("Row 23: where one was not deleted, a retry knows it by its refresh token, and the token does not hold that")
    func retried() throws {
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        let report = try world.signOut()
        #expect(try world.summary(report).openSteps == StepsLeft(deletions: 1))
        let token = try #require(report.partialFailureToken)
        let body = try #require(Base64URL.decode(text: String(token.text.split(separator: ".")[1])))
        #expect(!body.text.contains(SampleToken.refresh))
        world.store.deleteFailure = nil
        let retried = try world.retry(token)
        #expect(retried.outcome == .complete)
        #expect(retried.signedOutLocally == .yes)
        #expect(revoked(world) == [SampleToken.refresh])
        #expect(world.store.items.isEmpty)
    }

    @Test("Row 23: a retry knows one again that the sign-out refreshed with rotation, stored or not")
    func retriedAfterRotation() throws {
        for isStored in [true, false] {
            let world = Self.expired()
            world.transport.script("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: "rotated"))
            if !isStored { world.store.storeFailure = AuthFailure(.keyringFailed) }
            world.store.deleteFailure = AuthFailure(.keyringFailed)
            let token = try #require(try world.signOut(globally: true).partialFailureToken)
            world.store.deleteFailure = nil
            let retried = try world.retry(token)
            #expect(retried.outcome == .complete)
            #expect(retried.signedOutLocally == .yes)
            #expect(world.store.items.isEmpty)
        }
    }

    @Test("A retry leaves one with another refresh token alone")
    func anotherInRetry() throws {
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        let token = try #require(try world.signOut().partialFailureToken)
        world.store.deleteFailure = nil
        world.store.replaceSession(with: Self.another, as: nil)
        let retried = try world.retry(token)
        #expect(retried.outcome == .complete)
        #expect(retried.signedOutLocally == .no)
        #expect(world.storedSessions == [Self.another?.text])
    }

    @Test("One without a refresh token is known by its place and all of its secret: it is signed out")
    func withoutRefreshToken() throws {
        let world = Self.world(FakeWorld.item(refresh: nil))
        #expect(try world.signOut().outcome == .complete)
        #expect(world.journal.endsWithDeletionAndLook)
        world.expectSignedOut()
    }

    @Test("Row 23b: in the same place with another secret it is another session, and so it is elsewhere")
    func withoutRefreshTokenElsewhere() throws {
        let changes: [(secret: SecretBytes?, isElsewhere: Bool)] = [
            (FakeWorld.item(access: AnyCall.renewed, refresh: nil), false), (FakeWorld.item(refresh: nil), true),
        ]
        for (secret, isElsewhere) in changes {
            let world = Self.world(FakeWorld.item(refresh: nil))
            world.journal.whenBegun["reread 1"] = { [store = world.store] in
                if isElsewhere {
                    store.sessions = []
                    store.addSession(secret, as: nil)
                } else {
                    store.replaceSession(with: secret, as: nil)
                }
            }
            #expect(try world.signOut().failure?.status == .sessionChanged)
            #expect(world.storedSessions == [secret?.text])
        }
    }

    @Test(
        "Row 23: a retry leaves one without a refresh token alone where its place or its secret is another",
        arguments: [true, false])
    func withoutRefreshTokenInRetry(isElsewhere: Bool) throws {
        let world = Self.world(FakeWorld.item(refresh: nil))
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        let token = try #require(try world.signOut().partialFailureToken)
        world.store.deleteFailure = nil
        if isElsewhere {
            world.store.sessions = []
            world.store.addSession(FakeWorld.item(refresh: nil), as: nil)
        } else {
            world.store.replaceSession(with: FakeWorld.item(access: AnyCall.renewed, refresh: nil), as: nil)
        }
        let retried = try world.retry(token)
        #expect(retried.outcome == .complete)
        #expect(retried.signedOutLocally == .no)
        #expect(world.store.sessions.count == 1)
    }

    @Test("One beside a session that has an identity is the older of the two, and both are signed out")
    func besideNewer() throws {
        world.store.addSession(FakeWorld.item(refresh: "newer", savedAt: 1), as: "newer")
        #expect(try world.load().session.refreshToken?.text == "newer")
        #expect(try world.signOut().outcome == .complete)
        #expect(revoked(world) == ["newer", SampleToken.refresh])
        #expect(world.store.items.isEmpty)
    }

    @Test("The next session that is saved takes their place")
    func saved() throws {
        try world.save(FakeWorld.session(refresh: "new"))
        #expect(world.store.items.count == 1)
        #expect(world.store.items.first?.attributes.session != nil)
        #expect(try world.load().session.refreshToken?.text == "new")
    }
}
