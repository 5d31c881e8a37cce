// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import CognitoAuth

/// A lock among the processes with the same app, pool and client, in which nobody overtakes who is next.
///
/// There are two files. A process locks the gate, then the lock, and then unlocks the gate: who has the gate is next;
/// behind it there is no order. It counts the number in the lock up while it has both: as long as that stays the same,
/// nobody else has got the lock. `Tests/Simulation/fair_lock.py` searches all that can happen. To be used by one thread
/// at a time.
final class FairLock {
    private let gate: LockFile
    private let lock: LockFile
    private var isNext = false

    /// The lock for `configuration`; nil without a runtime directory.
    static func make(_ configuration: Configuration, purpose: String) -> FairLock? {
        let identity = String.joining(
            configuration.appID, "\n", configuration.userPoolID, "\n", configuration.clientID)
        guard let directory = LockDirectory.inEnvironment(),
            let digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, identity, -1)
        else { return nil }
        defer { g_free(digest) }
        return FairLock(directory, name: .joining(purpose, String(cString: digest)))
    }

    private init(_ directory: LockDirectory, name: String) {
        gate = LockFile(directory, name: .joining("gate-", name))
        lock = LockFile(directory, name: .joining("lock-", name))
    }

    /// Opens the files, unless they are open and still there. Returns false where that is not possible.
    func open() -> Bool { gate.open() && lock.open() }

    /// Takes the lock, or comes closer to it: who was next stays so, until `release`. The files must be open.
    func tryLock() -> LockFile.Attempt {
        if !isNext {
            let attempt = gate.tryLock()
            guard attempt == .locked else { return attempt }
            isNext = true
        }
        let attempt = lock.tryLock()
        switch attempt {
        case .held: return attempt
        case .locked: lock.number &+= 1
        case .unusable: break
        }
        leaveGate()
        return attempt
    }

    /// Another number: another process has got the lock.
    var holder: UInt64 { lock.number }

    /// Gives back what there is: the lock, the place next to it, or nothing.
    func release() {
        lock.unlock()
        leaveGate()
    }

    private func leaveGate() {
        guard isNext else { return }
        gate.unlock()
        isNext = false
    }
}
