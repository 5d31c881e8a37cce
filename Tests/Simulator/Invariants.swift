// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// What must hold when something is carried out, and between calls.
extension World {
    // MARK: In the keyring

    func created(_ item: SimulatedKeyring.Item, by run: Run?) {
        noticeChange(of: item, by: run)
        trace("    keyring: created \(item.attributes.kind) at \(item.path) with \(item.tokens)")
        item.tokens.forEach(cognito.hold)
        if let family = item.family {
            cognito.families[family].wasStored = true
            cognito.families[family].storedAt = item.number
            if let run { checkPlace(of: item, by: run) }
            if cognito.families[family].saidSignedOut != nil {
                violate("a session that was signed out is stored again")
            }
        } else if item.attributes.kind == .unfinished {
            run?.record = item
            askGlobally(run)
            if let run { item.families.forEach { checkCame($0, before: run) } }
            for family in item.families { cognito.families[family].isSignOutBegun = true }
            for session in keyring.sessions() where keyring.isNamed(session) {
                if let family = session.family { cognito.families[family].isSignOutBegun = true }
            }
        }
    }

    func updated(_ item: SimulatedKeyring.Item, replacing old: [Int], by run: Run?, isLate: Bool) {
        noticeChange(of: item, by: run, isLate: isLate)
        checkNewer(item)
        trace("    keyring: updated \(item.attributes.kind) at \(item.path) with \(item.tokens)")
        item.tokens.forEach(cognito.hold)
        if isLate { stack.forEach { $0.cameLate += item.tokens } }
        if let run {
            // No keyring compares before it updates.
            let unseen = old.filter { !item.tokens.contains($0) && !run.known.contains($0) }
            if isLate || run.wasBeside || unseen.allSatisfy(run.cameLate.contains) {
                excuse(unseen)
            } else {
                violate("\(run.call) wrote over refresh tokens that it had not seen")
            }
        }
        guard let family = item.family else { return }
        if item.tokens.contains(where: { cognito.refreshTokens[$0].family != family }) {
            // Where there is no lock, another session may take the place of one that was read just now.
            if run?.wasBeside == true && surroundings.reusesPaths { return isUndecided = true }
            violate("a session was stored over another one")
        }
        if cognito.families[family].saidSignedOut != nil { violate("a session that was signed out comes back") }
    }

    /// `asked`: late, after who asked for it waited for it; what tokens were in it then.
    func deleted(_ item: SimulatedKeyring.Item, by run: Run?, lateAfter asked: [Int]?) {
        let isTold = run?.isSignOut == true || !keyring.isNamed(item)
        noticeChange(of: item, by: run, isTold: isTold, isLate: asked != nil)
        trace("    keyring: deleted \(item.attributes.kind) at \(item.path)\(asked == nil ? "" : " (late)")")
        for other in stack where other.record === item && (other !== run || asked != nil) { other.loseRecord() }
        guard let run else { return }
        if let asked {
            let isReplaced = (run.call == .save || run.call == .signIn) && !keyring.isNamed(item)
            if run.call == .save || run.call == .signIn, let family = item.family {
                cognito.families[family].wasReplaced = true
            }
            // Who asked for it knows what it was to end, unless it has died; who is beside it knows nothing of it.
            let isForgotten = run.program.isDead || run.wasBeside
            // Who has read it before may go on to delete the session as one that is signed out.
            if isForgotten, item.family == nil { item.tokens.forEach(cognito.excuse) }
            // A sign-out has ended it, as where the keyring does it at once. Where Cognito revokes nothing, this alone tells.
            if run.isSignOut, let family = item.family, run.seen.contains(family) {
                cognito.families[family].isSignOutBegun = true
            }
            let isExcused = isReplaced || isForgotten || item.family == nil
            return excuse(isExcused ? item.tokens : item.tokens.filter { !asked.contains($0) })
        }
        checkNewer(item)
        if item.attributes.kind == .session { run.hasDeletedSession = true }
        guard let number = item.family else {
            checkDamaged(deletionOf: item, by: run)
            return withdraw(item, run)
        }
        checkWritten(beforeDeletionBy: run)
        let family = cognito.families[number]
        run.deleted.append(number)
        checkCame(number, before: run)
        let unseen = item.tokens.filter { !run.known.contains($0) }
        // No keyring compares before it deletes.
        if run.wasBeside || unseen.allSatisfy(run.cameLate.contains) {
            excuse(unseen)
        } else {
            violate("\(run.call) deleted refresh tokens that it had not seen")
        }
        let isMeant = run.seen.contains(number) || family.isSignOutBegun || run.wasBeside
        switch run.call {
        case .save, .signIn:
            // A session that is replaced is not revoked.
            if !isMeant { violate("a \(run.call) deleted a session that it had not seen") }
            if !keyring.isNamed(item) || run.wasBeside { item.tokens.forEach(cognito.excuse) }
        case .signOut, .signOutGlobally:
            if !isMeant { violate("a sign-out deleted a session that it had not seen") }
            if run.seen.contains(number) { family.isSignOutBegun = true }
        case .retry, .resume, .fetch, .check:
            if !family.isSignOutBegun && !run.wasBeside {
                violate("\(run.call) deleted a session that nobody has signed out")
            }
        case .load, .watch: violate("a \(run.call) deleted a session")
        }
    }

    /// A sign-out that is taken back, as it was cancelled.
    private func withdraw(_ item: SimulatedKeyring.Item, _ run: Run) {
        guard item.attributes.kind == .unfinished else { return }
        guard run.isSignOut else {
            // One that is too old is given up, and of several the program hears of one.
            let age = World.epoch + now + run.program.clockOffset - item.content.signedOutAt
            if run.call == .resume, age > 90 * 86_400_000 || keyring.unfinished().count >= 16 { excuse(item.tokens) }
            if !run.wasBeside, keyring.sessions().contains(where: { keyring.names(item, $0) && !keyring.isNamed($0) }) {
                violate("\(run.call) removed an unfinished sign-out whose session is still stored")
            }
            return
        }
        if item === run.record, run.deleted.isEmpty { run.hasTakenBack = true }
        // No keyring compares before it deletes: the session may have gone since it was read.
        if run.wasBeside {
            excuse(
                item.tokens.filter { token in run.shown.contains { $0.family == cognito.refreshTokens[token].family } })
        }
        // What a save has replaced late, after it was read.
        excuse(item.tokens.filter { cognito.family(ofToken: $0).wasReplaced })
        for session in keyring.sessions() where keyring.names(item, session) && !keyring.isNamed(session) {
            guard let number = session.family, !cognito.families[number].isHanded else { continue }
            cognito.families[number].isSignOutBegun = false
        }
    }

    // MARK: At Cognito

    func revoked(_ token: Int, wasLive: Bool, by run: Run) {
        run.revoked.append(token)
        guard wasLive else { return }
        let number = cognito.refreshTokens[token].family
        let family = cognito.families[number]
        checkCame(number, before: run)
        switch run.call {
        case .signOut, .signOutGlobally:
            if run.seen.contains(number) { family.isSignOutBegun = true }
        case .retry:
            if run.plan.contains(token) { family.isSignOutBegun = true }
        case .save, .signIn, .load, .fetch, .check, .resume, .watch: break
        }
        // What it was given, and a session that is gone from the keyring since it read it, nobody else would end.
        let isOwn = run.minted.contains(token) || run.known.contains(token) && !keyring.holds(token)
        if !family.isSignOutBegun && !isOwn { violate("\(run.call) revoked a session that nobody has signed out") }
    }

    /// `of`: of whose access token it was.
    func endedEverySession(of user: Int, with of: SimulatedCognito.Family, by run: Run, isLate: Bool) {
        // The network may carry a request out again of which the call was told that it was refused.
        if !isLate || run.hasLostGlobalSignOut { run.endedEverySession = true }
        for number in run.seen where run.call == .signOutGlobally && cognito.families[number].user == user {
            cognito.families[number].isSignOutBegun = true
        }
        if run.call == .signOutGlobally {
            let isMeant = run.seen.contains { cognito.families[$0].user == user }
            if !isMeant { violate("a sign-out ended the sessions of another user") }
            return
        }
        guard run.call == .retry || run.call == .resume else {
            return violate("\(run.call) ended every session of the user")
        }
        checkAskedFor(of, by: run)
        if isLate || run.wasBeside { return }
        let newest = cognito.families.filter { $0.user == user && $0.wasStored }.max { $0.storedAt < $1.storedAt }
        let mustBeGivenUp = newest.map { $0 === of ? !$0.isSignOutBegun : $0.wasSavedWell && !isUnseen(of, by: $0) }
        if run.call == .resume, mustBeGivenUp == true {
            violate("a resume ended every session of a user who had come back")
        }
        for session in keyring.sessions() where !keyring.isNamed(session) {
            guard let number = session.family else { continue }
            let family = cognito.families[number]
            if family.user == user && !family.isSignOutBegun {
                violate("\(run.call) ended a newer session of the same user")
            }
        }
    }

    /// Whether the keyring wrote the sign-out of `old` down only after the save of `newer` had looked for what to give up: it
    /// may do that late, when its process is long dead.
    private func isUnseen(_ old: SimulatedCognito.Family, by newer: SimulatedCognito.Family) -> Bool {
        keyring.unfinished().contains { one in
            guard let access = one.content.open, one.number > newer.sawUpTo else { return false }
            return cognito.families[cognito.family(ofAccess: access)] === old
        }
    }

    // MARK: Between calls

    /// Somebody knows each refresh token that works.
    func checkHeld() {
        guard violation == nil else { return }
        var handed: [Int]?
        for token in cognito.refreshTokens.indices {
            guard cognito.isLive(token), !cognito.refreshTokens[token].isExcused,
                cognito.family(ofToken: token).wasStored, !keyring.holds(token)
            else { continue }
            let known = handed ?? programs.flatMap { $0.isDead ? [] : $0.handedTokens } + late.flatMap(\.tokens)
            handed = known
            if !known.contains(token) && surroundings.isRevocationEnabled {
                violate("nobody holds refresh token \(token), which works")
            }
        }
    }

    func checkTime(_ run: Run) {
        checkNoLock(run, "ended")
        let own = now - run.began - run.stolen
        trace("  took \(own) ms")
        if !run.program.isDead && own > run.timeout + 50 { violate("\(run.call) took \(own) ms of \(run.timeout)") }
    }
}
