// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

/// A client that watches its session, and what others and it itself do meanwhile. Alice is signed in at first.
struct WatchScene {
    let world: FakeWorld
    let client: AuthClient

    init(_ world: FakeWorld = .signedIn()) throws {
        self.world = world
        client = try world.client
    }

    var store: FakeStore { world.store }

    /// What the watch has told.
    var told: [Event] { world.events }

    /// How often it looked.
    var looks: Int { world.journal.entries.count { $0.step == "look" } }

    /// Watches while these things happen, one after the other, each after the looks that the one before was a reason for.
    /// Returns how the watch ends.
    @discardableResult
    func watch(timeout: Int32 = 30_000, _ happenings: (() -> Void)...) throws -> Status {
        store.reasons = happenings
        let options = try CallOptions(
            timeout: timeout, allowPrompt: true, promptTimeout: 0, client.configuration)
        let call = Call(options, cancellation: world.cancellation, logLimit: .debug, mailbox: world.mailbox)
        return client.watch(call).status
    }

    // MARK: What the same client does

    /// A call of the client's own, which speaks with the program through another mailbox.
    var call: Call { call(FakeCancellation()) }

    func call(_ cancellation: FakeCancellation) -> Call {
        Call(
            CallOptions(client.configuration), cancellation: cancellation, logLimit: nil,
            mailbox: FakeMailbox(world.clock))
    }

    func save(_ refresh: String = "own") {
        let loaded = LoadedSession(session: FakeWorld.session(refresh: refresh), deviceKey: SecretBytes("device"))
        #expect(throws: Never.self) { try client.save(loaded, call) }
    }

    func signOut() { #expect(client.signOut(globally: false, call).failure == nil) }

    /// Signs out where RevokeToken does not work.
    func keepSignOut() { #expect(client.signOut(globally: false, call).kept == .yes) }

    func fetch() { #expect(throws: Never.self) { try client.fetch(call) } }

    // MARK: What others do

    /// Another process saves a session: a new item, and then the older ones are deleted.
    func saveElsewhere(_ refresh: String = "foreign") {
        let item = FakeWorld.item(refresh: refresh, savedAt: world.clock.unixMilliseconds + 1)
        store.addSession(item, as: "session of \(refresh)")
        store.items.removeAll { $0.attributes.kind == .session && $0.secret?.text != item?.text }
    }

    func signOutElsewhere() { store.sessions = [] }

    func refreshElsewhere(_ refresh: String = "refreshed") {
        store.refreshSession(with: FakeWorld.item(refresh: refresh))
    }

    /// What the keyring keeps of a sign-out that is not finished.
    func record() throws -> SecretBytes {
        let token = OpenRevocation(token: SecretBytes(SampleToken.refresh))
        let steps = OpenSteps(
            subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: token, otherRefreshTokens: [])
        return try #require(UnfinishedSignOut.encode(steps, signedOutAt: 1, for: client.configuration))
    }

    func lock() { store.lockedFromCall = 0 }

    func unlock() { store.lockedFromCall = nil }
}
