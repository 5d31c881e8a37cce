// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Sign-outs of one session beside each other, where one of them could not have the lock")
struct BesideEachOtherTests {
    @Test("Do not take what they wrote down for the session, where the keyring put it in that one's place")
    func recordInPlaceOfSession() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        world.journal.whenBegun["createUnfinished 1"] = { world.store.sessions = [] }
        world.journal.whenDone["createUnfinished 1"] = {
            world.store.items = world.store.items.map {
                StoredItem(path: "/item/1", attributes: $0.attributes, secret: $0.secret)
            }
        }
        let report = try world.signOut()
        #expect(report.kept == .yes)
        #expect(try world.keptSteps == [StepsLeft(revoke: [SampleToken.refresh])])
    }

    @Test("Are retried each by itself, though both are kept as those of one session")
    func retried() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        let report = try world.signOut()
        let token = try #require(report.partialFailureToken)
        let other = OpenSteps(
            subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: nil,
            otherRefreshTokens: [SecretBytes("before-it-was-rotated")].toBeRevoked(), record: "session of /item/1")
        world.store.items.append(
            StoredItem(
                path: "/item/9", attributes: ItemAttributes(.unfinished, session: "session of /item/1"),
                secret: UnfinishedSignOut.encode(
                    other, signedOutAt: 0, for: try Configuration.checked(world.options))))
        world.transport.goOnline()
        let sent = world.transport.revoked.count
        let retried = try world.retry(token)
        #expect(retried.revocation == .done)
        #expect(world.transport.revoked.dropFirst(sent) == [SampleToken.refresh])
        #expect(try world.keptSteps == [StepsLeft(revoke: ["before-it-was-rotated"])])
    }

    @Test("A retry also revokes what only its token has: an earlier one may have got it, and not written it down")
    func retriedWithMore() throws {
        let world = KeepingScene.signedIn()
        world.transport.goOffline()
        _ = try world.signOut()
        let plan = OpenSteps(
            subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: nil,
            otherRefreshTokens: [SecretBytes("renewed-by-a-retry")].toBeRevoked(), record: "session of /item/1")
        let token = PartialFailureToken.encode(plan, for: try Configuration.checked(world.options)).text
        world.transport.goOnline()
        let sent = world.transport.revoked.count
        let report = try world.retry(try #require(token))
        #expect(report.outcome == .complete)
        #expect(world.transport.revoked.dropFirst(sent) == [SampleToken.refresh, "renewed-by-a-retry"])
        #expect(try world.keptSteps.isEmpty)
    }

    @Test("Write each into what they wrote down, and not into what the other one did")
    func otherRecord() throws {
        let world = KeepingScene.signedIn()
        let other = OpenSteps(
            subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: nil,
            otherRefreshTokens: [SecretBytes("rotated-by-the-other")].toBeRevoked())
        world.journal.whenBegun["createUnfinished 1"] = {
            let secret = (try? Configuration.checked(world.options)).flatMap {
                UnfinishedSignOut.encode(other, signedOutAt: 0, for: $0)
            }
            world.store.items.append(
                StoredItem(
                    path: "/item/9", attributes: ItemAttributes(.unfinished, session: "session of /item/1"),
                    secret: secret))
        }
        // A keyring shows what is in it in any order.
        world.journal.whenDone["createUnfinished 1"] = { world.store.items.reverse() }
        let report = try world.signOut()
        #expect(report.outcome == .complete)
        #expect(try world.keptSteps == [StepsLeft(revoke: ["rotated-by-the-other"])])
    }

    @Test("Leave kept what the other one added to what they wrote down")
    func added() throws {
        let world = KeepingScene.signedIn()
        world.journal.whenBegun["RevokeToken 1"] = { world.addToUnfinished("rotated-by-the-other") }
        _ = try world.signOut()
        #expect(world.transport.revoked == [SampleToken.refresh])
        #expect(try world.keptSteps == [StepsLeft(revoke: ["rotated-by-the-other"])])
    }

    @Test("Know again what they wrote down, although the other one wrote into it before they saw it")
    func addedAtOnce() throws {
        let world = KeepingScene.signedIn()
        world.journal.whenDone["createUnfinished 1"] = { world.addToUnfinished("rotated-by-the-other") }
        let report = try world.signOut()
        #expect(report.kept == .yes)
        #expect(report.unfinishedCount == 1)
        #expect(try world.keptSteps == [StepsLeft(revoke: ["rotated-by-the-other"])])
    }
}

extension FakeWorld {
    /// Another process, without the lock, adds a refresh token to what a sign-out wrote down.
    fileprivate func addToUnfinished(_ token: String) {
        guard let configuration = try? Configuration.checked(options) else { return }
        store.items = store.items.map { item in
            guard item.attributes.kind == .unfinished,
                let found = UnfinishedSignOut.read(item, for: configuration), let steps = found.steps
            else { return item }
            let more = steps.adding(revoking: [SecretBytes(token)].toBeRevoked())
            return StoredItem(
                path: item.path, attributes: item.attributes,
                secret: UnfinishedSignOut.encode(more, signedOutAt: found.signedOutAt, for: configuration))
        }
    }
}
