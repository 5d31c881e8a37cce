// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Events")
struct EventTests {
    @Test("Each call announces what it did, once, after all that it says in the log", arguments: AnyCall.allCases)
    func announced(call: AnyCall) throws {
        let world = call.world()
        #expect(try call.failure(in: world) == nil)
        #expect(world.events == call.events)
        // A check goes on after its refresh.
        if call.events.isEmpty || call == .check { return }
        if case .line = try #require(world.notices.last) { Issue.record("the event is not last") }
    }

    @Test("The events of several calls come in the order of the calls")
    func order() throws {
        let world = FakeWorld()
        world.transport.always("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed))
        try world.save(FakeWorld.session(access: AnyCall.expired))
        _ = try world.load()
        _ = try world.fetch()
        _ = try world.fetch()
        _ = try world.signOut()
        #expect(world.events == [.sessionSaved, .sessionRefreshed, .signedOut])
    }

    @Test("The events are told also where the log is off")
    func withoutLog() throws {
        let world = FakeWorld.signedIn()
        _ = try world.signOut(logLimit: nil)
        #expect(world.events == [.signedOut])
        #expect(world.lines.isEmpty)
    }

    @Test("A partial sign-out is one: the user is signed out here", arguments: [true, false])
    func partial(isGlobal: Bool) throws {
        let world = FakeWorld.signedIn()
        world.transport.goOffline()
        let report = try world.signOut(globally: isGlobal)
        #expect(report.outcome == .partial)
        #expect(world.events == [.signedOut])
    }

    @Test("So is one where nobody was signed in", arguments: [true, false])
    func nobody(isGlobal: Bool) throws {
        let world = FakeWorld()
        _ = try world.signOut(globally: isGlobal)
        #expect(world.events == [.signedOut])
    }

    @Test("A sign-out that failed announces nothing, whatever of it was done")
    func failed() throws {
        let changes: [(FakeWorld) -> Void] = [
            { $0.store.failingLooks = [1: AuthFailure(.keyringLocked)] },
            { $0.store.failingLooks = [2: AuthFailure(.keyringFailed)] },
            { $0.store.deleteFailure = AuthFailure(.keyringAccessDenied) },
            { $0.store.ignoresDelete = true },
            { $0.store.hangsFrom = "delete 1" },
            { $0.lock.isHeld = true },
            { $0.cancel(.in("look 1")) },
        ]
        for change in changes {
            let world = FakeWorld.signedIn()
            change(world)
            let report = try world.signOut()
            #expect(report.outcome == .failed)
            #expect(world.events.isEmpty)
        }
    }

    @Test("A save that failed announces nothing")
    func saveFailed() throws {
        let changes: [(FakeWorld) -> Void] = [
            { $0.store.failingLooks = [1: AuthFailure(.keyringLocked)] },
            { $0.store.storeFailure = AuthFailure(.keyringFailed) },
            { $0.store.sessions = [FakeWorld.item(access: SampleToken.access(sub: "sub-of-bob"), username: "bob")] },
            { $0.lock.scope = .heldElsewhere },
        ]
        for change in changes {
            let world = FakeWorld()
            change(world)
            #expect(throws: AuthFailure.self) { try world.save(FakeWorld.session()) }
            #expect(world.events.isEmpty)
        }
    }

    @Test("A fetch that did not have to renew announces nothing")
    func fetchedAsStored() throws {
        let world = FakeWorld.signedIn()
        _ = try world.fetch()
        #expect(world.events.isEmpty)
    }

    @Test(
        "A refresh token that is refused has ended the session",
        arguments: [
            ("NotAuthorizedException", Status.notAuthorized), ("RefreshTokenReuseException", .refreshTokenReuse),
            ("UserNotFoundException", .userNotFound),
        ])
    func expired(exception: String, status: Status) throws {
        let world = FakeWorld.signedIn(access: AnyCall.expired)
        world.transport.script("GetTokensFromRefreshToken", .exception(exception, "Refresh Token has been revoked"))
        #expect(try AnyCall.fetch.failure(in: world) == status)
        #expect(world.events == [.sessionExpired])
    }

    @Test(
        "A network that fails, a busy Cognito, another's answer, and a refusal for another reason have not",
        arguments: [
            .unreachable(.hostNotFound), .unreachable(.connectionFailed), .unreachable(.tlsFailed),
            .unreachable(.proxyFailed), .lost(.connectionLost), .lost(.networkTimedOut),
            .stall(.deadlineExceeded, wasSent: true), .exception("TooManyRequestsException"),
            .exception("ThrottlingException"), .exception("InternalErrorException"), .http(502, "<html>"),
            .http(403, "<html>"), .http(400, ""), .ok(""), .ok("<html>"), .ok("{}"),
            .exception("ForbiddenException"), .exception("ResourceNotFoundException"),
            .exception("InvalidParameterException"), .exception("UserLambdaValidationException"),
            .exception("BrandNewException"), .exception("NotAuthorizedException", "User is disabled."),
            .exception("NotAuthorizedException", "Invalid Refresh Token"),
            .exception("NotAuthorizedException", "Unable to verify secret hash for client"),
        ] as [FakeTransport.Answer])
    func notExpired(answer: FakeTransport.Answer) throws {
        let world = FakeWorld.signedIn(access: AnyCall.expired)
        world.transport.always("GetTokensFromRefreshToken", answer)
        #expect(throws: SessionFailure.self) { try world.fetch() }
        #expect(world.events.isEmpty)
    }

    @Test("New tokens that were not stored are not announced, nor those of a session that changed meanwhile")
    func notStored() throws {
        let changes: [(FakeWorld) -> Void] = [
            { $0.store.storeFailure = AuthFailure(.keyringFailed) },
            { $0.store.failingLooks = [2: AuthFailure(.keyringLocked)] },
            { world in
                world.journal.whenDone["GetTokensFromRefreshToken 1"] = { [store = world.store] in store.sessions = [] }
            },
        ]
        for change in changes {
            let world = AnyCall.fetch.world()
            change(world)
            #expect(throws: SessionFailure.self) { try world.fetch() }
            #expect(world.events.isEmpty)
        }
    }

    @Test("A sign-out whose renewal was refused announces the sign-out and nothing else")
    func signOutRefused() throws {
        let world = FakeWorld.signedIn(access: AnyCall.expired)
        world.transport.script("GetTokensFromRefreshToken", .exception("NotAuthorizedException"))
        _ = try world.signOut(globally: true)
        #expect(world.events == [.signedOut])
    }

    @Test("A retry of remote steps announces nothing, however it ends: the sign-out did")
    func retry() throws {
        for answer in [FakeTransport.Answer.ok(), .exception("ForbiddenException"), .lost()] {
            let world = FakeWorld()
            world.transport.always("GlobalSignOut", answer)
            _ = try world.retry(try AnyCall.token())
            #expect(world.events.isEmpty)
        }
    }

    /// A world in which a sign-out did not delete the session, or not surely, and the token to retry it with.
    private func undeleted(revocation: FakeTransport.Answer = .ok()) throws -> (world: FakeWorld, token: SecretBytes) {
        let world = FakeWorld.signedIn()
        world.transport.always("RevokeToken", revocation)
        world.store.hangsFrom = "delete 1"
        let token = try #require(try world.signOut().partialFailureToken)
        world.store.hangsFrom = nil
        #expect(world.events.isEmpty)
        return (world, token)
    }

    @Test(
        "A retry that finds the user signed out here where the sign-out did not announces it, once and last",
        arguments: [FakeTransport.Answer.ok(), .exception("ForbiddenException")], [true, false])
    func retryOfDeletion(revocation: FakeTransport.Answer, isCarriedOut: Bool) throws {
        let (world, token) = try undeleted(revocation: revocation)
        if isCarriedOut { world.store.sessions = [] }
        let report = try world.retry(token)
        #expect(report.outcome != .failed)
        #expect(world.events == [.signedOut])
        if case .line = try #require(world.notices.last) { Issue.record("the event is not last") }
    }

    @Test("A retry that failed announces nothing")
    func retryFailed() throws {
        let changes: [(FakeWorld) -> Void] = [
            { $0.store.failingLooks = [2: AuthFailure(.keyringLocked)] },
            { $0.store.failingLooks = [3: AuthFailure(.keyringFailed)] },
            { $0.store.deleteFailure = AuthFailure(.keyringAccessDenied) },
            { $0.store.ignoresDelete = true },
        ]
        for change in changes {
            let (world, token) = try undeleted()
            change(world)
            #expect(try world.retry(token).outcome == .failed)
            #expect(world.events.isEmpty)
        }
    }

    @Test("So does one that leaves another session stored: somebody is signed in here", arguments: [true, false])
    func retryBesideAnother(isOldOneGone: Bool) throws {
        let (world, token) = try undeleted()
        if isOldOneGone { world.store.sessions = [] }
        world.store.addSession(FakeWorld.item(refresh: "another", savedAt: 1), as: "another")
        let report = try world.retry(token)
        #expect(report.outcome == .complete)
        #expect(report.signedOutLocally == .no)
        #expect(world.events.isEmpty)
    }
}
