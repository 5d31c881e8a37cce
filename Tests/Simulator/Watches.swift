// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// A watch of the session, which goes on while calls are made: the rest of the scenario happens while it waits for a sign.
final class SimulatedWatch: StoreWatch {
    let run: Run
    /// Whether something may have changed since it returned last.
    var hasSign = false
    private var isClosed = false
    private unowned(unsafe) let world: World

    /// Who is signed in, as an item that was seen; nil: nobody.
    private enum Sight {
        case unknown
        case seen(StoredItem?)
    }

    /// What its last look showed, and what its program knows: it was told so, or did it itself.
    private var seen = Sight.unknown
    private var known = Sight.unknown
    /// Whether a call of its program found nobody signed in: a watch may tell so too.
    private var isHearsay = false
    /// What its last look showed before a call of its own that is not sure.
    private var doubt = Sight.unknown
    private var isUnsure = false
    private var isToldLocked = false
    /// Whether others have changed anything: since its last look, and as far as that showed.
    private var hasForeign = false
    private var seesForeign = false
    private var hasJustLooked = false
    private var hasLooked = false
    /// The sessions that its last look showed behind that of who is signed in.
    private var behind: [StoredItem] = []

    init(_ run: Run, _ world: World) {
        self.run = run
        self.world = world
    }

    func next(_ limit: WaitLimit) throws(AuthFailure) {
        // What it saw while its own program was at work it may tell after a later look.
        if hasJustLooked, !isHearsay, case .seen(let item) = known, Self.isSame(item, world.whoIsSignedIn) {
            seesForeign = false
        }
        hasJustLooked = false
        while true {
            if limit.isCancelled { throw AuthFailure(.cancelled) }
            if run.program.isDead || world.violation != nil { throw AuthFailure(.keyringUnavailable) }
            // Signs may be late.
            if hasSign, world.isCalm || world.random.isOneIn(2) {
                hasSign = false
                world.now += 50
                return
            }
            if limit.deadline != .max, world.isCalm || world.random.isOneIn(2) {
                world.now = max(world.now, limit.deadline)
                throw AuthFailure(.deadlineExceeded)
            }
            if world.isCalm {
                checkKnown()
                throw AuthFailure(.cancelled)
            }
            if !world.random.isOneIn(32) { world.goOn(beside: run) } else { throw AuthFailure(.keyringUnavailable) }
        }
    }

    func close() {
        if isClosed { world.violate("closed a watch twice") }
        isClosed = true
    }

    // MARK: What its program knows

    func looked() {
        let item = world.whoIsSignedIn
        // Where the keyring does not show the secret, nothing is told.
        if item != nil, item?.secret == nil { return }
        // What others have put there is told when it comes to light, whoever ended the one before it.
        if behind.contains(where: { Self.isSame($0, item) }) { hasForeign = true }
        behind = world.keyring.sessions().filter { !world.keyring.isNamed($0) }.map(\.stored)
            .filter { !Self.isSame($0, item) }
        seen = .seen(item)
        // What comes before its first look is not told.
        if !hasLooked { known = seen }
        if case .seen(let before) = doubt, !Self.isSame(before, world.whoIsSignedIn) { doubt = .unknown }
        hasLooked = true
        isUnsure = false
        hasJustLooked = true
        seesForeign = seesForeign || hasForeign
        hasForeign = false
    }

    func told(_ event: Event) {
        world.trace("    told: \(event)")
        switch event {
        case .signedOutElsewhere, .sessionChangedElsewhere:
            guard case .seen(let item) = seen else { return world.violate("a watch told what it has not seen") }
            if (item == nil) != (event == .signedOutElsewhere) {
                world.violate("a watch told \(event), and saw something else")
            }
            if !seesForeign { world.violate("a watch told what its own program did") }
            known = seen
            isHearsay = false
            doubt = .unknown
        case .keyringLocked: isToldLocked = true
        case .keyringUnlocked: isToldLocked = false
        default: world.violate("a watch told \(event)")
        }
    }

    /// `run`: whose change it is.
    func notice(_ run: Run?, isUnderWay: Bool) {
        hasSign = true
        if run?.program !== self.run.program || !isUnderWay { hasForeign = true }
    }

    /// A call of the same program has ended.
    func hasEnded(_ call: Run) {
        guard call.program === run.program, call.call != .load else { return }
        // What the keyring did not answer, it may have done, or do later: that is not told again.
        // Until it looks, none of its own changes before is forgotten.
        isUnsure = isUnsure || call.refusals > 0
        isHearsay = call.isToldOfNobody
        if isUnsure {
            known = .unknown
        } else if call.isToldOfNobody {
            known = .seen(nil)
        } else if call.hasChanged || call.hasTakenBack {
            known = .seen(world.whoIsSignedIn)
            if case .seen(let item) = seen, call.call != .save, call.call != .signIn { doubt = .seen(item) }
            // A session that came beside a sign-out may go again before a watch looks, which tells only what it saw itself.
            let hasSeenAnother = call.shown.contains { item in !call.first.contains { $0 === item } }
            if call.isSignOut, hasSeenAnother { doubt = .seen(nil) }
        }
    }

    /// When nothing happens any more, and it has looked.
    private func checkKnown() {
        if isToldLocked {
            world.violate("who watches was told that the keyring is locked, and not that it is unlocked")
        }
        guard case .seen(let known) = known else { return }
        let now = world.whoIsSignedIn
        // What a call changes that is no save may have come to nothing: where all is as it was before, nothing is told.
        if case .seen(let before) = doubt, Self.isSame(before, now) { return }
        if !Self.isSame(known, now) { world.violate("who watches was not told who is signed in now") }
    }

    private static func isSame(_ one: StoredItem?, _ other: StoredItem?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        guard let secret = one.secret, let otherSecret = other.secret else { return false }
        return one.attributes == other.attributes && secret.hasSameBytes(as: otherSecret)
    }
}

extension World {
    /// Watches until the watch ends; the rest of the scenario, or a part of it, happens meanwhile.
    func watch(_ program: Program) {
        guard let client = program.client, !program.isDead else { return }
        let run = Run(program, .watch, began: now, timeout: 30_000, present: [])
        trace("program \(program.number) watches")
        let call = Call(
            CallOptions(client.configuration), cancellation: run.cancellation, logLimit: nil, mailbox: mailbox)
        let failure = whileUnderWay(run) { client.watch(call) }
        trace("program \(program.number)'s watch ended: \(failure.status)")
        watch = nil
    }

    /// `isTold`: whether the call tells its program with it who is signed in.
    func noticeChange(of item: SimulatedKeyring.Item, by run: Run?, isTold: Bool = true, isLate: Bool = false) {
        // What comes late is news to its own program.
        watch?.notice(run, isUnderWay: !isLate && stack.contains { $0 === run })
        if item.attributes.kind == .session, isTold { run?.hasChanged = true }
    }

    /// The session of whoever is signed in.
    var whoIsSignedIn: StoredItem? {
        var newest: (item: StoredItem, savedAt: Int64)?
        for item in keyring.sessions() where !keyring.isNamed(item) {
            let savedAt = item.stored.secret?.withBytes { Wire.number(after: "\"saved_at\":", in: $0) } ?? 0
            if newest.map({ $0.savedAt < savedAt }) ?? true { newest = (item.stored, savedAt) }
        }
        return newest?.item
    }
}
