// SPDX-License-Identifier: Apache-2.0

import CurlTransport
import Foundation
import SecretMemory
import Testing

@testable import CognitoAuth

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

    @Test("Every fault over HTTP/1.1 is told as the table of faults says, once", arguments: CognitoTransports.real)
    func faults(implementation: Implementation<CurlTransportSubject>) throws {
        let faults = try Fault.all.filter { $0.over == "http1" }
        #expect(faults.count >= 20)
        for fault in faults {
            for isRepeatable in [true, false] {
                let subject = try implementation.make()
                try subject.script([fault.reply])
                let failure = try #require(throws: TransportFailure.self, "\(fault.name)") {
                    try subject.post(isRepeatable: isRepeatable)
                }
                #expect(failure.status.texts.name.text == "AUTH_STATUS_" + fault.status, "\(fault.name)")
                #expect(failure.wasSent == (fault.arrived != "no"), "\(fault.name)")
                #expect(try subject.received() == 1, "\(fault.name)")
            }
        }
    }
}

/// A line of Tests/Support/faults.jsonl.
private struct Fault {
    let name: String
    let over: String
    let reply: [String: Any]
    let status: String
    let arrived: String

    static var all: [Fault] {
        get throws {
            let table = try String(contentsOfFile: "\(Surroundings.support)/faults.jsonl", encoding: .utf8)
            return try table.split(separator: "\n").map { line in
                let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return Fault(
                    name: try #require(fields?["fault"] as? String), over: try #require(fields?["over"] as? String),
                    reply: try #require(fields?["reply"] as? [String: Any]),
                    status: try #require(fields?["status"] as? String),
                    arrived: try #require(fields?["arrived"] as? String))
            }
        }
    }
}
