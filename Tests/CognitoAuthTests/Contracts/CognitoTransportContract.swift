// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import SecretMemory
import Testing

@testable import CognitoAuth

@Suite("The contract of CognitoTransport")
struct CognitoTransportContract {
    // MARK: Answers

    @Test(
        "Whatever the status, it is brought back with the body", arguments: CognitoTransports.all,
        [200, 201, 302, 400, 404, 500, 503])
    func answers(implementation: Implementation<any CognitoTransportSubject>, status: Int) throws {
        let subject = try implementation.make()
        for body in ["", #"{"__type":"X"}"#, "\u{0}\u{e9}\r\n\r\n"] {
            try subject.set(.reply(status, body, ["Location": "/elsewhere"]))
            let reply = try subject.post()
            #expect(reply.httpStatus == status)
            #expect(reply.body.text == body)
            #expect(reply.errorType == nil)
            #expect(reply.retryAfterSeconds == nil)
        }
    }

    @Test("The error's type is brought back, and seconds to wait", arguments: CognitoTransports.all)
    func headers(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        try subject.set(.reply(400, "", ["x-amzn-errortype": "TooManyRequestsException:", "Retry-After": "7"]))
        let reply = try subject.post()
        #expect(reply.errorType == "TooManyRequestsException:")
        #expect(reply.retryAfterSeconds == 7)
    }

    @Test("A Retry-After may be a date, and is the seconds until then", arguments: CognitoTransports.all)
    func date(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        let date = httpDate(secondsFromNow: 600)
        try subject.set(.reply(503, "", ["Retry-After": date]))
        let seconds = try #require(try subject.post().retryAfterSeconds)
        #expect(seconds > 500 && seconds <= 601)
    }

    @Test(
        "A Retry-After that is over, or is neither, is none", arguments: CognitoTransports.all,
        ["Wed, 21 Oct 2015 07:28:00 GMT", "soon", "", "0", "-1"])
    func retryAfter(implementation: Implementation<any CognitoTransportSubject>, value: String) throws {
        let subject = try implementation.make()
        try subject.set(.reply(503, "", ["Retry-After": value]))
        #expect(try subject.post().retryAfterSeconds == nil)
    }

    @Test("An answer has at most 256 KiB; a larger one cannot be read", arguments: CognitoTransports.all)
    func size(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        try subject.set(.filler(256 * 1024))
        #expect(try subject.post().body.count == 256 * 1024)
        for size in [256 * 1024 + 1, 1024 * 1024] {
            try subject.set(.filler(size))
            try expect(.invalidResponse, wasSent: true, subject)
        }
    }

    @Test("Header and trailers may add 16 KiB to an answer, and no more", arguments: CognitoTransports.all)
    func headerSize(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        try subject.set(.header(8 * 1024))
        #expect(try subject.post().httpStatus == 200)
        try subject.set(.header(1024 * 1024))
        try expect(.invalidResponse, wasSent: true, subject)
    }

    @Test(
        "An answer that breaks off within its header is none, and the request may have arrived",
        arguments: CognitoTransports.all, [17, 20, 60, 100])
    func brokenOff(implementation: Implementation<any CognitoTransportSubject>, count: Int) throws {
        let subject = try implementation.make()
        try subject.set(.breakOff(count))
        try expect(.invalidResponse, wasSent: true, subject)
    }

    @Test("Each request gets its own answer", arguments: CognitoTransports.all)
    func order(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        for number in 1...5 {
            try subject.set(.reply(200, "\(number)"))
            #expect(try subject.post(isRepeatable: number % 2 == 0).body.text == "\(number)")
        }
    }

    // MARK: No answer

    @Test("Where nobody listens, nothing was sent", arguments: CognitoTransports.all)
    func refused(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        let url = try subject.urlOfNobody()
        let failure = try #require(throws: TransportFailure.self) { try subject.post(to: url) }
        #expect(failure.status == .connectionFailed)
        #expect(!failure.wasSent)
    }

    @Test("Where the connection ends before an answer, the request may have arrived", arguments: CognitoTransports.all)
    func lost(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        try subject.set(.hangUp)
        try expect(.connectionLost, wasSent: true, subject, isRepeatable: false)
    }

    @Test("What is lost on a connection that was used before is not sent again", arguments: CognitoTransports.all)
    func lostLater(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        try subject.set(.reply(200, ""))
        try subject.post()
        try subject.set(.hangUp)
        try expect(.connectionLost, wasSent: true, subject)
        #expect(try subject.received() == 2)
    }

    // MARK: Limits

    @Test("A silent server is waited for to the limit, and may have the request", arguments: CognitoTransports.all)
    func silent(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        try subject.set(.silence)
        let took = try subject.milliseconds {
            try expect(.networkTimedOut, wasSent: true, subject, subject.limit(400))
        }
        #expect(took >= 390 && took < 5000)
    }

    @Test("The wait for an answer can be cancelled, and the request was sent", arguments: CognitoTransports.all)
    func cancelled(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        try subject.set(.silence)
        let cancellation = EventDescriptor()
        subject.whenReceived { cancellation.raise() }
        let took = try subject.milliseconds {
            try expect(.cancelled, wasSent: true, subject, subject.limit(60_000, cancellation))
        }
        #expect(took < 5000)
    }

    @Test(
        "With patience the answer is waited for, where it was cancelled once the request was sent",
        arguments: CognitoTransports.all)
    func awaited(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        try subject.set(.late)
        let cancellation = EventDescriptor()
        subject.whenReceived { cancellation.raise() }
        let reply = try subject.post(patience: 20_000, limit: subject.limit(60_000, cancellation))
        #expect(reply.body.text == "late")
    }

    @Test("Patience ends, and never goes beyond the limit", arguments: CognitoTransports.all, [300, 60_000])
    func patience(implementation: Implementation<any CognitoTransportSubject>, patience: Int64) throws {
        let subject = try implementation.make()
        try subject.set(.silence)
        let cancellation = EventDescriptor()
        subject.whenReceived { cancellation.raise() }
        let limit = subject.limit(patience == 300 ? 60_000 : 1500, cancellation)
        let took = try subject.milliseconds {
            let failure = try #require(throws: TransportFailure.self) {
                try subject.post(patience: patience, limit: limit)
            }
            #expect(failure.status == .cancelled)
            #expect(failure.wasSent)
        }
        #expect(took >= 290 && took < 10_000)
    }

    @Test("A request that was cancelled before is not sent", arguments: CognitoTransports.all)
    func cancelledBefore(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        let cancellation = EventDescriptor()
        cancellation.raise()
        try expect(.cancelled, wasSent: false, subject, subject.limit(20_000, cancellation))
        #expect(throws: TransportFailure.self) {
            try subject.post(patience: 20_000, limit: subject.limit(20_000, cancellation))
        }
        #expect(try subject.received() == 0)
    }

    @Test("A request whose time was over before is not sent", arguments: CognitoTransports.all)
    func late(implementation: Implementation<any CognitoTransportSubject>) throws {
        let subject = try implementation.make()
        for _ in 1...20 { try expect(.networkTimedOut, wasSent: false, subject, subject.limit(-1)) }
        #expect(try subject.received() == 0)
    }

    private func expect(
        _ status: Status, wasSent: Bool, _ subject: any CognitoTransportSubject, _ limit: WaitLimit? = nil,
        isRepeatable: Bool = true, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let failure = try #require(throws: TransportFailure.self, sourceLocation: location) {
            try subject.post(isRepeatable: isRepeatable, limit: limit)
        }
        #expect(failure.status == status, sourceLocation: location)
        #expect(failure.wasSent == wasSent, sourceLocation: location)
    }

    private func httpDate(secondsFromNow seconds: Double) -> String {
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(identifier: "GMT")
        form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return form.string(from: Date(timeIntervalSinceNow: seconds))
    }
}
