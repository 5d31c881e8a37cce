// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Until when tokens that were handed out pass elsewhere")
struct TokensValidUntilTests {
    private func end(access: String, id: String?) throws -> Int64 {
        try FakeWorld.signedIn(access: access, id: id).signOut().tokensValidUntil
    }

    @Test("It is the later of the access token's and the ID token's exp")
    func later() throws {
        #expect(
            try end(access: SampleToken.access(exp: 2_000_000_000), id: SampleToken.id(exp: 1_900_000_000))
                == 2_000_000_000)
        #expect(
            try end(access: SampleToken.access(exp: 1_900_000_000), id: SampleToken.id(exp: 2_000_000_000))
                == 2_000_000_000)
        #expect(try end(access: SampleToken.access(exp: 1_900_000_000), id: nil) == 1_900_000_000)
    }

    @Test("It is 0 where no token tells")
    func none() throws {
        #expect(try end(access: "not-a-jwt", id: nil) == 0)
        #expect(try end(access: SampleToken.access(exp: nil), id: "not-a-jwt") == 0)
    }

    @Test(
        "It counts the tokens from before a renewal and those from it",
        arguments: [
            (1_516_238_605, 1_516_250_000, 1_516_250_000), (1_516_238_605, 1_516_238_603, 1_516_238_605),
        ])
    func renewed(old: Int64, new: Int64, end: Int64) throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: old))
        world.transport.script("GetTokensFromRefreshToken", .tokens(access: SampleToken.access(exp: new)))
        #expect(try world.signOut(globally: true).tokensValidUntil == end)
    }

    @Test("It counts the ID token that came with a renewal")
    func renewedIDToken() throws {
        let world = FakeWorld.signedIn(access: SampleToken.access(exp: 1))
        world.transport.script(
            "GetTokensFromRefreshToken",
            .tokens(access: SampleToken.access(exp: 1_516_250_000), id: SampleToken.id(exp: 1_516_260_000)))
        #expect(try world.signOut(globally: true).tokensValidUntil == 1_516_260_000)
    }

    @Test("It counts what is left of a damaged session")
    func damaged() throws {
        let world = FakeWorld()
        world.store.sessions = [SecretBytes(#"{"id_token":"\#(SampleToken.id(exp: 1_900_000_000))"}"#)]
        #expect(try world.signOut().tokensValidUntil == 1_900_000_000)
    }

    @Test("A negative exp does not make it negative")
    func negative() throws {
        #expect(try end(access: SampleToken.access(exp: -5), id: nil) == 0)
    }
}
