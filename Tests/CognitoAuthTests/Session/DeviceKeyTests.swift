// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The device key")
struct DeviceKeyTests {
    let world = FakeWorld()
    let key = "eu-west-1_0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

    @Test("It is an item of its own, stored beside the session")
    func saved() throws {
        try world.save(FakeWorld.session(), deviceKey: key)
        #expect(try world.load().deviceKey?.text == key)
        let object = try JSONText(try #require(world.store.devices.first ?? nil).text)
        #expect(
            object
                == JSONText(
                    strings: ["username": "alice", "sub": "sub-of-alice", "device_key": key], numbers: ["version": 1]))
    }

    @Test("It survives sign-out, and saving the same user's next session without one keeps it")
    func survives() throws {
        try world.save(FakeWorld.session(), deviceKey: key)
        #expect(try world.signOut().outcome == .complete)
        try world.save(FakeWorld.session())
        #expect(try world.load().deviceKey?.text == key)
    }

    @Test(
        "Another user does not get it",
        arguments: [
            ("bob", nil), ("bob", "sub-of-bob"), ("alice", "sub-of-another-alice"),
        ] as [(String, String?)])
    func otherUser(username: String, subject: String?) throws {
        world.store.devices = [FakeWorld.device(key, of: username, subject: subject)]
        try world.save(FakeWorld.session())
        #expect(try world.load().deviceKey == nil)
    }

    @Test(
        "The same user gets it: with the same sub, or with the same name where one of the two has no sub",
        arguments: [
            ("alice", nil), ("alice", "sub-of-alice"), ("alice@example.org", "sub-of-alice"),
        ] as [(String, String?)])
    func sameUser(username: String, subject: String?) throws {
        world.store.devices = [FakeWorld.device(key, of: username, subject: subject)]
        try world.save(FakeWorld.session())
        #expect(try world.load().deviceKey?.text == key)
        try world.save(FakeWorld.session(access: "opaque", username: "alice"))
        #expect(try world.load().deviceKey?.text == (username == "alice" ? key : nil))
    }

    @Test(
        "It must be 1 to 256 printable ASCII characters without spaces",
        arguments: ["", "a b", "a\nb", "é", "\u{7F}", String(repeating: "k", count: 257)])
    func bad(key: String) throws {
        let failure = try #require(throws: AuthFailure.self) { try world.save(FakeWorld.session(), deviceKey: key) }
        #expect(failure.status == .invalidArgument)
        #expect(failure.message.hasPrefix("device_key "))
        #expect(world.journal.line.isEmpty)
    }

    @Test("One of 256 characters is taken")
    func long() throws {
        let key = String(repeating: "~", count: 256)
        try world.save(FakeWorld.session(), deviceKey: key)
        #expect(try world.load().deviceKey?.text == key)
    }

    @Test(
        "Items that are damaged are passed over",
        arguments: [nil, "", "{}", #"{"username":"alice"}"#, #"{"device_key":"k"}"#])
    func damaged(secret: String?) throws {
        world.store.sessions = [FakeWorld.item()]
        world.store.devices = [secret.map { SecretBytes($0) }, FakeWorld.device(key)]
        #expect(try world.load().deviceKey?.text == key)
    }
}
