// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

/// A call that a client can be asked for, each in a form that needs keyring and lock.
enum AnyCall: CaseIterable, Sendable {
    case signOut, globalSignOut, retry, save, load, fetch, check

    /// The calls that take the lock.
    static let takingLock: [AnyCall] = [.signOut, .globalSignOut, .retry, .save, .fetch, .check]

    /// A world in which the call has something to do: alice is signed in, and her access token expired; for
    /// a retry nobody is.
    func world() -> FakeWorld {
        let world = self == .retry ? FakeWorld() : FakeWorld.signedIn(access: Self.expired)
        world.transport.always("GetTokensFromRefreshToken", .tokens(access: Self.renewed))
        return world
    }

    /// Makes the call and tells how it failed.
    func failure(in world: FakeWorld) throws -> Status? {
        do {
            switch self {
            case .signOut: return try world.signOut().failure?.status
            case .globalSignOut: return try world.signOut(globally: true).failure?.status
            case .retry: return try world.retry(try Self.token()).failure?.status
            case .save: try world.save(FakeWorld.session(access: Self.renewed))
            case .load: _ = try world.load()
            case .fetch: _ = try world.fetch()
            case .check: try world.check()
            }
            return nil
        } catch let error as AuthFailure {
            return error.status
        } catch let error as SessionFailure {
            return error.failure.status
        }
    }

    /// What the journal says of a call that meets nothing unusual.
    var line: String {
        switch self {
        case .signOut: "take look RevokeToken reread delete look release"
        case .globalSignOut:
            "take look GetTokensFromRefreshToken reread update look GlobalSignOut RevokeToken reread delete look release"
        case .retry: "take look GlobalSignOut RevokeToken release"
        case .save: "take look create reread delete release"
        case .load: "look"
        case .fetch: "take look GetTokensFromRefreshToken reread update look release"
        case .check: "take look GetTokensFromRefreshToken reread update look release GetUser"
        }
    }

    /// What it announces then.
    var events: [Event] {
        switch self {
        case .signOut, .globalSignOut: [.signedOut]
        case .retry, .load: []
        case .save: [.sessionSaved]
        case .fetch, .check: [.sessionRefreshed]
        }
    }

    static let expired = SampleToken.access(exp: 1_516_238_000)
    static let renewed = SampleToken.access(exp: 1_516_242_000)

    /// What a global sign-out left of which neither step was done.
    static func token() throws -> SecretBytes {
        let world = FakeWorld.signedIn()
        world.transport.script("GlobalSignOut", .exception("ForbiddenException"))
        return try #require(try world.signOut(globally: true).partialFailureToken)
    }
}
