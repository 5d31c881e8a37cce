// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("What a save checks of the tokens' claims")
struct SaveChecksTests {
    let world = FakeWorld()

    private static let pool = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"

    private static func claims(_ claims: [String: String]) -> String {
        SampleToken.token("{\(claims.map { "\"\($0)\":\($1)" }.joined(separator: ","))}")
    }

    private static func session(access: String? = nil, id: String? = nil, refresh: String? = nil) -> Session {
        FakeWorld.session(access: access ?? SampleToken.access(), id: id, refresh: refresh)
    }

    /// The message of the refusal; nil if it was stored.
    private func refusal(_ session: Session) throws -> String? {
        do {
            try world.save(session)
            return nil
        } catch let failure as AuthFailure {
            #expect(failure.status == .invalidArgument)
            #expect(world.journal.line.isEmpty)
            #expect(!failure.message.contains("Zzz"))
            return failure.message
        }
    }

    @Test("Tokens of this pool and client are stored, with both of Cognito's issuers, and an emulator's")
    func fitting() throws {
        for issuer in [
            Self.pool, "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI", Self.pool + "/",
            "https://cognito-idp.cn-north-1.amazonaws.com.cn/eu-west-1_AbCdEfGhI",
            "http://localhost:9229/eu-west-1_AbCdEfGhI",
        ] {
            let world = FakeWorld()
            let client = "\"\(FakeWorld.clientID)\""
            try world.save(
                Self.session(
                    access: Self.claims([
                        "token_use": #""access""#, "client_id": client, "iss": "\"\(issuer)\"",
                        "aud": #""https://api.example""#,
                    ]),
                    id: Self.claims(["token_use": #""id""#, "aud": client, "iss": "\"\(issuer)\""]),
                    refresh: Self.claims(["token_use": #""refresh""#, "client_id": client, "iss": "\"\(issuer)\""])))
            #expect(world.store.sessions.count == 1, "\(issuer)")
        }
    }

    @Test("A token of another app client is refused, and the claim is named")
    func otherClient() throws {
        let client = Self.claims(["client_id": #""Zzz""#])
        #expect(
            try refusal(Self.session(access: client))
                == "access_token is of another app client: see its claim client_id.")
        #expect(
            try refusal(Self.session(id: client)) == "id_token is of another app client: see its claim client_id.")
        #expect(
            try refusal(Self.session(id: Self.claims(["aud": #""Zzz""#])))
                == "id_token is of another app client: see its claim aud.")
        #expect(
            try refusal(Self.session(refresh: client))
                == "refresh_token is of another app client: see its claim client_id.")
    }

    @Test(
        "A token of another user pool is refused, and the claim is named",
        arguments: [
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Zzz",
            "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Zzz",
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI", "http://localhost:9229/local_Zzz",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Zzz/",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abcdefghi",
        ])
    func otherPool(issuer: String) throws {
        let token = Self.claims(["iss": "\"\(issuer)\""])
        #expect(
            try refusal(Self.session(access: token)) == "access_token is of another user pool: see its claim iss.")
        #expect(try refusal(Self.session(id: token)) == "id_token is of another user pool: see its claim iss.")
        #expect(
            try refusal(Self.session(refresh: token)) == "refresh_token is of another user pool: see its claim iss.")
    }

    @Test("A token in another's place is refused, and the claim is named")
    func otherPlace() throws {
        #expect(
            try refusal(Self.session(access: SampleToken.id()))
                == "access_token is not an access token: see its claim token_use.")
        #expect(
            try refusal(Self.session(id: SampleToken.access()))
                == "id_token is not an ID token: see its claim token_use.")
        for token in [SampleToken.access(), SampleToken.id()] {
            #expect(
                try refusal(Self.session(refresh: token))
                    == "refresh_token is not a refresh token: see its claim token_use.")
        }
    }

    @Test(
        "A claim that is not there, cannot be read or tells nothing of these is no obstacle",
        arguments: [
            "{}", "[]", "no JSON", #"{"client_id":7,"iss":null,"token_use":["id"],"aud":["other"]}"#,
            #"{"client_id":"\ud800","iss":"x\u0000/eu-west-1_Zzz","token_use":"\udfff"}"#, #"{"iss":"joe"}"#,
            #"{"iss":"https://auth.example.com"}"#, #"{"iss":"https://auth.example.com/"}"#, #"{"iss":""}"#,
            #"{"iss":"/"}"#, #"{"iss":"https://localhost:9229/pool"}"#, #"{"token_use":"Access","iss":"//"}"#,
        ])
    func noObstacle(payload: String) throws {
        let token = SampleToken.token(payload)
        #expect(try refusal(Self.session(access: token, id: token, refresh: token)) == nil)
        #expect(try refusal(Self.session(access: "opaque", id: "opaque", refresh: "opaque")) == nil)
    }

    @Test("A session without a user name gets that of its tokens, the access token's first")
    func ownName() throws {
        func name(_ access: String, _ id: String?) -> String? {
            try? Session.make(
                username: nil, accessToken: SecretBytes(access), idToken: id.map { SecretBytes($0) }, refreshToken: nil,
                method: .api
            ).username
        }
        let id = SampleToken.token(#"{"cognito:username":"用","token_use":"id"}"#)
        #expect(name(SampleToken.access(username: "bob"), id) == "bob")
        #expect(name("opaque", id) == "用")
        #expect(name(SampleToken.token("{}"), id) == "用")
        #expect(name("opaque", nil) == nil)
        #expect(name(SampleToken.token(#"{"username":7}"#), SampleToken.token(#"{"username":"\ud800"}"#)) == nil)
        let given = try Session.make(
            username: "mine", accessToken: SecretBytes(SampleToken.access()), idToken: nil, refreshToken: nil,
            method: .api)
        #expect(given.username == "mine")
    }

    @Test("Where no token tells the user name, what is no token is refused as that")
    func noNameInWhatIsNoToken() throws {
        func message(_ access: String, _ id: String? = nil) -> String? {
            do throws(AuthFailure) {
                _ = try Session.make(
                    username: nil, accessToken: SecretBytes(access), idToken: id.map { SecretBytes($0) },
                    refreshToken: nil, method: .api)
                return nil
            } catch {
                return error.message
            }
        }
        let rule = "must be 1 to 65536 of the characters A-Z a-z 0-9 . - _ =."
        #expect(message(#"{"AccessToken": "a.b.c"}"#) == "access_token \(rule)")
        #expect(message("", "a.b.c") == "access_token \(rule)")
        #expect(message("opaque", #"{"IdToken": "a.b.c"}"#) == "id_token \(rule)")
        #expect(message("opaque", "a.b.c") == "username is NULL, and no token tells the user name.")
        #expect(message("opaque") == "username is NULL, and no token tells the user name.")
    }
}
