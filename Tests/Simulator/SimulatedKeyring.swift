// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// The keyring of the machine: one collection, which locks, hangs, dies, refuses and lies.
final class SimulatedKeyring: SessionStore {
    private(set) var items: [Item] = []
    var isLocked = false { didSet { world.watch?.hasSign = true } }
    var isGone = false { didSet { if !isGone { world.watch?.hasSign = true } } }
    private var count = 0
    unowned(unsafe) let world: World

    init(_ world: World) { self.world = world }

    // MARK: What is there

    func sessions() -> [Item] { items.filter { $0.attributes.kind == .session } }

    func unfinished() -> [Item] { items.filter { $0.attributes.kind == .unfinished } }

    /// Whether an unfinished sign-out is one of this session.
    func isNamed(_ session: Item) -> Bool { items.contains { names($0, session) } }

    func names(_ unfinished: Item, _ session: Item) -> Bool {
        guard unfinished.attributes.kind == .unfinished else { return false }
        if world.surroundings.hasDamage { return saysName(unfinished, session) }
        if let family = session.family, unfinished.families.contains(family) { return true }
        return unfinished.attributes == ItemAttributes(.unfinished, session: session.attributes.session)
    }

    /// Without the library.
    @discardableResult
    func put(_ attributes: ItemAttributes, _ secret: String, isDamaged: Bool) -> Item? {
        let item = add(SecretBytes(copying: secret), attributes)
        item.isDamaged = isDamaged
        world.trace("  somebody puts \(attributes) at \(item.path): \(secret.prefix(30))... with \(item.tokens)")
        world.noticeChange(of: item, by: nil)
        guard let family = item.family else { return item }
        world.cognito.families[family].wasStored = true
        world.cognito.families[family].storedAt = item.number
        return item
    }

    private func add(_ secret: SecretBytes, _ attributes: ItemAttributes) -> Item {
        count += 1
        var path = count
        if world.surroundings.reusesPaths {
            path = 1
            while items.contains(where: { $0.path == path }) { path += 1 }
        }
        let item = Item(count, at: path, attributes, secret, world)
        items.append(item)
        return item
    }

    func throwAway(_ item: Item) {
        items.removeAll { $0 === item }
        world.watch?.notice(nil, isUnderWay: false)
    }

    func holds(_ token: Int) -> Bool { items.contains { $0.tokens.contains(token) } }

    // MARK: The port

    func unlock(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64 {
        try begin("unlock", limit, canBeLocked: true)
        if let run = world.current { world.checkNoLock(run, "asked the user") }
        guard isLocked else { return 0 }
        let time = Int64(world.random.below(150_000))
        if world.random.isOneIn(4) {
            world.current?.stolen += world.passing { world.wait(time, prompt) }
            throw AuthFailure(.keyringPromptDismissed)
        }
        guard world.now + time < prompt.deadline else {
            var failure = AuthFailure(.deadlineExceeded)
            world.current?.stolen += world.passing { failure = world.waitInVain(prompt) }
            throw failure
        }
        world.now += time
        world.current?.stolen += time
        isLocked = false
        return time
    }

    func hasCollection(_ limit: WaitLimit) throws(AuthFailure) -> Bool {
        try begin("collection", limit)
        return true
    }

    func createCollection(_ limit: WaitLimit, prompt: WaitLimit) throws(AuthFailure) -> Int64 { 0 }

    func items(_ kinds: [ItemKind], _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        let world = world
        try begin("look", limit)
        let found = items.filter { item in kinds.contains(item.attributes.kind) }
        if let run = world.current {
            if kinds.contains(.session) { look(run, found, showsUnfinished: kinds.contains(.unfinished)) }
            run.read(found)
            if kinds.contains(.unfinished) { run.lookForRecord() }
            if run.call == .watch { world.watch?.looked() }
        }
        world.trace("    keyring: found \(found.count) of \(kinds)")
        let stored = found.map(\.stored)
        try end(limit)
        return stored
    }

    private func look(_ run: Run, _ found: [Item], showsUnfinished: Bool) {
        let sessions = found.filter { $0.attributes.kind == .session }
        let named = sessions.filter(isNamed)
        if !run.hasSeen {
            run.hasSeen = true
            let meant = sessions.filter { !isNamed($0) }
            run.first = meant
            run.seen = meant.compactMap(\.family)
            run.seenTokens = meant.flatMap(\.tokens)
            run.ended = named.compactMap(\.family)
        }
        if showsUnfinished { run.named = named.compactMap(\.family) }
        if showsUnfinished, !run.hasReleased { run.sawUpTo = count }
        run.show(sessions)
    }

    func reread(_ read: [StoredItem], _ limit: WaitLimit) throws(AuthFailure) -> [StoredItem] {
        let run = world.current
        let isOfRecord = read.first?.attributes.kind == .unfinished
        let refusals = run?.refusals
        defer { if isOfRecord, run?.refusals != refusals { run?.isRecordOutdated = true } }
        try begin("reread", limit)
        let found = read.compactMap { item in items.first { $0.stored.path == item.path } }
        run?.read(found)
        if isOfRecord { run?.lookForRecord() }
        if read.first?.attributes.kind == .session { run?.show(found) }
        let stored = found.map(\.stored)
        try end(limit)
        return stored
    }

    func create(_ secret: SecretBytes, _ attributes: ItemAttributes, _ limit: WaitLimit) throws(AuthFailure) {
        let run = world.current
        if attributes.kind == .unfinished { run?.lacksRecord = true }
        try begin("create \(attributes.kind)", limit)
        try change(limit, storing: Item.Content(attributes.kind, secret).refreshTokens) { [self] isLate in
            let item = add(secret, attributes)
            world.created(item, by: run)
            if isLate { run?.lateRecord = item }
        }
        // Unless somebody else has removed it since.
        if attributes.kind == .unfinished, run?.record != nil { run?.lacksRecord = false }
    }

    func update(_ item: StoredItem, _ secret: SecretBytes, _ limit: WaitLimit) throws(AuthFailure) {
        let run = world.current
        let refusals = run?.refusals
        defer { if item.attributes.kind == .unfinished { run?.isRecordOutdated = run?.refusals != refusals } }
        try begin("update \(item.attributes.kind)", limit)
        guard let place = items.firstIndex(where: { $0.stored.path == item.path }) else {
            throw AuthFailure(.sessionChanged)
        }
        let changed = items[place]
        try change(limit, storing: Item.Content(item.attributes.kind, secret).refreshTokens) { [self] isLate in
            guard items.contains(where: { $0 === changed }) else { return }
            let old = changed.tokens
            changed.update(secret, world)
            world.updated(changed, replacing: old, by: run, isLate: isLate)
        }
    }

    func delete(_ deleted: [StoredItem], _ limit: WaitLimit) -> Deletion {
        do throws(AuthFailure) {
            try begin("delete", limit)
        } catch {
            return .failed(error)
        }
        let run = world.current
        let gone = items.filter { item in deleted.contains { $0.path == item.stored.path } }
        let asked = gone.map(\.tokens)
        let carryOut = { [self] isLate in
            for (item, tokens) in zip(gone, asked) where items.contains(where: { $0 === item }) {
                items.removeAll { $0 === item }
                world.deleted(item, by: run, lateAfter: isLate ? tokens : nil)
                // No keyring compares before it deletes: another item may be in the place of one that was read.
                let isMeant = deleted.contains { $0.path == item.stored.path && $0.attributes == item.attributes }
                if !isMeant, run?.wasBeside == true { world.excuse(item.tokens) }
            }
        }
        if world.happens(.keyringLies) {
            world.trace("    keyring: says deleted, and is not")
            run?.refusals += 1
            if world.random.isOneIn(2) { world.late.append(Late { carryOut(true) }) }
            return .answered
        }
        do throws(AuthFailure) {
            try change(limit, carryOut)
        } catch {
            return error.isAboutTime ? .unanswered(error) : .failed(error)
        }
        return .answered
    }

    func remove(_ removed: [StoredItem], of kind: ItemKind, _ limit: WaitLimit) -> Removal {
        let deletion = removed.isEmpty ? .answered : delete(removed, limit)
        do { return Removal(deletion, left: .success(try items([kind], limit))) } catch {
            return Removal(deletion, left: .failure(error))
        }
    }

    func watch(_ limit: WaitLimit) throws(AuthFailure) -> any StoreWatch {
        guard let run = world.current, !world.happens(.keyringRefuses) else { throw AuthFailure(.keyringUnavailable) }
        let watch = SimulatedWatch(run, world)
        world.watch = watch
        return watch
    }

    // MARK: Steps

    private func begin(_ what: @autoclosure () -> String, _ limit: WaitLimit, canBeLocked: Bool = false)
        throws(AuthFailure)
    {
        // Each look at what is unowned counts it.
        let world = world
        world.step()
        world.noticeWhoIsBeside()
        world.trace("    keyring: \(what())")
        if world.isCurrentDead || isGone { throw refusal(.keyringUnavailable) }
        if limit.isCancelled { throw refusal(.cancelled) }
        if world.now >= limit.deadline { throw refusal(.deadlineExceeded) }
        if isLocked && !canBeLocked { throw refusal(.keyringLocked) }
        world.wait(Int64(world.random.below(4)), limit)
        if world.happens(.keyringHangs) { throw refusal(world.waitInVain(limit).status) }
        if world.happens(.keyringRefuses) { throw refusal(.keyringFailed) }
    }

    private func refusal(_ status: Status) -> AuthFailure {
        world.current?.refusals += 1
        world.trace("    keyring: does not, \(status)")
        return AuthFailure(status)
    }

    private func end(_ limit: WaitLimit) throws(AuthFailure) {
        let world = world
        world.step()
        if world.isCurrentDead { throw AuthFailure(.keyringUnavailable) }
    }

    /// A change is carried out, perhaps without an answer, or late, or after its call.
    private func change(
        _ limit: WaitLimit, storing tokens: @autoclosure () -> [Int] = [],
        _ carryOut: @escaping (_ isLate: Bool) -> Void
    ) throws(AuthFailure) {
        if world.happens(.keyringHangs) {
            switch world.random.below(3) {
            case 0: break
            case 1: carryOut(false)
            default: world.late.append(Late(tokens: tokens()) { carryOut(true) })
            }
            throw refusal(world.waitInVain(limit).status)
        }
        if world.happens(.keyringRefuses) { throw refusal(.keyringFailed) }
        carryOut(false)
        try end(limit)
    }
}
