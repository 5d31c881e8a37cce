// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Loading a session")
struct LoadTests {
    let world = FakeWorld.signedIn()

    @Test("The session comes back as it is stored, without the network, however old it is")
    func asStored() throws {
        world.clock.unixSeconds = 4_000_000_000
        let loaded = try world.load()
        #expect(loaded.session.accessToken.text == SampleToken.access())
        #expect(loaded.deviceKey == nil)
        #expect(world.transport.requests.isEmpty)
    }

    @Test("The device key of the user comes with it")
    func deviceKey() throws {
        world.store.devices = [nil, FakeWorld.device("key-of-bob", of: "bob"), FakeWorld.device("key-of-alice")]
        #expect(try world.load().deviceKey?.text == "key-of-alice")
    }

    @Test("Nobody signed in is told as that")
    func nobody() throws {
        world.store.sessions = []
        let failure = try #require(throws: AuthFailure.self) { try world.load() }
        #expect(failure.status == .notSignedIn)
    }

    @Test(
        "A damaged session is told as that",
        arguments: [
            nil, "", "{}", "[1]",
            #"{"version":1,"username":"","access_token":"a","sign_in_method":"api"}"#,
            #"{"version":1,"username":"alice","access_token":"","sign_in_method":"api"}"#,
            #"{"version":1,"username":"alice","access_token":"a"}"#,
            #"{"version":3,"username":"alice","access_token":"a","sign_in_method":"api"}"#,
            #"{"version":1,"username":"alice","access_token":"a","access_token":"b","sign_in_method":"api"}"#,
        ])
    func damaged(secret: String?) throws {
        world.store.sessions = [secret.map { SecretBytes($0) }]
        let failure = try #require(throws: AuthFailure.self) { try world.load() }
        #expect(failure.status == .invalidSession)
    }

    @Test("Members that a later version added do not disturb")
    func laterVersion() throws {
        world.store.sessions = [
            SecretBytes(#"{"version":1,"username":"alice","access_token":"a","sign_in_method":"hosted_ui","new":[{}]}"#)
        ]
        #expect(try world.load().session.signInMethod == .hostedUI)
    }

    @Test(
        "Of several items the one that was saved last is the session, in whatever order the keyring shows them",
        arguments: [[3, 1, 2], [1, 3, 2], [2, 1, 3], [3, 0, 0], [0, 0, 3]] as [[Int64]])
    func newest(times: [Int64]) throws {
        world.store.sessions = times.map { FakeWorld.item(refresh: "saved-at-\($0)", savedAt: $0) }
        #expect(try world.load().session.refreshToken?.text == "saved-at-3")
        #expect(try world.fetch().session.refreshToken?.text == "saved-at-3")
    }

    @Test("Milliseconds tell which session is the newest: a keyring counts in seconds")
    func milliseconds() throws {
        world.store.sessions = [1_516_238_602_001, 1_516_238_602_002].map {
            FakeWorld.item(refresh: "saved-at-\($0)", savedAt: $0)
        }
        #expect(try world.load().session.refreshToken?.text == "saved-at-1516238602002")
    }

    @Test("A keyring that cannot be read is told as it is", arguments: [Status.keyringLocked, .keyringAccessDenied])
    func unreadable(status: Status) throws {
        world.store.failingLooks = [1: AuthFailure(status)]
        let failure = try #require(throws: AuthFailure.self) { try world.load() }
        #expect(failure.status == status)
    }
}
