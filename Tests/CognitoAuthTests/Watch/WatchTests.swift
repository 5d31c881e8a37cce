// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Watching what others do to the session")
struct WatchTests {
    let scene: WatchScene
    var world: FakeWorld { scene.world }

    init() throws { scene = try WatchScene() }

    // MARK: Rows W1 and W2

    @Test("Row W1: a sign-out by another process is told once, as one elsewhere")
    func signedOut() throws {
        #expect(try scene.watch({ scene.signOutElsewhere() }, {}) == .cancelled)
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test("Row W1: a session whose sign-out the keyring keeps is signed out, whatever is still stored")
    func unfinished() throws {
        let session = try #require(world.store.items.first?.attributes.session)
        let record = try scene.record()
        try scene.watch {
            let attributes = ItemAttributes(.unfinished, session: session)
            world.store.items.append(StoredItem(path: "/record", attributes: attributes, secret: record))
        }
        #expect(world.store.sessions.count == 1)
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test(
        "Row W2: a session that another process saves is told once, whoever was signed in before",
        arguments: [true, false])
    func saved(isSignedIn: Bool) throws {
        if !isSignedIn { world.store.sessions = [] }
        try scene.watch({ scene.saveElsewhere() }, {})
        #expect(scene.told == [.sessionChangedElsewhere])
    }

    @Test("Row W2: a save is told once where the new session is seen beside the older one")
    func savedBeside() throws {
        let item = FakeWorld.item(refresh: "foreign", savedAt: 1)
        try scene.watch {
            world.store.addSession(item, as: "another")
        } _: {
            world.store.items.removeFirst()
        }
        #expect(scene.told == [.sessionChangedElsewhere])
    }

    @Test(
        "Row W2: new tokens of the same session are told once, in an item with an identity and without",
        arguments: [true, false])
    func refreshed(hasIdentity: Bool) throws {
        if !hasIdentity { world.store.removeIdentities() }
        try scene.watch({ scene.refreshElsewhere() }, {})
        #expect(scene.told == [.sessionChangedElsewhere])
    }

    @Test("Row W2: the same tokens in another session's item are another session")
    func otherIdentity() throws {
        let secret = world.store.sessions.first.flatMap { $0 }
        try scene.watch { world.store.replaceSession(with: secret, as: "another") }
        #expect(scene.told == [.sessionChangedElsewhere])
    }

    @Test("Row W2: a session that is damaged elsewhere has changed, and is not signed out", arguments: ["", "{", "{}"])
    func damaged(secret: String) throws {
        try scene.watch { world.store.refreshSession(with: SecretBytes(secret)) }
        #expect(scene.told == [.sessionChangedElsewhere])
    }

    @Test("Each difference is told in its order")
    func order() throws {
        try scene.watch({ scene.signOutElsewhere() }, { scene.saveElsewhere() }, { scene.refreshElsewhere() }) {
            scene.signOutElsewhere()
        }
        #expect(
            scene.told == [
                .signedOutElsewhere, .sessionChangedElsewhere, .sessionChangedElsewhere, .signedOutElsewhere,
            ])
    }

    @Test("What is there when the watch begins is no change", arguments: [true, false])
    func first(isSignedIn: Bool) throws {
        if !isSignedIn { world.store.sessions = [] }
        try scene.watch({}, {})
        #expect(scene.told == [])
        #expect(scene.looks == 3)
    }

    @Test("What changes between the beginning of the watch and its first look is seen by that look")
    func changedBeforeFirstLook() throws {
        world.journal.whenDone["watch 1"] = { [scene] in scene.signOutElsewhere() }
        try scene.watch({ scene.saveElsewhere() })
        #expect(scene.told == [.sessionChangedElsewhere])
    }

    @Test("Changes of devices, marks and items of other sessions are not told")
    func others() throws {
        try scene.watch {
            world.store.devices = [FakeWorld.device("key")]
            world.store.marks = [SecretBytes("{}")]
        } _: {
            world.store.addSession(FakeWorld.item(refresh: "older", savedAt: -1), as: "older")
        }
        #expect(scene.told == [])
    }

    // MARK: Row W3

    @Test("Row W3: a keyring that is locked and unlocked is told as that, once each, and as no sign-out")
    func locked() throws {
        try scene.watch({ scene.lock() }, {}, { scene.unlock() }, {})
        #expect(scene.told == [.keyringLocked, .keyringUnlocked])
    }

    @Test("Row W3: a keyring that is locked at first says nothing of the session, also when it is unlocked")
    func lockedAtFirst() throws {
        scene.lock()
        try scene.watch({ scene.unlock() }, { scene.signOutElsewhere() })
        #expect(scene.told == [.keyringLocked, .keyringUnlocked, .signedOutElsewhere])
        #expect(world.store.prompts.isEmpty)
    }

    @Test("Row W3: what changed behind a lock is told after the unlocking")
    func changedWhileLocked() throws {
        try scene.watch({ scene.lock() }) {
            scene.signOutElsewhere()
            scene.unlock()
        }
        #expect(scene.told == [.keyringLocked, .keyringUnlocked, .signedOutElsewhere])
    }

    // MARK: Row W4

    @Test(
        "Row W4: a look that fails tells nothing, and the next one tells the difference to what was seen last",
        arguments: [
            Status.keyringUnavailable, .keyringFailed, .keyringAccessDenied, .keyringNoCollection, .deadlineExceeded,
            .outOfResources,
        ])
    func failing(status: Status) throws {
        world.store.failingLooks = [2: AuthFailure(status), 3: AuthFailure(status)]
        try scene.watch({}, {}, {})
        #expect(scene.told == [])
        world.store.failingLooks = [6: AuthFailure(status)]
        try scene.watch({ scene.signOutElsewhere() }, {})
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test("Row W4: a secret that is not shown may be the same, and nothing is told of it")
    func hiddenSecret() throws {
        let secret = world.store.sessions.first.flatMap { $0 }
        try scene.watch({ world.store.refreshSession(with: nil) }, { world.store.refreshSession(with: secret) })
        #expect(scene.told == [])
    }

    @Test("Row W4: a look that failed is tried again three times, a second apart, and not for ever")
    func triedAgain() throws {
        world.store.watchEnd = nil
        for look in 1...10 { world.store.failingLooks[look] = AuthFailure(.keyringFailed) }
        var times: [Int64] = []
        let start = world.clock.monotonicMilliseconds
        world.store.onLook = { [clock = world.clock] _ in times.append(clock.monotonicMilliseconds - start) }
        // The fourth wait is for a sign.
        world.cancel(.in("next 4"))
        #expect(try scene.watch() == .cancelled)
        #expect(times == [0, 1000, 2000, 3000])
        #expect(world.store.watches.first?.deadlines == [start + 1000, start + 2000, start + 3000, .max])
    }

    @Test("Row W4: a look that fails once tells the difference at the next try, without another sign")
    func failsOnce() throws {
        world.store.watchEnd = nil
        world.store.failingLooks = [2: AuthFailure(.keyringFailed)]
        world.cancel(.in("next 3"))
        try scene.watch { scene.signOutElsewhere() }
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test("Row W4: a locked keyring is not tried again without a sign")
    func lockedIsNoChance() throws {
        scene.lock()
        world.store.watchEnd = nil
        world.cancel(.in("next 1"))
        try scene.watch()
        #expect(scene.looks == 1)
    }

    @Test(
        "Row W4: a watch ends with what ended it, and is closed",
        arguments: [Status.keyringUnavailable, .cancelled, .outOfResources])
    func end(status: Status) throws {
        world.store.watchEnd = AuthFailure(status)
        #expect(try scene.watch({}) == status)
        #expect(world.store.watches.map(\.isClosed) == [true])
        #expect(world.lines.last?.text == "Watch: \(status.name)")
        #expect(world.lines.last?.level == (status == .cancelled ? .info : .error))
    }

    @Test("Row W4: a keyring that cannot be watched is not", arguments: [Status.keyringUnavailable, .notSupported])
    func cannotBegin(status: Status) throws {
        world.store.watchFailure = AuthFailure(status)
        #expect(try scene.watch({}) == status)
        #expect(scene.looks == 0)
    }

    @Test(
        "A watch that is cancelled ends, and tells nothing more", arguments: ["watch 1", "look 1", "look 2", "next 1"])
    func cancelled(step: String) throws {
        world.cancel(.in(step))
        #expect(try scene.watch({ scene.signOutElsewhere() }, {}) == .cancelled)
        #expect(scene.told == [])
        #expect(!world.store.watches.contains { !$0.isClosed })
    }

    // MARK: Row W5

    @Test("Row W5: a watch looks once at first and once for each sign, and does nothing else")
    func looks() throws {
        try scene.watch({}, {}, {})
        #expect(world.journal.line == "look look look look")
        #expect(world.clock.pauses.isEmpty)
    }

    @Test("Row W5: each look may take the time of the call, and no sign is waited for with a limit")
    func limits() throws {
        let start = world.clock.monotonicMilliseconds
        world.store.onLook = { [clock = world.clock] _ in clock.monotonicMilliseconds += 700 }
        try scene.watch(timeout: 1000, {}, {})
        #expect(world.store.limits.map(\.step) == ["watch", "look", "look", "look"])
        #expect(world.store.limits.map { $0.limit.deadline - start } == [1000, 1000, 1700, 2400])
        #expect(world.store.watches.first?.deadlines == [.max, .max, .max])
    }

    @Test("A watch takes no lock and asks nothing, and its lines tell when it begins and ends")
    func lines() throws {
        scene.lock()
        try scene.watch({ scene.unlock() })
        #expect(!world.lock.isTaken && world.store.prompts.isEmpty)
        #expect(world.mailbox.letters.count == world.notices.count)
        #expect(
            world.lines.map(\.text) == [
                "The session is watched", "Keyring, look, session: AUTH_STATUS_KEYRING_LOCKED",
                "Keyring, look, session: found 1", "Watch: AUTH_STATUS_CANCELLED",
            ])
    }
}
