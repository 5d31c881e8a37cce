// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

/// The tokens here are shorter than the runs that are taken for tokens wherever they stand.
@Suite("Servers that echo tokens")
struct EchoedTokenTests {
    static let echo = "echo opaque refresh1 id1 other2 renewed3 rotated4 newid5 end"
    let world = FakeWorld.signedIn(access: "opaque", id: "id1", refresh: "refresh1")

    @Test("No message of a sign-out holds any token of the session, old or new, or of another item")
    func signOut() throws {
        world.store.sessions.append(FakeWorld.item(refresh: "other2"))
        world.transport.script(
            "GetTokensFromRefreshToken", .tokens(access: "renewed3", id: "newid5", refresh: "rotated4"))
        world.transport.script("GlobalSignOut", .exception("NotAuthorizedException", "has been revoked \(Self.echo)"))
        world.transport.script("RevokeToken", .exception("ForbiddenException", Self.echo))
        let report = try world.signOut(globally: true)
        let redacted = "echo" + String(repeating: " [redacted]", count: 7) + " end"
        #expect(
            report.globalSignOutFailure?.message == "Cognito did not sign the user out on all devices:"
                + " NotAuthorizedException: has been revoked \(redacted)")
        #expect(
            report.revocationFailure?.message
                == "Cognito did not revoke the refresh token: ForbiddenException: \(redacted)")
    }

    @Test("No message of a refused renewal does, in a sign-out or a fetch, nor the device key")
    func renewal() throws {
        world.store.devices = [FakeWorld.device("devicekey6")]
        world.transport.always(
            "GetTokensFromRefreshToken",
            .exception("NotAuthorizedException", "opaque refresh1 id1 devicekey6"))
        let failure = try #require(throws: SessionFailure.self) { try world.fetch() }
        let prefix = "Cognito did not refresh the tokens: NotAuthorizedException: "
        #expect(failure.failure.message == prefix + "[redacted] [redacted] [redacted] [redacted]")
        let report = try world.signOut(globally: true)
        #expect(report.globalSignOutFailure?.message.hasPrefix(prefix + "[redacted] [redacted] [redacted]") == true)
    }

    @Test("No message of a sign-out holds the device key that its renewal was sent with")
    func deviceKeyInSignOut() throws {
        world.store.devices = [FakeWorld.device("devicekey6")]
        world.transport.always("GetTokensFromRefreshToken", .exception("NotAuthorizedException", "key devicekey6 end"))
        let report = try world.signOut(globally: true)
        #expect(report.globalSignOutFailure?.message.contains("devicekey6") == false)
    }

    @Test("No message of a retry holds any token of the one that is retried")
    func retry() throws {
        world.store.sessions.append(FakeWorld.item(refresh: "other2"))
        world.transport.always("GetTokensFromRefreshToken", .unreachable())
        let token = try #require(try world.signOut(globally: true).partialFailureToken)
        let later = FakeWorld()
        later.transport.script("GetTokensFromRefreshToken", .tokens(access: "renewed3", refresh: "rotated4"))
        later.transport.script("GlobalSignOut", .exception("ForbiddenException", Self.echo))
        let report = try later.retry(token)
        #expect(
            report.globalSignOutFailure?.message == "Cognito did not sign the user out on all devices:"
                + " ForbiddenException: echo [redacted] [redacted] id1 [redacted] [redacted] [redacted] newid5 end")
    }

    @Test(
        "An exception that is known keeps its name, however long it is",
        arguments: StepFailureTests.exceptions)
    func longNames(name: String, status: Status) throws {
        let world = FakeWorld.signedIn()
        world.transport.always("GlobalSignOut", .exception(name, "No."))
        let report = try world.signOut(globally: true)
        if status == .userNotFound { return }
        #expect(report.globalSignOutFailure?.status == status)
        #expect(report.globalSignOutFailure?.serviceException == name)
        #expect(report.globalSignOutFailure?.message.hasSuffix(": \(name): No.") == true)
    }

    @Test("A name of throttling stays whole too, and one that is not known and looks like a token does not")
    func otherNames() throws {
        for (name, shown) in [
            ("ProvisionedThroughputExceededException", "ProvisionedThroughputExceededException"),
            ("BrandNewException", "BrandNewException"), ("UnknownOperationException", "UnknownOperationException"),
            ("eyJraWQiOiJhYmNkZWZnaGlqa2w", "[redacted]"),
        ] {
            let world = FakeWorld.signedIn()
            world.transport.always("RevokeToken", .exception(name, "No."))
            #expect(try world.signOut().revocationFailure?.serviceException == shown)
        }
    }
}
