// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linux
import SecretServiceStore
import Testing

@testable import CognitoAuth

/// What no keyring of a session can show: a bus that ends, and a provider that tells of more than anybody does.
@Suite("A watch, and the bus around it", .serialized, .enabled(if: Surroundings.keyring == .ofTest))
struct WatchedBusTests {
    private let bus: OwnBus
    private let subject: WatchedBusSubject

    init() throws {
        bus = try OwnBus()
        subject = try WatchedBusSubject()
    }

    @Test("A provider that comes to the bus is a reason to look, one that leaves it is none")
    func provider() throws {
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        for _ in 1...2 {
            let provider = try bus.startProvider()
            try watch.next(subject.limit())
            provider.terminate()
            provider.waitUntilExit()
            expectEnd(.deadlineExceeded, watch, subject.limit(500))
        }
    }

    @Test("Ten thousand signs are few reasons for who comes late and for who waits, and take no memory")
    func tenThousand() throws {
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        let provider = try bus.startProvider()
        defer { provider.terminate() }
        try watch.next(subject.limit())
        try bus.tell(10_000)
        // One, but for those that a busy machine delivers while the first are looked at.
        #expect((1...5).contains(reasons(watch)))
        let before = Self.memory
        for _ in 1...3 { try bus.tell(10_000) }
        #expect(Self.memory - before < 4 << 20)
        try watch.next(subject.limit())
        let worker = WorkerThread { try bus.tell(10_000) }
        let start = subject.clock.monotonicMilliseconds
        let count = reasons(watch)
        let took = subject.clock.monotonicMilliseconds - start
        _ = try worker.value()
        #expect(count >= 1 && count <= took / 50, "\(count) in \(took) ms")
    }

    /// How many there are until none comes for a second.
    private func reasons(_ watch: any StoreWatch) -> Int64 {
        var count: Int64 = 0
        while (try? watch.next(subject.limit(1000))) != nil { count += 1 }
        return count
    }

    @Test("A bus that ends, ends the watch at once, also for who waits later")
    func end() throws {
        let watch = try subject.store.watch(subject.limit())
        defer { watch.close() }
        after(milliseconds: 200) { [bus] in bus.end() }
        for _ in 1...2 { expectEnd(.keyringUnavailable, watch, WaitLimit(deadline: .max, cancellation: nil)) }
        let failure = #expect(throws: AuthFailure.self) { _ = try subject.store.watch(subject.limit()) }
        #expect(failure?.status == .keyringUnavailable)
    }

    private func expectEnd(
        _ status: Status, _ watch: any StoreWatch, _ limit: WaitLimit, _ location: SourceLocation = #_sourceLocation
    ) {
        let failure = #expect(throws: AuthFailure.self, sourceLocation: location) { try watch.next(limit) }
        #expect(failure?.status == status, sourceLocation: location)
    }

    /// What this process has in memory, in bytes.
    private static var memory: Int {
        let sizes = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return (sizes.count > 1 ? Int(sizes[1]) ?? 0 : 0) * 4096
    }
}

private struct WatchedBusSubject: TimedSubject {
    let store: any SessionStore
    let clock: any Clock = SystemClock()

    init() throws { store = SecretServiceStore(try .unique()) }
}

/// A bus that a test has started, which is the session's from then on.
private final class OwnBus: @unchecked Sendable {
    private let daemon = Process()
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

    /// Threads here block signals, which what they start would do as well.
    private static let killable = [
        "python3", "-IS", "-c",
        "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execvp(sys.argv[1], sys.argv[1:])",
    ]

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        let output = Pipe()
        daemon.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        daemon.arguments =
            Self.killable + [
                "dbus-daemon", "--session", "--nofork", "--print-address", "--address=unix:path=\(folder.path)/bus",
            ]
        daemon.standardOutput = output
        try daemon.run()
        let address = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        setenv("DBUS_SESSION_BUS_ADDRESS", address.trimmingCharacters(in: .whitespacesAndNewlines), 1)
    }

    deinit {
        end()
        try? FileManager.default.removeItem(at: folder)
    }

    func end() {
        daemon.terminate()
        daemon.waitUntilExit()
    }

    /// Tests/Support/mock_secret_service.py; it is there some time later.
    func startProvider() throws -> Process {
        let provider = Process()
        let system = "/usr/bin/python3"
        provider.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        provider.arguments =
            Self.killable + [
                FileManager.default.isExecutableFile(atPath: system) ? system : "python3", "-sEB",
                "\(Surroundings.support)/mock_secret_service.py",
            ]
        try provider.run()
        return provider
    }

    /// Lets the provider tell so many times of a change.
    func tell(_ count: Int) throws {
        let name = "org.cognitoauth.Mock"
        try Surroundings.run(
            "/usr/bin/env",
            [
                "gdbus", "call", "--session", "--dest", name, "--object-path", "/mock", "--method", "\(name).Tell",
                "\(count)",
            ])
    }
}
