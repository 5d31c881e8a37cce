// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Row L2: a sign-out that keeps, and dies before any of its steps")
struct CrashTests {
    enum Scene: CaseIterable, Sendable {
        case local, localOffline, global, globalOffline, rotating, rotatingThenOffline, damaged, ofFirstVersion
        case rotatingOfFirstVersion

        var isGlobal: Bool { self != .local && self != .localOffline && self != .damaged && self != .ofFirstVersion }
        var isOffline: Bool { self == .localOffline || self == .globalOffline }
        var rotates: Bool { self == .rotating || self == .rotatingThenOffline || self == .rotatingOfFirstVersion }

        func world() -> FakeWorld {
            let world = KeepingScene.signedIn()
            if isOffline { world.transport.goOffline() }
            if rotates { world.clock.unixSeconds = SampleToken.expiry }
            if self == .rotatingThenOffline { world.transport.always("GlobalSignOut", .unreachable()) }
            if self == .damaged {
                world.store.sessions = [SecretBytes(#"{"version":1,"refresh_token":"\#(SampleToken.refresh)"}"#)]
            }
            if self == .ofFirstVersion || self == .rotatingOfFirstVersion { world.store.removeIdentities() }
            world.transport.always(
                "GetTokensFromRefreshToken",
                .tokens(access: SampleToken.access(exp: SampleToken.expiry + 3600), refresh: "rotated"))
            return world
        }
    }

    /// What was there when a process died.
    private struct Moment {
        let step: String
        let items: [StoredItem]
        /// The refresh tokens that Cognito still takes.
        let alive: [String]
    }

    private func moments(_ world: FakeWorld, _ scene: Scene) throws -> [Moment] {
        var moments: [Moment] = []
        world.journal.onStep = {
            let step = world.journal.entries.last?.step ?? ""
            let isUnderWay = world.journal.entries.last?.channel == .network
            let done = world.transport.requests.dropLast(isUnderWay ? 1 : 0)
            var alive = [SampleToken.refresh]
            if done.contains(where: { $0.operation == "GetTokensFromRefreshToken" }) { alive.append("rotated") }
            if !scene.isOffline {
                let isEnded = scene != .rotatingThenOffline && done.contains { $0.operation == "GlobalSignOut" }
                alive.removeAll { token in
                    isEnded || done.contains { $0.operation == "RevokeToken" && $0.body["Token"] == token }
                }
            }
            moments.append(Moment(step: step, items: world.store.items, alive: alive))
        }
        _ = try world.signOut(globally: scene.isGlobal)
        world.journal.onStep = nil
        moments.append(Moment(step: "end", items: world.store.items, alive: []))
        return moments
    }

    @Test(
        "Leaves a whole session, or is finished by the next resume: Cognito has every token, and nothing is left",
        arguments: Scene.allCases)
    func dies(scene: Scene) throws {
        for moment in try moments(scene.world(), scene) {
            let world = scene.world()
            world.transport.goOnline()
            if scene.rotates {
                world.transport.always(
                    "GetTokensFromRefreshToken",
                    .tokens(access: SampleToken.access(exp: SampleToken.expiry + 3600), refresh: "rotated again"))
            }
            world.store.items = moment.items
            let isBegun = world.store.items.contains { $0.attributes.kind == .unfinished }
            let isWritten =
                try world.keptSteps.contains { $0.revoke.contains("rotated") }
                || world.storedSessions.contains { $0.contains("rotated") }
            let report = try world.resume()
            if !isBegun {
                #expect(report.outcome == .complete, "\(moment.step)")
                #expect(world.transport.requests.isEmpty, "\(moment.step)")
                continue
            }
            #expect(world.isForgotten, "\(moment.step)")
            #expect(report.failure == nil, "\(moment.step)")
            let isEnded = world.transport.requests.contains { $0.operation == "GlobalSignOut" }
            // Nobody can close this one: Cognito gave a token, and the process died before it wrote that down.
            let left = moment.alive.filter { !isEnded && !world.transport.revoked.contains($0) }
            #expect(left.isEmpty || !isWritten && left == ["rotated"], "\(moment.step): \(left)")
        }
    }
}
