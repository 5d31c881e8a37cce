// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

/// A sign-out that did not delete the session, by the remote steps that are open beside the deletion.
enum OpenDeletion: CaseIterable, Sendable {
    case nothing, revocation, all

    /// What a retry sends.
    var network: String {
        switch self {
        case .nothing: ""
        case .revocation: "RevokeToken"
        case .all: "GlobalSignOut RevokeToken"
        }
    }

    var steps: StepsLeft {
        StepsLeft(
            globalSignOut: self == .all ? SampleToken.access() : nil,
            revoke: self == .nothing ? [] : [SampleToken.refresh], deletions: 1)
    }

    /// The world after it, and the token to retry it with.
    func undeleted(_ change: (FakeWorld) -> Void = { _ in }) throws -> (world: FakeWorld, token: SecretBytes) {
        let world = FakeWorld.signedIn()
        change(world)
        world.store.deleteFailure = AuthFailure(.keyringFailed)
        if self == .revocation { world.transport.script("RevokeToken", .exception("ForbiddenException")) }
        if self == .all { world.transport.script("GlobalSignOut", .exception("ForbiddenException")) }
        let report = try world.signOut(globally: self == .all)
        #expect(report.failure?.status == .keyringFailed)
        let later = FakeWorld()
        later.store.items = world.store.items
        return (later, try #require(report.partialFailureToken))
    }

    /// The report of a retry.
    func expected(
        _ outcome: SignOutReport.Outcome, isDone: Bool = true, signedOut: SignOutReport.Answer = .yes,
        wasSignedIn: SignOutReport.Answer = .yes, failure: Status? = nil, left: StepsLeft? = nil
    ) -> ReportSummary {
        let done = isDone ? SignOutReport.Remote.done : .notAttempted
        return ReportSummary(
            outcome, wasSignedIn: wasSignedIn, signedOutLocally: signedOut,
            globalSignOut: self == .all ? done : .notRequested,
            revocation: self == .nothing ? .notRequested : done, failure: failure,
            tokensValidUntil: isDone ? SampleToken.expiry : 0, openSteps: left)
    }

    /// A session that was saved since.
    static func another(_ user: String) -> SecretBytes? {
        FakeWorld.item(
            access: SampleToken.access(sub: "sub-of-\(user)", username: user), refresh: "another", username: user,
            savedAt: 1)
    }
}
