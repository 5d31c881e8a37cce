// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// The clocks. The monotonic one is the world's; the time of day is each program's own.
final class SimulatedClock: Clock {
    private unowned(unsafe) let world: World

    init(_ world: World) { self.world = world }

    var unixMilliseconds: Int64 { World.epoch + world.now + (world.current?.program.clockOffset ?? 0) }

    /// A program that is dead hurries to its end.
    var monotonicMilliseconds: Int64 {
        let world = world
        return world.isCurrentDead ? world.now + 1_000_000_000_000 : world.now
    }

    func pause(milliseconds: Int64, _ limit: WaitLimit) {
        world.step()
        if world.isCurrentDead || limit.isCancelled { return }
        world.wait(milliseconds, limit)
    }
}

final class SimulatedRandomness: Randomness {
    private unowned(unsafe) let world: World

    init(_ world: World) { self.world = world }

    func next() -> UInt64 { world.random.next() }

    func unguessable(_ count: Int) -> SecretBytes? {
        let secret = SecretBytes(capacity: count)
        for _ in 0..<count { secret.append(UInt8(truncatingIfNeeded: world.random.next())) }
        return secret
    }
}

/// Tells bytes apart; it need not hide them.
final class SimulatedDigest: Digest {
    func sha256(_ bytes: SecretBytes) -> [UInt8] {
        var one: UInt64 = 0xCBF2_9CE4_8422_2325
        var other: UInt64 = 0x9E37_79B9_7F4A_7C15
        bytes.withBytes { bytes in
            for byte in bytes {
                one = (one ^ UInt64(byte)) &* 0x100_0000_01B3
                other = (other &+ UInt64(byte)) &* 0xBF58_476D_1CE4_E5B9
                other ^= other >> 29
            }
        }
        return (0..<32).map { index in
            let word = index < 16 ? one &+ UInt64(index / 8) &* other : other ^ one >> 7
            return UInt8(truncatingIfNeeded: word >> UInt64(index % 8 * 8))
        }
    }
}

/// There is one thread.
final class SimulatedMutex: Mutex {
    func withLock(_ body: () -> Void) { body() }
}

/// Reads the URLs of the simulated programs' configurations.
final class SimulatedURLs: URLReader {
    func parts(of text: String) -> URLParts? {
        let parts = text.split(separator: "/", maxSplits: 2).map(String.init)
        guard parts.count >= 2 else { return nil }
        let server = parts[1].split(separator: ":").map(String.init)
        return URLParts(
            scheme: String(parts[0].dropLast()), host: server[0], port: server.count > 1 ? server[1] : "",
            path: "/" + (parts.count > 2 ? parts[2] : ""))
    }
}

final class SimulatedCancellation: Cancellation, @unchecked Sendable {
    private(set) var isCancelled = false
    let descriptor: Int32 = -1

    func cancel() { isCancelled = true }
}

/// The program's side of a call, which reads all that it is told.
final class SimulatedMailbox: Mailbox {
    private unowned(unsafe) let world: World

    init(_ world: World) { self.world = world }

    func tell(_ notice: Notice) {
        if case .event(let event) = notice, world.current?.call == .watch { world.watch?.told(event) }
        guard case .line(_, let text) = notice else { return }
        world.trace("    log: \(text)")
        world.checkText(text)
    }

    /// A program that starts the browser by itself.
    func ask(_ question: Question, _ limit: WaitLimit) throws(AuthFailure) -> Bool {
        guard case .openURL(let url) = question else { return false }
        do {
            try world.browser.open(url, limit)
        } catch {
            if error.isAboutTime { throw error }
            return false
        }
        return true
    }

    var opensURLs: Bool { world.current?.opensURLs ?? false }

    var hearsRedirects: Bool { false }

    func show(_ dialogue: BrowserDialogue?) {}

    func awaitRedirect(_ limit: WaitLimit) throws(AuthFailure) -> RedirectVerdict { throw AuthFailure(.cancelled) }
}
