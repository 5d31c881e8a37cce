// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

/// Worlds with sign-outs that the keyring keeps.
enum KeepingScene {
    /// Alice is signed in, and her client keeps what is not finished.
    static func signedIn(refresh: String? = SampleToken.refresh) -> FakeWorld {
        let world = FakeWorld.signedIn(refresh: refresh)
        world.options.keepsUnfinished = true
        world.clock.unixSeconds = SampleToken.expiry - 1000
        return world
    }

    /// She has signed out without a network, which is back.
    static func signedOutOffline(globally: Bool = false) throws -> FakeWorld {
        let world = signedIn()
        world.transport.goOffline()
        let report = try world.signOut(globally: globally)
        #expect(report.kept == .yes)
        world.transport.goOnline()
        return world
    }

    /// Something was written down, and the process died.
    static func interrupted(globally: Bool = false) throws -> FakeWorld {
        let world = signedIn()
        var items: [StoredItem]?
        world.transport.onRequest = { _ in items = items ?? world.store.items }
        _ = try world.signOut(globally: globally)
        world.transport.onRequest = nil
        world.store.items = try #require(items)
        return world
    }
}

extension FakeTransport {
    /// The refresh tokens that RevokeToken was sent for.
    var revoked: [String] { requests("RevokeToken").compactMap { $0.body["Token"] } }
}

extension FakeWorld {
    /// Whether the keyring holds neither a session nor a sign-out.
    var isForgotten: Bool { store.sessions.isEmpty && store.unfinished.isEmpty }

    /// What the keyring's unfinished sign-outs have open.
    var keptSteps: [StepsLeft] {
        get throws {
            let configuration = try Configuration.checked(options)
            return store.items.filter { $0.attributes.kind == .unfinished }.compactMap { item in
                UnfinishedSignOut.read(item, for: configuration)?.steps.map(StepsLeft.init)
            }
        }
    }

    /// Writes an unfinished sign-out anew, at another time or with other steps.
    func changeUnfinished(
        signedOutAt: Int64? = nil, _ change: (inout OpenSteps) -> Void = { _ in }
    ) throws {
        let configuration = try Configuration.checked(options)
        store.items = try store.items.map { item in
            guard item.attributes.kind == .unfinished, let found = UnfinishedSignOut.read(item, for: configuration)
            else { return item }
            var steps = try #require(found.steps)
            change(&steps)
            let secret = UnfinishedSignOut.encode(
                steps, signedOutAt: signedOutAt ?? found.signedOutAt, for: configuration)
            return StoredItem(path: item.path, attributes: item.attributes, secret: secret)
        }
    }
}
