// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Fetching a session")
struct FetchTests {
    static let expired = SampleToken.access(exp: 1_516_238_000)
    static let renewed = SampleToken.access(exp: 1_516_242_000)
    let world = FakeWorld.signedIn(access: expired, id: SampleToken.id())

    private func failure() throws -> SessionFailure {
        try #require(throws: SessionFailure.self) { try world.fetch() }
    }

    @Test(
        "An access token with 10 seconds left is not renewed, one with 9 is",
        arguments: [
            (11, false), (10, false), (9, true), (0, true), (-1, true),
        ])
    func boundary(left: Int64, isRenewed: Bool) throws {
        let world = FakeWorld()
        world.store.sessions = [FakeWorld.item(access: SampleToken.access(exp: world.clock.unixSeconds + left))]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        let fetched = try world.fetch()
        #expect(!world.transport.requests.isEmpty == isRenewed)
        #expect((fetched.session.accessToken.text == Self.renewed) == isRenewed)
        #expect(world.journal.network == (isRenewed ? "GetTokensFromRefreshToken" : ""))
        #expect(world.journal.keyring == (isRenewed ? "look reread update look" : "look"))
    }

    @Test(
        "An access token that does not tell when it expires is renewed",
        arguments: ["opaque", SampleToken.access(exp: nil)])
    func unreadable(access: String) throws {
        world.store.sessions = [FakeWorld.item(access: access)]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        #expect(try world.fetch().session.accessToken.text == Self.renewed)
    }

    @Test("What comes back is stored, with the old ID and refresh token where none came")
    func kept() throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        let session = try world.fetch().session
        #expect(session.accessToken.text == Self.renewed)
        #expect(session.idToken?.text == SampleToken.id())
        #expect(session.refreshToken?.text == SampleToken.refresh)
        #expect(world.storedSessions == [FakeWorld.item(access: Self.renewed, id: SampleToken.id())?.text])
    }

    @Test("A rotated refresh token and a new ID token replace the old ones")
    func rotated() throws {
        world.transport.script(
            "GetTokensFromRefreshToken", .tokens(access: Self.renewed, id: "new.id.token", refresh: "rotated"))
        let session = try world.fetch().session
        #expect(session.refreshToken?.text == "rotated")
        #expect(
            world.storedSessions == [FakeWorld.item(access: Self.renewed, id: "new.id.token", refresh: "rotated")?.text]
        )
    }

    @Test("The request carries refresh token, client, client secret and device key")
    func request() throws {
        world.options.clientSecret = SecretBytes("abcdefghijklmnopqrstuvwxyz")
        world.store.devices = [FakeWorld.device("key-of-alice")]
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        #expect(try world.fetch().deviceKey?.text == "key-of-alice")
        #expect(
            world.transport.requests.map(\.body) == [
                [
                    "RefreshToken": SampleToken.refresh, "ClientId": FakeWorld.clientID,
                    "ClientSecret": "abcdefghijklmnopqrstuvwxyz", "DeviceKey": "key-of-alice",
                ]
            ])
    }

    @Test(
        "A refusal is told with Cognito's exception, and the session stays as it is",
        arguments: [
            ("NotAuthorizedException", Status.notAuthorized), ("UserNotFoundException", .userNotFound),
            ("TooManyRequestsException", .tooManyRequests), ("InternalErrorException", .internalError),
        ])
    func refused(exception: String, status: Status) throws {
        world.transport.script("GetTokensFromRefreshToken", .exception(exception))
        let failure = try failure()
        #expect(failure.failure.status == status)
        #expect(failure.unsaved == nil)
        // Not repeated, also where it may go better: it was sent.
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(!world.journal.hasDeleted)
        #expect(world.storedSessions == [FakeWorld.item(access: Self.expired, id: SampleToken.id())?.text])
    }

    @Test(
        "A renewal that was sent and not answered is not repeated",
        arguments: [Status.connectionLost, .networkTimedOut])
    func lost(status: Status) throws {
        world.transport.script("GetTokensFromRefreshToken", .lost(status))
        #expect(try failure().failure.status == status)
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(!world.journal.hasDeleted)
    }

    @Test("A renewal that could not be sent is repeated", arguments: [Status.connectionFailed, .hostNotFound])
    func unreachable(status: Status) throws {
        world.transport.script(
            "GetTokensFromRefreshToken", .unreachable(status), .unreachable(status), .tokens(access: Self.renewed))
        #expect(try world.fetch().session.accessToken.text == Self.renewed)
        #expect(world.transport.requests.count == 3)
    }

    @Test("A renewal that could not be sent and then was lost is not repeated again")
    func unreachableThenLost() throws {
        world.transport.script("GetTokensFromRefreshToken", .unreachable(), .lost())
        #expect(try failure().failure.status == .connectionLost)
        #expect(world.transport.requests.count == 2)
    }

    @Test(
        "An answer without tokens is an invalid response", arguments: ["", "{}", "[]", #"{"AuthenticationResult":7}"#])
    func noTokens(body: String) throws {
        world.transport.script("GetTokensFromRefreshToken", .ok(body))
        #expect(try failure().failure.status == .invalidResponse)
        #expect(world.transport.requests.count == 1)
    }

    @Test("Where the keyring does not take the renewed session, it is handed back all the same")
    func storeFails() throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.store.storeFailure = AuthFailure(.keyringFailed)
        let failure = try failure()
        #expect(failure.failure.status == .keyringFailed)
        #expect(failure.unsaved?.session.accessToken.text == Self.renewed)
        #expect(failure.unsaved?.session.refreshToken?.text == "rotated")
        #expect(world.journal.network == "GetTokensFromRefreshToken")
        #expect(!world.journal.hasDeleted)
        #expect(world.journal.hasStored)
    }

    @Test("Where the keyring is locked by the time of storing, the renewed session is handed back")
    func lockedMeanwhile() throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        world.store.failingLooks = [2: AuthFailure(.keyringLocked)]
        let failure = try failure()
        #expect(failure.failure.status == .keyringLocked)
        #expect(failure.unsaved?.session.accessToken.text == Self.renewed)
    }

    @Test(
        "Row 29: a session that was deleted, replaced or damaged meanwhile is not brought back, and the new token revoked",
        arguments: [
            [], [FakeWorld.item(refresh: "another")?.text], ["{}"],
        ])
    func changedMeanwhile(meanwhile: [String?]) throws {
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: Self.renewed, refresh: "rotated"))
        world.journal.whenBegun["GetTokensFromRefreshToken 1"] = { [store = world.store] in
            store.sessions = meanwhile.map { $0.map { SecretBytes($0) } }
        }
        let failure = try failure()
        #expect(failure.failure.status == .sessionChanged)
        #expect(failure.unsaved == nil)
        #expect(world.journal.network == "GetTokensFromRefreshToken RevokeToken")
        #expect(world.transport.requests("RevokeToken").map { $0.body["Token"] } == ["rotated"])
        #expect(!world.journal.hasDeleted && !world.journal.hasStored)
        #expect(world.storedSessions == meanwhile.map { $0 ?? "-" })
    }

    @Test("An expired session without a refresh token has ended")
    func ended() throws {
        world.store.sessions = [FakeWorld.item(access: Self.expired, refresh: nil)]
        #expect(try failure().failure.status == .sessionEnded)
        #expect(world.transport.requests.isEmpty)
    }

    @Test("Nobody signed in, a damaged session and a keyring that fails are told as in loading")
    func notLoaded() throws {
        world.store.sessions = [SecretBytes("{}")]
        #expect(try failure().failure.status == .invalidSession)
        world.store.sessions = []
        #expect(try failure().failure.status == .notSignedIn)
        world.store.failingLooks = [3: AuthFailure(.keyringLocked)]
        #expect(try failure().failure.status == .keyringLocked)
        #expect(world.journal.line == "take look release take look release take look release")
    }
}
