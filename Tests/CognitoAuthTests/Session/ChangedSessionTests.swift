// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row 29: a refresh beside another process that changes the session")
struct ChangedSessionTests {
    let world = AnyCall.fetch.world()

    /// What another process stores of the session, or in its place.
    private static func item(_ refresh: String = "another") -> SecretBytes? {
        FakeWorld.item(access: SampleToken.access(exp: 1_516_242_001), refresh: refresh)
    }

    private func rotate(_ refresh: String? = "rotated") {
        world.transport.always("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: refresh))
    }

    private func failure(_ step: String, _ change: @escaping (FakeStore) -> Void) throws -> SessionFailure {
        world.journal.whenBegun[step] = { [store = world.store] in change(store) }
        return try #require(throws: SessionFailure.self) { try world.fetch() }
    }

    private func expectChanged(_ failure: SessionFailure, _ location: SourceLocation = #_sourceLocation) {
        #expect(failure.failure.status == .sessionChanged, sourceLocation: location)
        #expect(failure.unsaved == nil, sourceLocation: location)
        #expect(world.events.isEmpty, sourceLocation: location)
        #expect(!world.lock.isTaken, sourceLocation: location)
    }

    private var revoked: [String?] { world.transport.requests("RevokeToken").map { $0.body["Token"] } }

    private static let steps = ["GetTokensFromRefreshToken 1", "reread 1", "update 1", "look 2"]

    @Test("A session that was signed out is not brought back, and the new refresh token is revoked", arguments: steps)
    func signedOut(step: String) throws {
        rotate()
        expectChanged(try failure(step) { $0.sessions = [] })
        #expect(revoked == ["rotated"])
        #expect(world.store.sessions.isEmpty)
    }

    @Test("So is the old one where the pool does not rotate", arguments: steps)
    func signedOutWithoutRotation(step: String) throws {
        rotate(nil)
        expectChanged(try failure(step) { $0.sessions = [] })
        #expect(revoked == [SampleToken.refresh])
        #expect(world.store.sessions.isEmpty)
    }

    @Test("Nothing is stored over a session that was saved in the same place", arguments: [true, false])
    func replacedInPlace(hasIdentity: Bool) throws {
        rotate()
        expectChanged(
            try failure("reread 1") { $0.replaceSession(with: Self.item(), as: hasIdentity ? "another" : nil) })
        #expect(revoked == ["rotated"])
        #expect(world.storedSessions == [Self.item()?.text])
        #expect(!world.journal.hasStored)
    }

    @Test(
        "Where another session comes to the place just before it is stored, it is not taken for the refreshed one",
        arguments: [true, false])
    func replacedBeforeStoring(hasIdentity: Bool) throws {
        rotate()
        expectChanged(
            try failure("update 1") { $0.replaceSession(with: Self.item(), as: hasIdentity ? "another" : nil) })
        // No keyring compares before it stores: the other session is lost, and the old one does not come back.
        #expect(world.store.items.map(\.attributes.session) == [hasIdentity ? "another" : nil])
        #expect(revoked == ["rotated"])
    }

    @Test("Nothing is stored over what another process refreshed, and the token that this one got is revoked")
    func refreshedElsewhere() throws {
        rotate()
        expectChanged(try failure("reread 1") { $0.refreshSession(with: Self.item()) })
        #expect(revoked == ["rotated"])
        #expect(world.storedSessions == [Self.item()?.text])
        #expect(!world.journal.hasStored)
    }

    @Test("A refresh token that the changed session holds is not revoked: the user would be signed out")
    func heldByChanged() throws {
        rotate(nil)
        expectChanged(try failure("reread 1") { $0.refreshSession(with: Self.item(SampleToken.refresh)) })
        #expect(revoked == [])
        #expect(world.storedSessions == [Self.item(SampleToken.refresh)?.text])
    }

    @Test("Nor is one that another session holds, saved in its place or beside it", arguments: [true, false])
    func heldByAnother(isInPlace: Bool) throws {
        rotate(nil)
        let failure = try failure("reread 1") { store in
            if !isInPlace { store.sessions = [] }
            let another = Self.item(SampleToken.refresh)
            isInPlace ? store.replaceSession(with: another, as: "another") : store.addSession(another, as: "another")
        }
        expectChanged(failure)
        #expect(revoked == [])
        #expect(world.storedSessions == [Self.item(SampleToken.refresh)?.text])
    }

    @Test(
        "Nobody can keep it from being revoked, neither by cancelling nor by the end of the network's time",
        arguments: ["reread 1", "look 2", "RevokeToken 1"], [true, false])
    func revokedAllTheSame(step: String, isCancelled: Bool) throws {
        rotate()
        world.transport.isSentWhenCancelled = false
        world.journal.whenDone["GetTokensFromRefreshToken 1"] = { [store = world.store] in store.sessions = [] }
        // 25 s of 30 s are the network's.
        world.journal.whenBegun[step] = { [world] in
            world.cancellation.isCancelled = isCancelled
            if !isCancelled { world.clock.monotonicMilliseconds += 26_000 }
        }
        expectChanged(try #require(throws: SessionFailure.self) { try world.fetch() })
        #expect(revoked == ["rotated"])
    }

    @Test("Where Cognito does not answer that, a fetch is over after two seconds")
    func revocationStalls() throws {
        rotate()
        world.transport.always("RevokeToken", .stall(.deadlineExceeded, wasSent: true))
        world.journal.whenBegun["reread 1"] = { [world] in
            world.store.sessions = []
            world.cancellation.isCancelled = true
        }
        let start = world.clock.monotonicMilliseconds
        let failure = try #require(throws: SessionFailure.self) { try world.fetch() }
        expectChanged(failure)
        #expect(failure.failure.token?.text == "rotated")
        #expect(world.lines.contains { $0.level == .warning && $0.text.hasSuffix("AUTH_STATUS_DEADLINE_EXCEEDED") })
        #expect(revoked == ["rotated"])
        #expect(world.clock.monotonicMilliseconds - start <= 2000)
    }

    @Test(
        "Where the new refresh token of a session that is gone cannot be revoked, error and log say so, and have it",
        arguments: [
            (FakeTransport.Answer.unreachable(.tlsFailed), "AUTH_STATUS_TLS_FAILED"),
            (.exception("ForbiddenException"), "AUTH_STATUS_FORBIDDEN"),
            (.lost(.invalidResponse), "AUTH_STATUS_INVALID_RESPONSE"),
        ])
    func notRevoked(answer: FakeTransport.Answer, status: String) throws {
        rotate()
        world.transport.always("RevokeToken", answer)
        let failure = try failure("update 1") { $0.sessions = [] }
        expectChanged(failure)
        #expect(failure.failure.message.contains("A refresh token that no keyring holds may still be good."))
        #expect(failure.failure.token?.text == "rotated")
        #expect(
            world.lines.contains {
                $0.level == .warning
                    && $0.text == "The refresh token of a session that nobody holds was not revoked: \(status)"
            })
    }

    @Test("An app client without revocation is no reason to say more")
    func revocationNotEnabled() throws {
        rotate()
        world.transport.always("RevokeToken", .exception("UnsupportedOperationException"))
        let failure = try failure("update 1") { $0.sessions = [] }
        #expect(failure.failure.message == Status.sessionChanged.message)
        #expect(failure.failure.token == nil)
    }

    @Test("Where it cannot be seen who holds the refresh token, a new one is revoked")
    func unseen() throws {
        rotate()
        world.store.failingLooks = [2: AuthFailure(.keyringLocked)]
        expectChanged(try failure("reread 1") { $0.sessions = [] })
        #expect(revoked == ["rotated"])
    }

    @Test("... and one that is not new is left: another process may have refreshed the session with it")
    func unseenAndNotRotated() throws {
        rotate(nil)
        world.store.failingLooks = [2: AuthFailure(.keyringLocked)]
        expectChanged(try failure("reread 1") { $0.refreshSession(with: Self.item(SampleToken.refresh)) })
        #expect(revoked == [])
    }

    @Test("What is stored keeps its place, its identity and when it was saved")
    func kept() throws {
        world.store.sessions = [FakeWorld.item(access: AnyCall.expired, savedAt: 7)]
        rotate()
        let before = try #require(world.store.items.first)
        _ = try world.fetch()
        let after = try #require(world.store.items.first)
        #expect(after.path == before.path)
        #expect(after.attributes == before.attributes)
        #expect(
            after.secret.map(FakeWorld.withoutLife)
                == FakeWorld.item(access: AnyCall.renewed, refresh: "rotated", savedAt: 7)?.text)
        #expect(world.store.items.count == 1)
    }

    @Test("A global sign-out whose session is gone by then revokes the new refresh token, and stores nothing")
    func globalSignOut() throws {
        for change: @Sendable (FakeStore) -> Void in [
            { $0.sessions = [] }, { $0.replaceSession(with: Self.item(), as: "another") },
        ] {
            let world = AnyCall.globalSignOut.world()
            world.transport.always("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: "rotated"))
            world.journal.whenBegun["reread 1"] = { [store = world.store] in change(store) }
            let report = try world.signOut(globally: true)
            #expect(report.globalSignOut == .done && report.revocation == .done)
            #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated"])
            #expect(!world.journal.hasStored && !world.journal.hasDeleted)
        }
    }

    @Test("Where it cannot be revoked, the sign-out's token has it, also where the call is cancelled by then")
    func globalSignOutNotRevoked() throws {
        for isCancelled in [false, true] {
            let world = AnyCall.globalSignOut.world()
            world.transport.always("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: "rotated"))
            world.transport.always("RevokeToken", .exception("ForbiddenException"))
            world.journal.whenBegun["update 1"] = { [store = world.store, cancellation = world.cancellation] in
                store.sessions = []
                cancellation.isCancelled = isCancelled
            }
            let report = try world.signOut(globally: true)
            let access = isCancelled ? AnyCall.renewed : nil
            #expect(try world.summary(report).openSteps == StepsLeft(globalSignOut: access, revoke: ["rotated"]))
        }
    }
}
