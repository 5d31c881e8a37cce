// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Saving a session")
struct SaveTests {
    let world = FakeWorld()

    /// What is stored of a session that is saved now.
    private func saved(refresh: String? = SampleToken.refresh, username: String = "alice") -> String? {
        FakeWorld.item(refresh: refresh, username: username, savedAt: world.clock.unixMilliseconds)?.text
    }

    private func refusal(of session: Session, deviceKey: String? = nil) throws -> AuthFailure {
        try #require(throws: AuthFailure.self) { try world.save(session, deviceKey: deviceKey) }
    }

    @Test("A session is stored whole, under the lock")
    func stored() throws {
        try world.save(FakeWorld.session(id: SampleToken.id()))
        #expect(world.journal.network == "")
        #expect(!world.journal.hasDeleted)
        #expect(world.journal.hasStored)
        let session = try world.load().session
        #expect(session.username == "alice")
        #expect(session.accessToken.text == SampleToken.access())
        #expect(session.idToken?.text == SampleToken.id())
        #expect(session.refreshToken?.text == SampleToken.refresh)
        #expect(session.signInMethod == .api)
    }

    @Test("The stored JSON is what the documentation of the keyring says")
    func format() throws {
        try world.save(FakeWorld.session(access: "a.b.c", id: "i", refresh: "r", method: .hostedUI))
        let object = try JSONText(try #require(world.store.sessions.first ?? nil).text)
        #expect(
            object
                == JSONText(
                    strings: [
                        "username": "alice", "access_token": "a.b.c", "id_token": "i", "refresh_token": "r",
                        "sign_in_method": "hosted_ui",
                    ], numbers: ["version": 1, "saved_at": 1_516_238_602_000]))
    }

    @Test("Tokens that a session does not have are not stored")
    func optionalTokens() throws {
        try world.save(FakeWorld.session(id: nil, refresh: nil))
        let object = try JSONText(try #require(world.store.sessions.first ?? nil).text)
        #expect(Set(object.strings.keys) == ["username", "access_token", "sign_in_method"])
        #expect(try world.load().session.refreshToken == nil)
    }

    @Test(
        "A user name must be 1 to 256 characters without control characters",
        arguments: ["", "a\u{0}b", "a\nb", "\u{7F}", "\u{1B}[0m", String(repeating: "é", count: 257)])
    func badUsername(username: String) throws {
        let failure = try refusal(of: FakeWorld.session(username: username))
        #expect(failure.status == .invalidArgument)
        #expect(failure.message == "username must be 1 to 256 characters without control characters.")
        #expect(world.journal.line.isEmpty)
    }

    @Test(
        "A user name of 256 characters is stored, whatever bytes they take",
        arguments: [
            String(repeating: "用", count: 128), String(repeating: "🦊", count: 256), String(repeating: "a", count: 256),
            "Ünï cödé 🦊 \"quoted\" \\",
        ])
    func goodUsername(username: String) throws {
        try world.save(FakeWorld.session(username: username))
        #expect(try world.load().session.username == username)
    }

    @Test(
        "A token must be made of the characters that tokens have",
        arguments: ["", "a b", "a\nb", "a\"b", "é", "a\u{0}", "a+b", "a/b"])
    func badToken(token: String) throws {
        for (name, session) in [
            ("access_token", FakeWorld.session(access: token)), ("id_token", FakeWorld.session(id: token)),
            ("refresh_token", FakeWorld.session(refresh: token)),
        ] {
            let failure = try refusal(of: session)
            #expect(failure.status == .invalidArgument)
            #expect(failure.message.hasPrefix("\(name) must be 1 to 65536 of the characters A-Z a-z 0-9"))
        }
        #expect(world.journal.line.isEmpty)
    }

    @Test("A token of more than 65536 characters is refused")
    func tooLongToken() throws {
        let failure = try refusal(of: FakeWorld.session(refresh: String(repeating: "a", count: 65_537)))
        #expect(failure.status == .invalidArgument)
        #expect(failure.message.hasPrefix("refresh_token must be 1 to 65536"))
    }

    @Test("The message about a bad token ends like a sentence")
    func messageOfBadToken() throws {
        let message = try refusal(of: FakeWorld.session(access: "a b")).message
        #expect(message.hasSuffix("."))
        #expect(!message.hasSuffix(".."))
    }

    @Test("A token of 65536 characters is stored")
    func longToken() throws {
        let token = String(repeating: "aZ09-_=.", count: 8192)
        try world.save(FakeWorld.session(refresh: token))
        #expect(try world.load().session.refreshToken?.text == token)
    }

    @Test("Row 31: while another user is signed in nothing is stored")
    func otherUser() throws {
        world.store.sessions = [FakeWorld.item()]
        let bob = FakeWorld.session(access: SampleToken.access(sub: "sub-of-bob", username: "bob"), username: "bob")
        let failure = try refusal(of: bob, deviceKey: "key-of-bob")
        #expect(failure.status == .alreadySignedIn)
        #expect(world.storedSessions == [FakeWorld.item()?.text])
        #expect(world.store.devices.isEmpty)
        #expect(world.journal.onlyLooks)
    }

    @Test("Row 31: users with one name and two subs are two users")
    func otherSubject() throws {
        world.store.sessions = [FakeWorld.item()]
        let failure = try refusal(of: FakeWorld.session(access: SampleToken.access(sub: "another")))
        #expect(failure.status == .alreadySignedIn)
    }

    @Test("Row 31: where a token has no sub, the user name decides")
    func otherName() throws {
        world.store.sessions = [FakeWorld.item(access: "opaque")]
        #expect(try refusal(of: FakeWorld.session(username: "bob")).status == .alreadySignedIn)
        try world.save(FakeWorld.session(refresh: "new"))
        #expect(world.storedSessions == [saved(refresh: "new")])
    }

    @Test("Row 31: the same user's session is replaced whole, also under another name")
    func sameUser() throws {
        world.store.sessions = [FakeWorld.item(id: SampleToken.id())]
        try world.save(FakeWorld.session(refresh: nil, username: "alice@example.org"))
        #expect(world.storedSessions == [saved(refresh: nil, username: "alice@example.org")])
    }

    @Test("A session is a new item with an identity that no other has, and a device key has none")
    func identity() throws {
        var identities: Set<String> = []
        for number in 1...3 {
            try world.save(FakeWorld.session(refresh: "token-\(number)"), deviceKey: "eu-west-1_key")
            let item = try #require(world.store.items.first { $0.attributes.kind == .session })
            let identity = try #require(item.attributes.session)
            #expect(identity.utf8.count == 32)
            #expect(identity.allSatisfy { $0.isHexDigit && !$0.isUppercase })
            identities.insert(identity)
        }
        #expect(identities.count == 3)
        #expect(world.store.items.filter { $0.attributes.kind == .session }.count == 1)
        #expect(world.store.items.filter { $0.attributes == ItemAttributes(.device) }.count == 1)
    }

    @Test("An identity of small numbers has as many digits as any other")
    func smallIdentity() throws {
        world.randomness.script = [0, 255]
        try world.save(FakeWorld.session())
        #expect(
            world.store.items.map(\.attributes)
                == [ItemAttributes(.session, session: "000000000000000000000000000000ff")])
    }

    @Test("Row 31: the new session is stored first, then the older ones are deleted, and no other item")
    func replacesOlder() throws {
        world.store.sessions = [FakeWorld.item(refresh: "older"), SecretBytes("{}")]
        world.store.removeIdentities()
        world.store.addSession(FakeWorld.item(refresh: "oldest"), as: "oldest")
        world.store.devices = [FakeWorld.device("eu-west-1_key")]
        world.journal.whenBegun["delete 1"] = { [store = world.store] in
            store.addSession(FakeWorld.item(refresh: "meanwhile"), as: "meanwhile")
        }
        try world.save(FakeWorld.session())
        #expect(world.journal.keyring == "look create reread delete")
        #expect(world.storedSessions == [saved(), FakeWorld.item(refresh: "meanwhile")?.text])
        #expect(world.store.devices.count == 1)
    }

    @Test(
        "A session that is stored in the place of an older one meanwhile stays: it may be the new one itself",
        arguments: ["create 1", "reread 1"], [true, false])
    func placeUsedAgain(step: String, hasIdentity: Bool) throws {
        world.store.sessions = [FakeWorld.item(refresh: "older", savedAt: 1)]
        let another = FakeWorld.item(refresh: "another", savedAt: 2)
        world.journal.whenBegun[step] = { [store = world.store] in
            store.items = store.items.map { item in
                guard item.secret?.text.contains("older") == true else { return item }
                let attributes = ItemAttributes(.session, session: hasIdentity ? "another" : nil)
                return StoredItem(path: item.path, attributes: attributes, secret: another)
            }
        }
        try world.save(FakeWorld.session())
        #expect(world.journal.keyring == "look create reread")
        #expect(world.storedSessions == [saved(), another?.text])
    }

    @Test("An older session that another process refreshed meanwhile is deleted")
    func olderRefreshed() throws {
        world.store.sessions = [FakeWorld.item(refresh: "older", savedAt: 1)]
        world.journal.whenBegun["create 1"] = { [store = world.store] in
            store.refreshSession(with: FakeWorld.item(refresh: "rotated", savedAt: 1))
        }
        try world.save(FakeWorld.session())
        #expect(world.storedSessions == [saved()])
    }

    @Test("Where the older sessions cannot be read again, none is deleted, and the log warns")
    func olderUnreadable() throws {
        world.store.sessions = [FakeWorld.item(refresh: "older", savedAt: 1)]
        world.store.rereadFailure = AuthFailure(.keyringLocked)
        try world.save(FakeWorld.session())
        #expect(world.events == [.sessionSaved])
        #expect(
            world.lines.filter { $0.level == .warning }.map(\.text)
                == ["Save: an older session was not deleted: AUTH_STATUS_KEYRING_LOCKED"])
        #expect(world.store.sessions.count == 2)
    }

    @Test("Where nobody was signed in, nothing is deleted")
    func nothingToReplace() throws {
        try world.save(FakeWorld.session())
        #expect(world.journal.keyring == "look create")
    }

    @Test("Where an older session cannot be deleted, the new one is saved all the same, and the log warns")
    func olderStays() throws {
        world.store.sessions = [FakeWorld.item(refresh: "older", savedAt: 1)]
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        try world.save(FakeWorld.session())
        #expect(world.events == [.sessionSaved])
        #expect(
            world.lines.filter { $0.level == .warning }.map(\.text)
                == ["Save: an older session was not deleted: AUTH_STATUS_KEYRING_ACCESS_DENIED"])
        #expect(world.store.sessions.count == 2)
        #expect(try world.load().session.refreshToken?.text == SampleToken.refresh)
        #expect(try world.fetch().session.refreshToken?.text == SampleToken.refresh)
    }

    @Test(
        "Where the clock was set back, the new session counts as newer than older ones that cannot be deleted",
        arguments: [Int64(1), 3_600_000])
    func clockSetBack(by milliseconds: Int64) throws {
        let newest = world.clock.unixMilliseconds + milliseconds
        world.store.sessions = [
            FakeWorld.item(refresh: "oldest", savedAt: 1), FakeWorld.item(refresh: "older", savedAt: newest),
        ]
        world.store.deleteFailure = AuthFailure(.keyringAccessDenied)
        try world.save(FakeWorld.session(refresh: "new"))
        #expect(world.storedSessions.first == FakeWorld.item(refresh: "new", savedAt: newest + 1)?.text)
        #expect(try world.load().session.refreshToken?.text == "new")
    }

    @Test("Where the clock goes on, a session is saved at its time, whatever times others claim")
    func clockGoesOn() throws {
        world.store.sessions = [FakeWorld.item(savedAt: world.clock.unixMilliseconds - 1)]
        try world.save(FakeWorld.session(refresh: "new"))
        #expect(world.storedSessions == [saved(refresh: "new")])
        world.store.sessions = [FakeWorld.item(savedAt: .max)]
        try world.save(FakeWorld.session(refresh: "new"))
        #expect(world.storedSessions == [saved(refresh: "new")])
    }

    @Test("Nobody can cut the deletion of older sessions short")
    func deletionLimit() throws {
        world.store.sessions = [FakeWorld.item()]
        world.cancel(.after("create 1"))
        try world.save(FakeWorld.session(refresh: "new"))
        #expect(world.storedSessions == [saved(refresh: "new")])
        let deletion = try #require(world.store.limits.last)
        #expect(deletion.step == "delete")
        #expect(deletion.limit.cancellation == nil)
    }

    @Test("Where the keyring refuses the new session, the older one stays")
    func refused() throws {
        world.store.sessions = [FakeWorld.item(refresh: "older")]
        world.store.storeFailure = AuthFailure(.keyringFailed)
        #expect(try refusal(of: FakeWorld.session()).status == .keyringFailed)
        #expect(!world.journal.hasDeleted)
        #expect(world.storedSessions == [FakeWorld.item(refresh: "older")?.text])
    }

    @Test("A damaged session that does not tell its user is replaced", arguments: [nil, "", "{", "{}"])
    func damaged(secret: String?) throws {
        world.store.sessions = [secret.map { SecretBytes($0) }]
        try world.save(FakeWorld.session())
        #expect(world.storedSessions == [saved()])
    }

    @Test("A damaged session that tells another user is not replaced")
    func damagedOfAnother() throws {
        world.store.sessions = [SecretBytes(#"{"username":"bob"}"#)]
        #expect(try refusal(of: FakeWorld.session()).status == .alreadySignedIn)
    }

    @Test(
        "A keyring that cannot be read or written is told as it is",
        arguments: [
            Status.keyringLocked, .keyringUnavailable, .keyringNoCollection,
        ])
    func keyringFails(status: Status) throws {
        world.store.failingLooks = [1: AuthFailure(status)]
        #expect(try refusal(of: FakeWorld.session()).status == status)
        world.store.storeFailure = AuthFailure(status, detail: "detail")
        let failure = try refusal(of: FakeWorld.session())
        #expect(failure.status == status)
        #expect(failure.message.hasSuffix("(detail)"))
        #expect(world.journal.keyring == "look look create")
    }
}
