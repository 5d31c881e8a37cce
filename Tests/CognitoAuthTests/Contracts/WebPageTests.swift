// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import SecretMemory
import Testing

@testable import CognitoAuth
@testable import LoopbackBrowser

@Suite("LoopbackListenerTests: the page")
struct WebPageTests {
    @Test("Its texts are escaped")
    func escaped() {
        let html = WebPage.html(BrowserPage(heading: "<b>\"Tom\" & 'Jo'</b>", text: "</p><script>é"))
        #expect(html.contains("<h1>&lt;b&gt;&quot;Tom&quot; &amp; &apos;Jo&apos;&lt;/b&gt;</h1>"))
        #expect(html.contains("<title>&lt;b&gt;&quot;Tom&quot; &amp; &apos;Jo&apos;&lt;/b&gt;</title>"))
        #expect(html.contains("<p>&lt;/p&gt;&lt;script&gt;é</p>"))
    }

    @Test("Its policy lets its own style in, and nothing else")
    func policy() throws {
        let html = WebPage.html(BrowserPage(heading: "", text: ""))
        let start = try #require(html.range(of: "<style>")).upperBound
        let end = try #require(html.range(of: "</style>")).lowerBound
        let digest = SystemDigest().sha256(SecretBytes(String(html[start..<end])))
        let hash = try #require(WebPage.policy.text.range(of: "'sha256-")).upperBound
        let encoded = WebPage.policy.text[hash...].prefix { $0 != "'" }
        let bytes = try #require(Data(base64Encoded: String(encoded)))
        #expect(Array(bytes) == digest)
        for word in ["<script", "<link", "<img", "http", "url(", "@import", "style="] { #expect(!html.contains(word)) }
    }

    @Test(
        "It says in its language, in a live region and under one heading what happened",
        arguments: [
            (BrowserPageSign.well, "well"), (.unwell, "unwell"), (.neutral, "neutral"),
        ])
    func accessible(sign: BrowserPageSign, name: String) {
        let html = WebPage.html(BrowserPage(heading: "H", text: "T", sign))
        #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
        #expect(html.contains("<main role=\"status\" class=\"\(name)\">"))
        #expect(html.components(separatedBy: "<h1>").count == 2)
        #expect(html.contains("<meta name=\"viewport\"") && html.contains("<title>H</title>"))
    }
}
