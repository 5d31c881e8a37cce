// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("Which redirect is the one that is waited for")
struct ExpectedRedirectTests {
    private let signIn = ExpectedRedirect(uri: "myapp://signed-in", state: SecretBytes("ours"), secrets: [])
    private let logout = ExpectedRedirect(uri: "myapp://signed-out", state: nil, secrets: [])

    /// What a verdict is, in words.
    private func verdict(_ verdict: RedirectVerdict) -> String {
        switch verdict {
        case .returned(let code): "returned \(code?.text ?? "-")"
        case .failed(let error): "failed \(error.code)"
        case .failedForSomebody(let error): "failed for somebody \(error.code)"
        case .foreign: "foreign"
        }
    }

    private func verdict(_ redirect: ExpectedRedirect, _ query: String) -> String {
        verdict(redirect.verdict(RedirectQuery(SecretBytes(query))))
    }

    @Test(
        "A sign-in's has our state, and either a code or an error",
        arguments: [
            ("code=abc&state=ours", "returned abc"), ("state=ours&iss=x&code=abc", "returned abc"),
            ("error=access_denied&state=ours", "failed access_denied"), ("error=&state=ours", "failed "),
            ("error=server_error", "failed for somebody server_error"), ("error=x&code=abc", "foreign"),
            ("code=abc", "foreign"), ("state=ours", "foreign"), ("code=abc&state=our", "foreign"),
            ("code=abc&state=ours%20", "foreign"), ("code=abc&state=OURS", "foreign"), ("error=x&state=", "foreign"),
            ("error=x&error=x", "foreign"), ("", "foreign"),
        ])
    func ofSignIn(query: String, expected: String) {
        #expect(verdict(signIn, query) == expected)
    }

    @Test(
        "A logout's has nothing, but perhaps an error",
        arguments: [
            ("", "returned -"), ("x=y", "returned -"), ("code=abc", "returned -"),
            ("error=invalid_request", "failed invalid_request"), ("error=a&error=b", "failed "),
        ])
    func ofLogout(query: String, expected: String) {
        #expect(verdict(logout, query) == expected)
    }

    @Test(
        "What a program reports is for the redirect URI that was sent, with or without a last slash",
        arguments: [
            ("myapp://signed-in?code=abc&state=ours", "returned abc"),
            ("myapp://signed-in/?code=abc&state=ours", "returned abc"),
            ("myapp://signed-in?code=abc&state=ours#x", "returned abc"),
            ("myapp://signed-in#?code=abc&state=ours", "foreign"), ("myapp://signed-in", "foreign"),
            ("MYAPP://signed-in?code=abc&state=ours", "foreign"),
            ("myapp://signed-in//?code=abc&state=ours", "foreign"),
            ("myapp://signed-inn?code=abc&state=ours", "foreign"), ("myapp://signed-i?code=abc&state=ours", "foreign"),
            ("?code=abc&state=ours", "foreign"), ("", "foreign"), ("code=abc&state=ours", "foreign"),
            ("myapp://signed-in?error=access_denied&state=ours", "failed access_denied"),
            ("myapp://signed-in?error=server_error", "failed for somebody server_error"),
        ])
    func reported(uri: String, expected: String) {
        #expect(verdict(signIn.verdict(reported: SecretBytes(uri))) == expected)
    }

    @Test("A state of the same length differs in any of its bytes")
    func everyByte() {
        for index in 0..<4 {
            var state = Array("ours".utf8)
            state[index] ^= 1
            #expect(verdict(signIn, "code=abc&state=\(String(decoding: state, as: UTF8.self))") == "foreign")
        }
    }

    @Test("The name of an error has small letters, digits and underscores, and at most 64 of them")
    func names() {
        for name in ["access_denied", "a", "error_2", String(repeating: "a", count: 64)] {
            #expect(OAuthErrorName.read(SecretBytes(name), []) == name)
        }
        for name in ["", "A", "a b", "a-b", "ä", "a\0", String(repeating: "a", count: 65)] {
            #expect(OAuthErrorName.read(SecretBytes(name), []) == "")
        }
    }

    @Test("A secret is no name of an error, also where it has the characters of one")
    func secretAsName() throws {
        let secret = "1a2b3c4d5e6f7a8b9c0d1e2f3a4b"
        for name in [secret, "error_\(secret)_x"] {
            #expect(OAuthErrorName.read(SecretBytes(name), [SecretBytes("other"), SecretBytes(secret)]) == "")
            let told = RedirectError(RedirectQuery(SecretBytes("error=\(name)")), [SecretBytes(secret)])
            #expect(!told.failure(in: .signIn).message.contains(secret) && told.code.isEmpty)
            let reply = CognitoReply(httpStatus: 400, body: SecretBytes(#"{"error":"\#(name)"}"#))
            let failure = #expect(throws: RequestFailure.self) {
                try ReplyParser(secrets: [SecretBytes(secret)]).tokens(reply)
            }
            #expect(failure?.serviceException == nil && failure?.status == .invalidResponse)
        }
        #expect(OAuthErrorName.read(SecretBytes("unsupported_response_type"), [SecretBytes(secret)]) != "")
    }
}
