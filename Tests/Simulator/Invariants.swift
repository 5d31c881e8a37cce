// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// What must hold when something is carried out, and between calls.
extension World {
    // MARK: In the keyring

    func created(_ item: SimulatedKeyring.Item) {
        trace("    keyring: created \(item.attributes.kind) at \(item.path) with \(item.tokens)")
        if let family = item.family {
            cognito.families[family].wasStored = true
            cognito.families[family].storedAt = item.number
            if cognito.families[family].saidSignedOut != nil {
                violate("a session that was signed out is stored again")
            }
        } else if item.attributes.kind == .unfinished {
            current?.hasWritten = true
            for family in item.families { cognito.families[family].isSignOutBegun = true }
            for session in keyring.sessions() where keyring.isNamed(session) {
                if let family = session.family { cognito.families[family].isSignOutBegun = true }
            }
        }
    }

    func updated(_ item: SimulatedKeyring.Item) {
        trace("    keyring: updated \(item.attributes.kind) at \(item.path) with \(item.tokens)")
        guard let family = item.family else { return }
        if item.tokens.contains(where: { cognito.refreshTokens[$0].family != family }) {
            violate("a session was stored over another one")
        }
        if cognito.families[family].saidSignedOut != nil { violate("a session that was signed out comes back") }
    }

    /// `isLate`: after who asked for it waited for it.
    func deleted(_ item: SimulatedKeyring.Item, by run: Run?, isLate: Bool) {
        trace("    keyring: deleted \(item.attributes.kind) at \(item.path)")
        guard let run else { return }
        if isLate {
            // Nobody can know when a keyring does so, or what is in the item by then.
            item.tokens.filter { !keyring.holds($0) }.forEach(cognito.excuse)
            if item.attributes.kind == .unfinished { stack.forEach { $0.hasWritten = false } }
            return
        }
        guard let number = item.family else { return withdraw(item, run) }
        let family = cognito.families[number]
        run.deleted.append(number)
        // No keyring compares before it deletes: without a lock its place may be another session's by then.
        if !surroundings.hasLockFile { return item.tokens.filter { !keyring.holds($0) }.forEach(cognito.excuse) }
        switch run.call {
        case .save:
            // A session that is replaced is not revoked.
            if !run.seen.contains(number) && !family.isSignOutBegun {
                violate("a save deleted a session that it had not seen")
            }
            if !keyring.isNamed(item) { item.tokens.forEach(cognito.excuse) }
        case .signOut, .signOutGlobally:
            if !run.seen.contains(number) && !family.isSignOutBegun {
                violate("a sign-out deleted a session that it had not seen")
            }
            family.isSignOutBegun = true
        case .retry, .resume, .fetch, .check:
            if !family.isSignOutBegun { violate("\(run.call) deleted a session that nobody has signed out") }
        case .load: violate("a load deleted a session")
        }
    }

    /// A sign-out that is taken back, as it was cancelled.
    private func withdraw(_ item: SimulatedKeyring.Item, _ run: Run) {
        guard item.attributes.kind == .unfinished else { return }
        guard run.call == .signOut || run.call == .signOutGlobally else {
            if !run.wasBeside, keyring.sessions().contains(where: { keyring.names(item, $0) && !keyring.isNamed($0) }) {
                violate("\(run.call) removed an unfinished sign-out whose session is still stored")
            }
            return
        }
        // From now on it is this call alone that knows what it was to end.
        run.hasWritten = false
        if run.wasBeside { item.tokens.filter { !keyring.holds($0) }.forEach(cognito.excuse) }
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
        switch run.call {
        case .signOut, .signOutGlobally:
            if run.seen.contains(number) { family.isSignOutBegun = true }
        case .retry:
            if run.plan.contains(token) { family.isSignOutBegun = true }
        case .save, .load, .fetch, .check, .resume: break
        }
        let isOwn = run.minted.contains(token)
        if !family.isSignOutBegun && !isOwn { violate("\(run.call) revoked a session that nobody has signed out") }
    }

    /// `of`: of whose access token it was.
    func endedEverySession(of user: Int, with of: SimulatedCognito.Family, by run: Run, isLate: Bool) {
        run.endedEverySession = true
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
        if isLate || run.wasBeside { return }
        let newest = cognito.families.filter { $0.user == user && $0.wasStored }.max { $0.storedAt < $1.storedAt }
        if run.call == .resume, surroundings.hasWellKeyring, let newest, !newest.isSignOutBegun || newest !== of {
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

    // MARK: Between calls

    /// Somebody knows each refresh token that works.
    func checkHeld() {
        guard violation == nil else { return }
        var handed: [Int]?
        for token in cognito.refreshTokens.indices {
            guard cognito.isLive(token), !cognito.refreshTokens[token].isExcused,
                cognito.family(ofToken: token).wasStored, !keyring.holds(token)
            else { continue }
            let known = handed ?? programs.flatMap { $0.isDead ? [] : $0.handedTokens }
            handed = known
            if !known.contains(token) && surroundings.isRevocationEnabled && late.isEmpty {
                violate("nobody holds refresh token \(token), which works")
            }
        }
    }

    func checkTime(_ run: Run) {
        let own = now - run.began - run.stolen
        trace("  took \(own) ms")
        if !run.program.isDead && own > run.timeout + 50 { violate("\(run.call) took \(own) ms of \(run.timeout)") }
    }
}
