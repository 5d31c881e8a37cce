// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CognitoAuth

@Suite("The URLs that the browser is started with")
struct HostedUIURLTests {
    private let origin: Endpoint

    init() throws { origin = try #require(Endpoint("https://auth.example.com", FakeURLReader())) }

    private func page(_ parameters: [(StaticString, String)]) -> String {
        let query = URLEncodedForm()
        for (name, value) in parameters { query.set(name, value) }
        return HostedUI.url(origin, "page?", query)
    }

    @Test("The logout URL has the client id and the redirect URI, and nothing but unreserved characters in them")
    func logout() {
        #expect(
            HostedUI.logoutURL(origin, "1+2_3", returningTo: "http://localhost:8000/bye/")
                == "https://auth.example.com/logout?client_id=1%2B2_3&logout_uri=http%3A%2F%2Flocalhost%3A8000%2Fbye%2F"
        )
    }

    @Test("Every byte is read again as what it was")
    func everyByte() throws {
        let text = String(String.UnicodeScalarView((1..<0x250).compactMap(Unicode.Scalar.init))) + "\u{1F600}"
        let url = page([("a", text), ("b", text)])
        let read = try #require(URLComponents(string: url))
        #expect(read.path == "/page")
        #expect(read.queryItems?.map(\.name) == ["a", "b"])
        #expect(read.queryItems?.map(\.value) == [text, text])
        let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        #expect(url.split(separator: "?")[1].allSatisfy { "%&=\(unreserved)".contains($0) })
        #expect(page([("a", unreserved)]).hasSuffix("?a=\(unreserved)"))
    }
}
