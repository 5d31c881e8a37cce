// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("A request to Cognito")
struct RequestTests {
    let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1))

    init() {
        world.transport.always("GetTokensFromRefreshToken", .tokens(access: SampleToken.access()))
    }

    @Test("It goes to the region's endpoint, with the headers of the AWS JSON protocol")
    func headers() throws {
        _ = try world.signOut(globally: true)
        #expect(
            world.transport.requests.map { $0.headers["X-Amz-Target"] } == [
                "AWSCognitoIdentityProviderService.GetTokensFromRefreshToken",
                "AWSCognitoIdentityProviderService.GlobalSignOut", "AWSCognitoIdentityProviderService.RevokeToken",
            ])
        for request in world.transport.requests {
            #expect(request.url == "https://cognito-idp.eu-west-1.amazonaws.com/")
            #expect(request.headers["Content-Type"] == "application/x-amz-json-1.1")
            #expect(request.headers["Cache-Control"] == "no-store")
            #expect(request.headers["amz-sdk-request"] == "attempt=1; max=3")
        }
    }

    @Test("All attempts of a request share one identifier, and the attempts are counted")
    func attempts() throws {
        world.options.maximumAttempts = 5
        world.transport.always("RevokeToken", .exception("InternalErrorException"))
        _ = try world.signOut()
        let headers = world.transport.requests.map(\.headers)
        #expect(headers.map { $0["amz-sdk-request"] } == (1...5).map { "attempt=\($0); max=5" })
        #expect(Set(headers.map { $0["amz-sdk-invocation-id"] }).count == 1)
    }

    @Test("Each request has an identifier of its own")
    func identifiers() throws {
        _ = try world.signOut(globally: true)
        #expect(Set(world.transport.requests.map { $0.headers["amz-sdk-invocation-id"] }).count == 3)
    }

    @Test(
        "The identifier is a UUID of version 4, whatever the random numbers are",
        arguments: [
            0, UInt64.max, 0x0123_4567_89AB_CDEF, 0xAAAA_AAAA_AAAA_AAAA,
        ])
    func identifier(random: UInt64) throws {
        let randomness = FakeRandomness()
        randomness.constant = random
        let text = InvocationIdentifier(randomness).text
        let uuid = try #require(UUID(uuidString: text))
        #expect(text == text.lowercased())
        #expect(uuid.uuid.6 >> 4 == 4)
        #expect(uuid.uuid.8 >> 6 == 2)
    }

    @Test("The identifier takes its digits from the random numbers in their order")
    func identifierDigits() {
        let randomness = FakeRandomness()
        randomness.script = [0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210]
        #expect(InvocationIdentifier(randomness).text == "01234567-89ab-4def-bedc-ba9876543210")
    }

    @Test("The client secret goes with every operation that takes it, and not with GlobalSignOut")
    func clientSecret() throws {
        world.options.clientSecret = SecretBytes("abcdefghijklmnopqrstuvwxyz")
        _ = try world.signOut(globally: true)
        #expect(
            world.transport.requests.map { Set($0.body.keys) } == [
                ["RefreshToken", "ClientId", "ClientSecret"], ["AccessToken"], ["Token", "ClientId", "ClientSecret"],
            ])
    }

    @Test("A client's own endpoint gets the requests")
    func endpoint() throws {
        world.options.endpoint = "https://cognito.example.org:8443"
        _ = try world.signOut()
        #expect(world.transport.requests.map(\.url) == ["https://cognito.example.org:8443/"])
    }

    @Test("A token with other bytes than tokens have is not sent")
    func badToken() throws {
        let failure = try world.run { client, call in
            let service = try ActiveCall.begin(client, call).cognito(secrets: [])
            return try #require(throws: RequestFailure.self) { try service.revoke(SecretBytes("a\nb")) }
        }
        #expect(failure.status == .invalidSession)
        #expect(!failure.wasSent)
        #expect(world.transport.requests.isEmpty)
    }
}
