// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// One of the two locks, as the processes of the machine share it.
///
/// Whoever waits here, waits for somebody who stands still meanwhile: calls come in between each other as on a stack. That
/// somebody gives the lock back in time is the same as coming later.
final class SimulatedLock {
    private var holder: Program?
    /// Who counts on having it: several where one has gone on without it, or where there is no lock file.
    private var inside: [Program] = []
    fileprivate let patience = Patience()
    private unowned(unsafe) let world: World

    init(_ world: World) { self.world = world }

    /// Whether somebody is not kept out.
    var hasSeveral: Bool { inside.count > 1 }

    /// false: another process has it.
    fileprivate func tryLock(_ program: Program) -> Bool {
        guard holder == nil || holder === program, patience.isNext(program) else { return false }
        holder = program
        if patience.serve(program) > 0 { world.violate("somebody who came later had the lock first") }
        return true
    }

    fileprivate func enter(_ program: Program) { inside.append(program) }

    /// Also what becomes of it where its process dies.
    func unlock(_ program: Program) {
        inside.removeAll { $0 === program }
        if holder === program { holder = nil }
    }

    /// The lock as one program sees it, which keeps its threads apart too.
    final class View: SessionLock {
        private let lock: SimulatedLock
        private unowned(unsafe) let program: Program
        private unowned(unsafe) let world: World
        private var isTaken = false

        init(_ lock: SimulatedLock, _ program: Program, _ world: World) {
            self.lock = lock
            self.program = program
            self.world = world
        }

        func take(_ limit: WaitLimit) throws(AuthFailure) -> LockScope {
            let world = world
            world.step()
            if program.isDead { throw AuthFailure(.cancelled) }
            if isTaken { throw world.waitInVain(limit) }
            let scope = try takeAmongProcesses(limit)
            isTaken = true
            lock.enter(program)
            world.current?.lock()
            world.step()
            return scope
        }

        private func takeAmongProcesses(_ limit: WaitLimit) throws(AuthFailure) -> LockScope {
            guard world.surroundings.hasLockFile else { return .noLockFile }
            if lock.tryLock(program) { return .allProcesses }
            let began = world.ownTime
            lock.patience.begin(program)
            defer { lock.patience.end(program, after: world.ownTime - began) }
            // Who has it may die meanwhile, and others come.
            world.step()
            if program.isDead { throw AuthFailure(.cancelled) }
            if lock.tryLock(program) { return .allProcesses }
            let patience = max(0, min(5000, (limit.deadline - world.now) / 3))
            let failure = world.waitInVain(
                WaitLimit(deadline: world.now + patience, cancellation: limit.cancellation))
            if failure.status == .cancelled { throw failure }
            world.trace("    lock: another process has it")
            return .heldElsewhere
        }

        func release() {
            let world = world
            isTaken = false
            world.current?.hasReleased = true
            world.current?.locks -= 1
            if !program.isDead { lock.unlock(program) }
            world.step()
        }

        func reserveSignIn() -> Bool { true }

        func releaseSignIn() {}
    }
}
