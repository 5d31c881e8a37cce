// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import SecretMemory
import Testing

@testable import CognitoAuth
@testable import LoopbackBrowser

@Suite("LoopbackListenerTests: what a listener on the loopback takes")
struct LoopbackListenerTests {
    @Test("A browser comes back to localhost over IPv4 and over IPv6", arguments: [AF_INET, AF_INET6])
    func families(family: Int32) throws {
        let running = try RunningListener()
        let client = try running.client(family)
        client.request("/back?a=b", running.host)
        #expect(try running.serve() == "a=b")
        #expect(try client.answer()?.status == 200)
    }

    @Test(
        "An address of one family is listened at on that alone",
        arguments: [("127.0.0.1", AF_INET), ("[::1]", AF_INET6)])
    func oneFamily(name: String, family: Int32) throws {
        let running = try RunningListener(host: name)
        let client = try running.client(family)
        client.request("/back", running.host)
        #expect(try running.serve() == "")
        #expect(throws: (any Error).self) { try running.client(family == AF_INET ? AF_INET6 : AF_INET) }
    }

    @Test(
        "localhost is passed over where one family's port is taken, listened at or only bound",
        arguments: [AF_INET, AF_INET6], [true, false])
    func takenFamily(family: Int32, listening: Bool) throws {
        let subject = LoopbackBrowserSubject()
        let redirects = subject.redirects(2)
        let taken = LoopbackAddress.take(redirects[0].port, family, listening: listening)
        defer { close(taken) }
        let listener = try subject.listen(redirects)
        // What is bound with SO_REUSEADDR and not listened at is nobody's yet.
        #expect(listener.redirect.port == redirects[listening ? 1 : 0].port)
        listener.close(isCancelled: true)
        // Nothing of the first is left behind.
        let other = LoopbackAddress.take(redirects[0].port, family == AF_INET ? AF_INET6 : AF_INET)
        #expect(other >= 0)
        close(other)
    }

    @Test(
        "The path counts, and a slash more or less at its end does not",
        arguments: ["/back", "/back/", "/back/?a", "/back?a"])
    func path(target: String) throws {
        let running = try RunningListener()
        let client = try running.client()
        client.request(target, running.host)
        #expect(try running.serve() != nil)
        #expect(try client.answer()?.status == 200)
    }

    @Test(
        "Another path is answered 404",
        arguments: [
            "/", "/favicon.ico", "/back/more", "/Back", "/%62ack", "/back//", "//back", "/back%3Fcode=1", "/./back",
            "*",
            "http://localhost/back", "/back;a", "/bac", "/back%00",
        ])
    func otherPath(target: String) throws {
        let running = try RunningListener()
        let answer = try running.refusal("GET \(target) HTTP/1.1\r\nHost: \(running.host)\r\n\r\n")
        #expect(answer?.status == 404 || answer?.status == 400 && target == "*")
        try running.expectBrowser()
    }

    @Test(
        "Another method is answered 405",
        arguments: ["HEAD", "OPTIONS", "POST", "PUT", "TRACE", "get", "DELETE", "BREW"])
    func method(method: String) throws {
        let running = try RunningListener()
        let answer = try running.refusal(
            "\(method) /back HTTP/1.1\r\nHost: \(running.host)\r\nContent-Length: 0\r\n\r\n")
        #expect(answer?.status == 405)
        #expect(answer?["Allow"] == "GET")
        if method == "HEAD" { #expect(answer?.body == "") }
        try running.expectBrowser()
    }

    @Test("CONNECT ends nothing")
    func connect() throws {
        let running = try RunningListener()
        _ = try running.refusal("CONNECT \(running.host) HTTP/1.1\r\nHost: \(running.host)\r\n\r\n")
        try running.expectBrowser()
    }

    @Test(
        "What no browser sends when its user comes back is answered 403",
        arguments: [
            "Origin: https://evil.example", "Origin: null", "origin:", "Sec-Fetch-Dest: image",
            "Sec-Fetch-Dest: iframe",
            "Sec-Fetch-Dest: empty", "SEC-FETCH-DEST: script", "Sec-Fetch-Dest:", "Purpose: prefetch",
            "Sec-Purpose: prefetch;prerender", "X-Moz: prefetch", "Sec-Fetch-Dest: document\r\nSec-Fetch-Dest: embed",
        ])
    func unseen(field: String) throws {
        let running = try RunningListener()
        let answer = try running.refusal("GET /back HTTP/1.1\r\nHost: \(running.host)\r\n\(field)\r\n\r\n")
        #expect(answer?.status == 403)
        #expect(answer?.heading == "Refused")
        try running.expectBrowser()
    }

    @Test(
        "A host that is not ours, or not one, is answered 400",
        arguments: [
            "Host: evil.example:@", "Host: localhost", "Host: 127.0.0.1:@", "Host: localhost.:@", "Host: localhost:1",
            "Host: localhost:@\r\nHost: localhost:@", "Host: localhost:@\r\nHost: evil.example", "Host:", "X: y",
            "Host: localhost:@0", "Host: xlocalhost:@",
        ])
    func host(fields: String) throws {
        let running = try RunningListener()
        let fields = fields.replacingOccurrences(of: "@", with: "\(running.port)")
        let answer = try running.refusal("GET /back HTTP/1.1\r\n\(fields)\r\n\r\n")
        #expect(answer?.status == 400)
        try running.expectBrowser()
    }

    @Test("HTTP/1.0 will do, with a host")
    func oldVersion() throws {
        let running = try RunningListener()
        let client = try running.client()
        client.send("GET /back?a HTTP/1.0\r\nHost: LOCALHOST:\(running.port)\r\n\r\n")
        #expect(try running.serve() == "a")
        #expect(try client.answer()?.status == 200)
        #expect(try running.refusal("GET /back HTTP/1.0\r\n\r\n")?.status == 400)
    }

    @Test(
        "What is no HTTP ends nothing",
        arguments: [
            "\0\0\0\0", "GET\r\n\r\n", "GET /back\r\n\r\n", "\r\n\r\n", "GET /back HTTP/2.0\r\nHost: localhost\r\n\r\n",
            "GET /back HTTP/1.1 HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "GET /back HTTP/1.1\r\nHost: localhost\r\n continued\r\nno colon\r\n: no name\r\n\r\n",
            "GET /back?a=%zz&&==&%&a[]=&\u{80} HTTP/1.1\r\n\r\n",
        ])
    func noise(text: String) throws {
        let running = try RunningListener()
        let client = try running.client()
        client.send(text)
        #expect(try running.serve(within: 100) == nil)
        try running.expectBrowser()
    }

    @Test("A request with a body is answered 400", arguments: ["Content-Length: 4", "Transfer-Encoding: chunked"])
    func body(field: String) throws {
        let running = try RunningListener()
        let answer = try running.refusal(
            "GET /back HTTP/1.1\r\nHost: \(running.host)\r\n\(field)\r\n\r\n4\r\nabcd\r\n0\r\n\r\n")
        #expect(answer?.status == 400)
        try running.expectBrowser()
    }

    @Test("A header or a target that is too large is refused, and one of almost 16 KiB is taken")
    func large() throws {
        let running = try RunningListener()
        for (target, value) in [(33_000, 1), (1, 33_000), (200_000, 1), (1, 200_000)] {
            let client = try running.client()
            client.request(
                "/back?\(String(repeating: "x", count: target))", running.host,
                ["Cookie: \(String(repeating: "y", count: value))"])
            let answer = client.readToEnd()
            #expect(answer != nil)
            if let answer, !answer.isEmpty { #expect([413, 414, 431].contains(LoopbackAnswer(answer).status)) }
            #expect(try running.serve(within: 1) == nil)
        }
        let client = try running.client()
        client.request("/back?a", running.host, ["Cookie: \(String(repeating: "y", count: 15_000))"])
        #expect(try running.serve() == "a")
        #expect(try client.answer()?.heading == "Well")
        try running.expectBrowser()
    }

    @Test("Seventy connections that send nothing keep no browser out", arguments: [AF_INET, AF_INET6])
    func idle(family: Int32) throws {
        let running = try RunningListener()
        let idle = try (0..<70).map { _ in try running.client(family) }
        try running.expectBrowser()
        // Who has sent nothing for longest makes room.
        #expect(idle[0].readToEnd() == "")
        #expect(idle[69].readToEnd(within: 100) == nil)
    }

    @Test("Who drips a request has no more time than who sends nothing")
    func dripping() throws {
        let running = try RunningListener { $0.requestTime = 1500 }
        let clients = try (0..<64).map { _ in try running.client() }
        let start = running.clock.monotonicMilliseconds
        var open = clients
        var number = 0
        while !open.isEmpty, running.clock.monotonicMilliseconds - start < 15_000 {
            let text = Array("GET /back HTTP/1.1\r\nCookie: \(String(repeating: "x", count: 9999))".utf8)
            open = open.filter { $0.sendBytes([text[number]]) }
            number += 1
            usleep(50_000)
        }
        #expect(open.isEmpty)
        try running.expectBrowser()
    }

    @Test("Who waits for too long is told to return, and is handed out all the same")
    func pending() throws {
        let running = try RunningListener { $0.answerTime = 300 }
        let client = try running.client()
        client.request("/back?late", running.host)
        #expect(try client.answer()?.heading == "Pending")
        #expect(try running.serve() == "late")
        try running.expectBrowser()
    }

    @Test("An answer may come from any thread")
    func threads() throws {
        let running = try RunningListener()
        let clients = try (0..<20).map { _ in try running.client() }
        for (number, client) in clients.enumerated() { client.request("/back?\(number)", running.host) }
        let workers = try clients.map { _ in
            let arrival = try running.listener.next(running.limit())
            return WorkerThread {
                running.listener.answer(
                    arrival, with: .page(BrowserPage(heading: "To \(arrival.query.text)", text: ""), httpStatus: 200))
            }
        }
        for worker in workers { try worker.value() }
        for (number, client) in clients.enumerated() { #expect(try client.answer()?.heading == "To \(number)") }
    }

    @Test("Two requests in one go are one arrival, and the connection ends with its answer")
    func pipelined() throws {
        let running = try RunningListener()
        let client = try running.client()
        client.request("/back?first", running.host)
        client.request("/back?second", running.host)
        #expect(try running.serve() == "first")
        let answer = try client.answer()
        #expect(answer?.heading == "Well" && answer?["Connection"]?.lowercased() == "close")
        #expect(try running.serve(within: 100) == nil)
    }

    @Test("A browser that left before its answer disturbs nothing")
    func left() throws {
        let running = try RunningListener()
        do {
            let client = try running.client()
            client.request("/back?gone", running.host)
            let arrival = try running.listener.next(running.limit())
            shutdown(client.descriptor, Int32(SHUT_RDWR))
            running.listener.answer(arrival, with: .redirect("https://id.example/"))
            running.listener.answer(arrival, with: .redirect("https://id.example/"))
        }
        running.listener.answer(
            RedirectArrival(number: 99, query: SecretBytes("")), with: .redirect("https://id.example/"))
        try running.expectBrowser()
    }

    @Test("A process of another user is not heard", .enabled(if: getuid() == 0))
    func otherUser() throws {
        let running = try RunningListener()
        let request = "GET /back?evil HTTP/1.1\\r\\nHost: \(running.host)\\r\\n\\r\\n"
        for host in ["127.0.0.1", "::1"] {
            let script =
                "trap '' PIPE; exec 2>/dev/null; exec 3<>/dev/tcp/\(host)/\(running.port) && printf '\(request)' >&3; cat <&3; exit 0"
            let heard = try Surroundings.run(
                "/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", script])
            #expect(heard == "")
            #expect(try running.serve(within: 100) == nil)
        }
        #expect(running.listener.tellsUsersApart)
        try running.expectBrowser()
    }

    @Test("Answers that nobody may keep, embed, sniff or refer to, and that load nothing")
    func fields() throws {
        let running = try RunningListener()
        let client = try running.client()
        client.request("/back?code=secret", running.host)
        try running.serve()
        let page = try #require(try client.answer())
        let refused = try #require(try running.refusal("GET /x HTTP/1.1\r\nHost: \(running.host)\r\n\r\n"))
        for answer in [page, refused] {
            #expect(answer["Cache-Control"] == "no-store")
            #expect(answer["Referrer-Policy"] == "no-referrer")
            #expect(answer["X-Content-Type-Options"] == "nosniff")
            #expect(answer["Content-Type"] == "text/html; charset=utf-8")
            let policy = try #require(answer["Content-Security-Policy"])
            for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"] {
                #expect(policy.contains(part))
            }
            #expect(!answer.body.contains("secret"))
        }
    }

    @Test("A cancelled close is quick, and leaves neither port nor process in trouble, whoever is connected")
    func cancelled() throws {
        let running = try RunningListener()
        let idle = try (0..<20).map { _ in try running.client() }
        let waiting = try (0..<20).map { number in
            let client = try running.client()
            client.request("/back?\(number)", running.host)
            return client
        }
        _ = try running.listener.next(running.limit())
        let took = running.milliseconds { running.listener.close(isCancelled: true) }
        #expect(took < 2000)
        for client in idle + waiting { #expect(client.readToEnd() != nil) }
        let descriptors = [AF_INET, AF_INET6].map { LoopbackAddress.take(running.port, $0) }
        #expect(descriptors.allSatisfy { $0 >= 0 })
        for descriptor in descriptors { close(descriptor) }
    }

    @Test("Two hundred listeners leave no descriptor and no thread behind, closed or only released")
    func rounds() throws {
        let subject = LoopbackBrowserSubject()
        let redirect = subject.redirects(1)[0]
        let before = (try Self.count("fd"), try Self.count("task"))
        for round in 0..<200 {
            let listener = try subject.listen([redirect])
            let client = try LoopbackClient(redirect.port)
            if round % 3 == 0 { client.request("/back", "localhost:\(redirect.port)") }
            if round % 2 == 0 { listener.close(isCancelled: round % 4 == 0) }
        }
        // Tests beside this one have some too.
        #expect(try Self.count("fd") < before.0 + 150)
        #expect(try Self.count("task") < before.1 + 150)
    }

    private static func count(_ folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(folder)").count
    }
}
