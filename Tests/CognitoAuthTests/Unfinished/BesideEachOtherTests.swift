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
}
