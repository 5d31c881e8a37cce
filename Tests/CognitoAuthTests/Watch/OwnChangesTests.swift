// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A watch, and what calls of the same client do")
struct OwnChangesTests {
    let scene: WatchScene
    var world: FakeWorld { scene.world }

    init() throws { scene = try WatchScene() }

    @Test("Row W5: a save, a refresh and a sign-out of the same client are not told")
    func silent() throws {
        world.transport.always("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: "rotated"))
        world.clock.unixSeconds = SampleToken.expiry
        try scene.watch({ scene.fetch() }, { scene.save() }, { scene.signOut() }, { scene.save("again") })
        #expect(scene.told == [])
        #expect(scene.looks > 4)
    }

    @Test("What another client of the same process does is told, whatever its ids")
    func otherClient() throws {
        let other = try WatchScene(world)
        try scene.watch({ other.save() }, { other.signOut() })
        #expect(scene.told == [.sessionChangedElsewhere, .signedOutElsewhere])
    }

    @Test("A session that another process saves after an own sign-out is told, also where one look sees both")
    func foreignSaveAfterSignOut() throws {
        try scene.watch {
            scene.signOut()
            scene.saveElsewhere()
        }
        #expect(scene.told == [.sessionChangedElsewhere])
    }

    @Test(
        "A sign-out by another process just after an own save is told, whoever was signed in before",
        arguments: [true, false])
    func foreignSignOutAfterSave(isSignedIn: Bool) throws {
        if !isSignedIn { world.store.sessions = [] }
        try scene.watch {
            scene.save()
            scene.signOutElsewhere()
        }
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test("A sign-out by another process just after an own one that was taken back is told")
    func foreignSignOutAfterTakenBack() throws {
        world.options.keepsUnfinished = true
        let own = try WatchScene(world)
        let cancellation = FakeCancellation()
        world.journal.whenDone["createUnfinished 1"] = { cancellation.isCancelled = true }
        try own.watch {
            let report = own.client.signOut(globally: false, own.call(cancellation))
            #expect(report.failure?.status == .cancelled)
            #expect(report.kept == .no)
            own.signOutElsewhere()
        }
        #expect(own.told == [.signedOutElsewhere])
    }

    @Test("An own sign-out of a session of 0.1 that was taken back is not told, although it refreshed the session")
    func takenBackAfterRefresh() throws {
        world.store.removeIdentities()
        world.options.keepsUnfinished = true
        world.clock.unixSeconds = SampleToken.expiry
        world.transport.always("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: "rotated"))
        let own = try WatchScene(world)
        let cancellation = FakeCancellation()
        world.journal.whenDone["update 1"] = { cancellation.isCancelled = true }
        try own.watch {
            let report = own.client.signOut(globally: true, own.call(cancellation))
            #expect(report.failure?.status == .cancelled)
            #expect(report.kept == .no)
        }
        #expect(world.store.sessions.count == 1)
        #expect(own.told == [])
    }

    @Test("An own change counts once: the same state, brought about by others later, is told")
    func countsOnce() throws {
        try scene.watch({ scene.signOut() }, { scene.saveElsewhere() }, { scene.signOutElsewhere() })
        #expect(scene.told == [.sessionChangedElsewhere, .signedOutElsewhere])
    }

    @Test("An own change that comes after a foreign one is what is seen, and nothing is told")
    func ownAfterForeign() throws {
        try scene.watch {
            scene.signOutElsewhere()
            scene.save()
        }
        #expect(scene.told == [])
    }

    @Test("A foreign refresh just after an own one is told")
    func foreignRefresh() throws {
        world.transport.always("GetTokensFromRefreshToken", .tokens(access: AnyCall.renewed, refresh: "rotated"))
        world.clock.unixSeconds = SampleToken.expiry
        try scene.watch {
            scene.fetch()
            scene.refreshElsewhere()
        }
        #expect(scene.told == [.sessionChangedElsewhere])
    }

    @Test("An own save before the first look is known, and what comes after it is told")
    func beforeFirstLook() throws {
        world.journal.whenDone["watch 1"] = { [scene] in
            scene.save()
            scene.signOutElsewhere()
        }
        try scene.watch()
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test("What the client did before the watch began is over")
    func beforeWatch() throws {
        scene.signOut()
        scene.saveElsewhere()
        try scene.watch({ scene.signOutElsewhere() })
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test("An own sign-out that the keyring keeps, and its resuming, are not told; another client's is told once")
    func kept() throws {
        world.options.keepsUnfinished = true
        world.transport.goOffline()
        let own = try WatchScene(world)
        let other = try WatchScene(world)
        try own.watch {
            own.keepSignOut()
        } _: {
            own.save()
        } _: {
            other.keepSignOut()
        } _: {
            world.transport.goOnline()
            #expect(own.client.resumeSignOuts(own.call).unfinishedCount == 0)
        }
        #expect(world.store.items.filter { $0.attributes.kind == .unfinished }.isEmpty)
        #expect(own.told == [.signedOutElsewhere])
    }

    // MARK: At the same time

    @Test("While an own change is under way the watch does not look: it pauses, until the change has ended")
    func underWay() throws {
        let changes = scene.client.ownChanges
        world.journal.whenBegun["pause 3"] = { changes.end(OwnChange(Sighting(nil))) }
        try scene.watch {
            changes.begin()
            scene.signOutElsewhere()
        }
        #expect(scene.told == [])
        #expect(world.clock.pauses == [50, 50, 50])
        #expect(scene.looks == 2)
    }

    @Test("A change that ends while the watch looks makes it look again")
    func endsDuringLook() throws {
        let changes = scene.client.ownChanges
        world.store.onLook = { if $0 == 2 { changes.end(OwnChange(Sighting(nil))) } }
        // The look has begun already when the change does.
        world.journal.whenBegun["look 2"] = {
            changes.begin()
            world.journal.whenBegun["pause 1"] = { scene.signOutElsewhere() }
        }
        try scene.watch({})
        #expect(scene.told == [])
        #expect(scene.looks == 4)
    }

    @Test("A look that an own change began and ended in is not believed")
    func duringLook() throws {
        let changes = scene.client.ownChanges
        let secret = try #require(world.store.sessions.first ?? nil)
        world.store.onLook = { number in
            guard number == 2 else { return }
            changes.begin()
            let left = Sighting(ItemAttributes(.session, session: "new"), SecretBytes("new"), world.digest)
            changes.end(OwnChange(left, .done))
            // It shows the old session still; the next look shows the new one.
            world.journal.whenBegun["pause 1"] = {
                world.store.replaceSession(with: SecretBytes("new"), as: "new")
            }
        }
        try scene.watch({})
        #expect(scene.told == [])
        #expect(world.store.sessions.first??.text != secret.text)
        #expect(scene.looks == 4)
    }

    @Test("A watch that is cancelled while an own change is under way ends")
    func cancelledUnderWay() throws {
        scene.client.ownChanges.begin()
        world.cancel(.in("pause 1"))
        #expect(try scene.watch({ scene.signOutElsewhere() }) == .cancelled)
        #expect(scene.told == [])
    }

    // MARK: What failed

    @Test("A deletion that was not answered is not told where it happens all the same", arguments: [true, false])
    func unansweredDeletion(isDone: Bool) throws {
        world.store.hangsFrom = "delete 1"
        try scene.watch {
            let report = scene.client.signOut(globally: false, scene.call)
            #expect(report.failure?.status == .deadlineExceeded)
            world.store.hangsFrom = nil
            if isDone { scene.signOutElsewhere() }
        }
        #expect(scene.told == [])
    }

    @Test("A sign-out by another process is told although an own call that failed has deleted its session")
    func deletionOfEnded() throws {
        let session = try #require(world.store.items.first?.attributes.session)
        let record = try scene.record()
        world.store.storeFailure = AuthFailure(.keyringFailed)
        try scene.watch {
            let attributes = ItemAttributes(.unfinished, session: session)
            world.store.items.append(StoredItem(path: "/record", attributes: attributes, secret: record))
            let loaded = LoadedSession(session: FakeWorld.session(refresh: "own"), deviceKey: nil)
            #expect(throws: AuthFailure.self) { try scene.client.save(loaded, scene.call) }
            #expect(world.store.sessions.isEmpty)
        }
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test("An own sign-out is not told, however much fails before the watch looks again")
    func ownSignOutLongAgo() throws {
        try scene.watch {
            scene.signOut()
            world.store.storeFailure = AuthFailure(.keyringFailed)
            for _ in 0..<12 {
                let loaded = LoadedSession(session: FakeWorld.session(refresh: "own"), deviceKey: nil)
                #expect(throws: AuthFailure.self) { try scene.client.save(loaded, scene.call) }
            }
        }
        #expect(scene.told == [])
    }

    @Test("A save that failed changes nothing, and what comes after it is told")
    func failedSave() throws {
        world.store.storeFailure = AuthFailure(.keyringFailed)
        try scene.watch {
            let loaded = LoadedSession(session: FakeWorld.session(refresh: "own"), deviceKey: nil)
            #expect(throws: AuthFailure.self) { try scene.client.save(loaded, scene.call) }
        } _: {
            scene.signOutElsewhere()
        }
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test("An own deletion of a session that is not seen hides no sign-out by another process")
    func deletionBehind() throws {
        let older = try #require(world.store.items.first)
        world.store.addSession(FakeWorld.item(refresh: "newer", savedAt: 1), as: "newer")
        try scene.watch {
            let keyring = Keyring(client: scene.client, call: scene.call)
            _ = keyring.remove([older], of: .session, WaitLimit(deadline: .max, cancellation: nil))
            scene.signOutElsewhere()
        }
        #expect(scene.told == [.signedOutElsewhere])
    }

    @Test("A sign-out that the keyring keeps is not told, nor that it was taken back, whenever the watch looks")
    func takenBack() throws {
        let session = try #require(world.store.items.first?.attributes.session)
        let keyring = Keyring(client: scene.client, call: scene.call)
        let limit = WaitLimit(deadline: .max, cancellation: nil)
        let record = try scene.record()
        func records() -> [StoredItem] { world.store.items.filter { $0.attributes.kind == .unfinished } }
        func write() {
            let attributes = ItemAttributes(.unfinished, session: session)
            #expect(throws: Never.self) { try keyring.create(record, attributes, limit) }
        }
        func takeBack() { _ = keyring.delete(records(), of: .unfinished, limit) }
        func finish() {
            _ = keyring.remove(world.store.items.filter { $0.attributes.kind == .session }, of: .session, limit)
            _ = keyring.remove(records(), of: .unfinished, limit)
        }
        try scene.watch({ write() }, { takeBack() }) {
            write()
            takeBack()
        } _: {
            write()
            finish()
        }
        #expect(world.store.items.isEmpty)
        #expect(scene.told == [])
    }
}
