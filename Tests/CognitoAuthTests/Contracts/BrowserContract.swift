// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import Linux
import Testing

@Suite("The contract of Browser and RedirectListener")
struct BrowserContract {
    @Test("The first redirect URI whose port is free is listened at", arguments: Browsers.all)
    func first(implementation: Implementation<any BrowserSubject>) throws {
        let subject = try implementation.make()
        let redirects = subject.redirects(3)
        subject.take(redirects[0])
        let listener = try subject.listen(redirects)
        defer { listener.close(isCancelled: false) }
        #expect(listener.redirect.text == redirects[1].text)
    }

    @Test("Where no port is free, nobody listens", arguments: Browsers.all)
    func noPort(implementation: Implementation<any BrowserSubject>) throws {
        let subject = try implementation.make()
        let redirects = subject.redirects(2)
        redirects.forEach(subject.take)
        #expect(try #require(throws: AuthFailure.self) { try subject.listen(redirects) }.status == .browserNoPort)
    }

    @Test("Arrivals are handed out in order, with their queries as they were sent", arguments: Browsers.all)
    func arrivals(implementation: Implementation<any BrowserSubject>) throws {
        let subject = try implementation.make()
        let listener = try subject.listen(subject.redirects(1))
        defer { listener.close(isCancelled: false) }
        for query in ["code=a%00b%2B+c&state=%41", "", "a?b=/&=&&", "code=\(String(repeating: "x", count: 4000))"] {
            let shown = try subject.visit(listener.redirect, query)
            let arrival = try listener.next(subject.limit())
            #expect(arrival.query.text == query)
            listener.answer(arrival, with: .page(BrowserPage(heading: "Well", text: "Go."), httpStatus: 200))
            #expect(try shown() == "Well")
        }
    }

    @Test("Each arrival gets its own answer, in any order", arguments: Browsers.all)
    func answers(implementation: Implementation<any BrowserSubject>) throws {
        let subject = try implementation.make()
        let listener = try subject.listen(subject.redirects(1))
        defer { listener.close(isCancelled: false) }
        var visits: [String: () throws -> String] = [:]
        var arrivals: [RedirectArrival] = []
        for number in 0..<5 {
            visits["n=\(number)"] = try subject.visit(listener.redirect, "n=\(number)")
            arrivals.append(try listener.next(subject.limit()))
        }
        for arrival in arrivals.reversed() {
            listener.answer(
                arrival, with: .page(BrowserPage(heading: "To \(arrival.query.text)", text: ""), httpStatus: 200))
        }
        for (query, shown) in visits { #expect(try shown() == "To \(query)") }
    }

    @Test("A browser is sent on to another URL", arguments: Browsers.all)
    func redirect(implementation: Implementation<any BrowserSubject>) throws {
        let subject = try implementation.make()
        let listener = try subject.listen(subject.redirects(1))
        defer { listener.close(isCancelled: false) }
        let shown = try subject.visit(listener.redirect, "")
        listener.answer(try listener.next(subject.limit()), with: .redirect("https://id.example/authorize?a=b&c=%20"))
        #expect(try shown() == "https://id.example/authorize?a=b&c=%20")
    }

    @Test(
        "Once arrivals have ended, none is handed out, and who comes is told that it is over", arguments: Browsers.all)
    func ended(implementation: Implementation<any BrowserSubject>) throws {
        let subject = try implementation.make()
        let listener = try subject.listen(subject.redirects(1))
        defer { listener.close(isCancelled: false) }
        let first = try subject.visit(listener.redirect, "first")
        let arrival = try listener.next(subject.limit())
        let second = try subject.visit(listener.redirect, "second")
        listener.endArrivals()
        let third = try subject.visit(listener.redirect, "third")
        #expect(try second() == "Over")
        #expect(try third() == "Over")
        #expect(throws: AuthFailure.self) { try listener.next(subject.limit(200)) }
        listener.answer(arrival, with: .page(BrowserPage(heading: "Well", text: ""), httpStatus: 200))
        #expect(try first() == "Well")
    }

    @Test("A wait for an arrival ends at its limit", arguments: Browsers.all)
    func limit(implementation: Implementation<any BrowserSubject>) throws {
        let subject = try implementation.make()
        let listener = try subject.listen(subject.redirects(1))
        defer { listener.close(isCancelled: false) }
        let failure = try #require(throws: AuthFailure.self) { try listener.next(subject.limit(100)) }
        #expect(failure.status == .deadlineExceeded)
    }

    @Test("A wait for an arrival that is cancelled ends at once", arguments: Browsers.all)
    func cancelled(implementation: Implementation<any BrowserSubject>) throws {
        let subject = try implementation.make()
        let listener = try subject.listen(subject.redirects(1))
        defer { listener.close(isCancelled: true) }
        let cancellation = EventDescriptor()
        subject.whenWaiting { cancellation.raise() }
        let took = try subject.milliseconds {
            let failure = try #require(throws: AuthFailure.self) {
                try listener.next(subject.limit(60_000, cancellation))
            }
            #expect(failure.status == .cancelled)
        }
        #expect(took < 5000)
    }

    @Test("Who still waits when it is closed is told to return, and the port is free", arguments: Browsers.all)
    func closed(implementation: Implementation<any BrowserSubject>) throws {
        let subject = try implementation.make()
        let redirects = subject.redirects(1)
        let listener = try subject.listen(redirects)
        let waiting = try subject.visit(redirects[0], "waiting")
        _ = try listener.next(subject.limit())
        let unseen = try subject.visit(redirects[0], "unseen")
        listener.close(isCancelled: false)
        #expect(try waiting() == "Pending")
        #expect(["Pending", "Over", ""].contains(try unseen()))
        #expect(throws: (any Error).self) { try subject.visit(redirects[0], "late") }
        let next = try subject.listen(redirects)
        next.close(isCancelled: false)
    }
}
