// SPDX-License-Identifier: Apache-2.0

/// Who waits for a lock, and for how long. The real one is fair: who waits is next, and nobody who comes later has it before.
final class Patience {
    /// In simulated milliseconds, of all scenarios. There is one thread.
    nonisolated(unsafe) static var longestWait: Int64 = 0

    private struct Waiting {
        let program: Program
        /// How many have had the lock meanwhile that came later.
        var passed = 0
    }

    private var waiting: [Waiting] = []

    /// Whether nobody who lives waits for longer.
    func isNext(_ program: Program) -> Bool {
        waiting.removeAll { $0.program.isDead }
        return waiting.first.map { $0.program === program } ?? true
    }

    func begin(_ program: Program) { waiting.append(Waiting(program: program)) }

    func end(_ program: Program, after time: Int64) {
        if let place = waiting.lastIndex(where: { $0.program === program }) { waiting.remove(at: place) }
        Self.longestWait = max(Self.longestWait, time)
    }

    /// Returns how many of those who waited were passed.
    func serve(_ program: Program) -> Int {
        let place = waiting.firstIndex { $0.program === program } ?? waiting.count
        for index in 0..<place { waiting[index].passed += 1 }
        return waiting.count { $0.passed > 0 }
    }
}

extension World {
    /// Without what others, or a person, took meanwhile.
    var ownTime: Int64 { now - (current?.stolen ?? 0) }

    /// A call that has ended, and one that asks a person for something, keeps nobody waiting.
    func checkNoLock(_ run: Run, _ what: String) {
        if run.locks > 0, !run.program.isDead { violate("\(run.call) \(what) with a lock in its hands") }
    }
}
