// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import CurlTransport
import SecretMemory
import Testing

@Suite("What CurlTransport promises beside")
struct CurlTransportTests {
    @Test("Threads side by side get their own answers, each of them", arguments: CognitoTransports.real)
    func threads(implementation: Implementation<CurlTransportSubject>) throws {
        let subject = try implementation.make()
        // The server repeats the token that it was sent, a little later, so that the requests lie side by side.
        try subject.script([["echo": true, "delay_ms": 20]])
        let threads = (0..<8).map { thread in
            WorkerThread {
                try (0..<10).map { number in
                    try subject.post("\(thread)-\(number)", isRepeatable: number % 2 == 0).body.text
                }
            }
        }
        for (thread, worker) in threads.enumerated() {
            let bodies = try worker.value()
            for (number, body) in bodies.enumerated() {
                #expect(body.contains("Invalid token: \(thread)-\(number)\""))
            }
            #expect(bodies.count == 10)
        }
        #expect(try subject.received() == 80)
    }

    @Test("Threads side by side end at their own limits", arguments: CognitoTransports.real)
    func limits(implementation: Implementation<CurlTransportSubject>) throws {
        let subject = try implementation.make()
        try subject.set(.silence)
        let limits = (1...8).map { Int64(200 * $0) }
        let threads = limits.map { limit in
            WorkerThread {
                var status: Status?
                let took = subject.milliseconds {
                    do throws(TransportFailure) {
                        try subject.post(limit: subject.limit(limit))
                    } catch {
                        status = error.status
                    }
                }
                return (status, took)
            }
        }
        for (limit, worker) in zip(limits, threads) {
            let (status, took) = try worker.value()
            #expect(status == .networkTimedOut)
            // libcurl reads the clock to the microsecond, and may end a limit of ours in its last millisecond.
            #expect(took >= limit - 10 && took < limit + 5000)
        }
    }

    @Test("Requests that may be repeated share a connection, others get their own", arguments: CognitoTransports.real)
    func connections(implementation: Implementation<CurlTransportSubject>) throws {
        let subject = try implementation.make()
        for isRepeatable in [true, true, true, false, false] { try subject.post(isRepeatable: isRepeatable) }
        let connections = try subject.connections()
        #expect(Set(connections.prefix(3)).count == 1)
        #expect(Set(connections).count == 3)
    }
}
