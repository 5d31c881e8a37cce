// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// What must hold of what a call tells its program.
extension World {
    func judge(_ report: SignOutReport, _ run: Run) {
        trace(
            "  \(report.outcome), here \(report.signedOutLocally), was \(report.wasSignedIn), global \(report.globalSignOut), revocation \(report.revocation), kept \(report.kept), \(report.unfinishedCount) unfinished; "
                + reasons(report))
        if run.program.isDead { return }
        if let token = report.partialFailureToken {
            run.program.handed.append(token)
            if run.isSignOut {
                for family in run.seen + run.named {
                    cognito.families[family].isSignOutBegun = true
                    cognito.families[family].isHanded = true
                }
            }
        }
        for failure in failures(report) { checkText(failure.message) }
        judgeHere(report, run)
        judgeDamage(report, run)
        judgeElsewhere(report, run)
        judgeRemotely(report, run)
        if run.isSignOut { judgeKept(report, run) }
        if report.failure != nil { judgeFailed(report, run) }
    }

    private func failures(_ report: SignOutReport) -> [AuthFailure] {
        [
            report.failure, report.hostedUIFailure, report.globalSignOutFailure, report.revocationFailure,
            report.invalidSessionFailure,
        ].compactMap { $0 }
    }

    private func reasons(_ report: SignOutReport) -> String {
        failures(report).map { "\($0.status): \($0.message)" }.joined(separator: "; ")
    }

    private func judgeHere(_ report: SignOutReport, _ run: Run) {
        let isSaid = report.signedOutLocally == .yes
        if isSaid { run.isToldOfNobody = true }
        if run.isSignOut, report.failure == nil, !isSaid {
            violate("a sign-out did not fail, and nobody is signed out")
        }
        guard isSaid, run.isSignOut else { return }
        for item in keyring.sessions() {
            guard let family = item.family, run.present.contains(family) else { continue }
            violate("a sign-out said that nobody is signed in here, and the session is still stored")
        }
        if !run.shown.isEmpty {
            violate("a sign-out said that nobody is signed in here, and its last look showed a session")
        }
        for family in run.seen { cognito.families[family].saidSignedOut = now }
        if surroundings.hasHostedUI { checkBrowserIsLeft(run) }
    }

    private func isHeldByOthers(_ token: Int, _ run: Run, isHandedEnough: Bool) -> Bool {
        // A retry that is under way has what it was handed in its own hands.
        stack.contains { $0 !== run && ($0.minted.contains(token) || isHandedEnough && $0.plan.contains(token)) }
            || isHandedEnough && programs.contains { $0.handedTokens.contains(token) }
    }

    private func mustBeDead(_ token: Int, _ run: Run, isHandedEnough: Bool = true) -> Bool {
        surroundings.isRevocationEnabled && cognito.isLive(token) && !cognito.refreshTokens[token].isExcused
            && !isHeldByOthers(token, run, isHandedEnough: isHandedEnough)
    }

    private func judgeRemotely(_ report: SignOutReport, _ run: Run) {
        if report.outcome == .complete {
            let families = run.isSignOut ? run.seen : run.plan.map { cognito.refreshTokens[$0].family }
            for family in families {
                for token in cognito.liveTokens(of: family) where mustBeDead(token, run) {
                    if !run.isSignOut, isRefreshedOld(token, run) { continue }
                    // A retry knows of its own sign-out, and says that there are others. A sign-out does not look for what
                    // another one of the session, without the lock, wrote down meanwhile.
                    let isOthers = keyring.unfinished().contains { $0 !== run.record && $0.tokens.contains(token) }
                    let isTold = run.isSignOut ? run.wasBeside : report.unfinishedCount > 0
                    if isOthers, isTold, !run.plan.contains(token) { continue }
                    violate("\(run.call) said complete, and refresh token \(token) works")
                }
            }
        }
        let meant = run.isSignOut ? run.seenTokens : run.plan
        let own = meant.filter(run.revoked.contains)
        let isAllMeant = isAll(meant, run)
        if report.revocation == .done, run.call != .resume {
            for token in meant where mustBeDead(token, run) {
                violate("said revoked, and refresh token \(token) works")
            }
        }
        if report.revocation == .notAttempted, !meant.isEmpty, own.count == meant.count, run.isSignOut, isAllMeant {
            violate("said that RevokeToken was not attempted, and it was carried out")
        }
        if run.isSignOut, report.revocation == .failed, meant.count == 1, !own.isEmpty, isAllMeant {
            violate("said that RevokeToken failed, and it was carried out")
        }
        if report.revocation == .done, run.lost.contains(where: cognito.isLive) {
            violate("said revoked, and a refresh token that was in a lost answer works")
        }
        let isGone = run.seen.contains { cognito.users[cognito.families[$0].user].isDeleted }
        if run.isSignOut, report.revocation == .notRequested, !meant.isEmpty, report.failure == nil, !isGone {
            violate("did not ask for RevokeToken, and there was a refresh token")
        }
        if run.isSignOut, report.failure?.status == .cancelled, run.endedEverySession || !own.isEmpty {
            violate("said cancelled, and something was ended at Cognito")
        }
        if report.revocation == .notEnabled, surroundings.isRevocationEnabled {
            violate("said that revocation is not enabled")
        }
        if run.call == .signOut, report.globalSignOut != .notRequested {
            violate("a local sign-out told of a global one")
        }
        guard run.call == .signOutGlobally else { return }
        if !run.lostRefreshes.isEmpty, report.revocation == .notAttempted, !run.cancellation.isCancelled {
            violate("did not send RevokeToken, and the answer to the refresh before it was lost")
        }
        if report.globalSignOutFailure?.situation == .openStep, !run.hasLostAnswer, !own.isEmpty {
            violate("sent RevokeToken before a GlobalSignOut that can still be done")
        }
        if report.globalSignOut == .done, !run.endedEverySession, !isGone {
            violate("said signed out everywhere, and GlobalSignOut was not carried out")
        }
        if report.globalSignOut == .notAttempted || report.globalSignOut == .failed, run.endedEverySession {
            violate("said \(report.globalSignOut), and GlobalSignOut was carried out")
        }
    }

    /// Whether these are all that it has read of the sessions that it ends: others may refresh those meanwhile.
    private func isAll(_ tokens: [Int], _ run: Run) -> Bool {
        run.known.allSatisfy { token in
            let family = cognito.refreshTokens[token].family
            return tokens.contains(token) || !run.seen.contains(family) && !run.ended.contains(family)
        }
    }

    private func judgeKept(_ report: SignOutReport, _ run: Run) {
        if report.failure?.status == .busy { violate("a sign-out gave up because of another process") }
        guard run.program.keepsUnfinished else { return }
        // Nobody can know that what it has read last is gone since.
        if report.kept == .yes, !run.hasLostRecordUnseen {
            for token in run.seenTokens + run.minted where mustBeDead(token, run, isHandedEnough: false) {
                if !keyring.holds(token) { violate("said kept, and the keyring has not refresh token \(token)") }
            }
        }
        let isOpen = report.failure == nil && report.revocationFailure != nil && report.partialFailureToken != nil
        if isOpen, report.kept == .no, !run.mayLackRecord {
            violate("a sign-out that keeps has open steps, and kept nothing")
        }
    }

    private func judgeFailed(_ report: SignOutReport, _ run: Run) {
        guard let failure = report.failure, report.signedOutLocally == .no, run.isSignOut else { return }
        // One that an interrupted sign-out was to delete is to be gone too.
        let toBeGone = run.seen + run.ended
        if failure.status != .sessionChanged, !run.seen.isEmpty, toBeGone.allSatisfy(run.deleted.contains) {
            violate("said that the session is still there, and deleted it")
        }
        let isUntouched = report.revocation == .notAttempted || report.revocation == .notRequested
        let isGlobalUntouched = report.globalSignOut == .notAttempted || report.globalSignOut == .notRequested
        if isUntouched, isGlobalUntouched, isAll(run.seenTokens, run), !run.seenTokens.isEmpty,
            run.seenTokens.allSatisfy(run.revoked.contains)
        {
            violate("said that nothing was sent, and the session is not whole and alive")
        }
        if failure.status == .cancelled, report.kept == .no, report.partialFailureToken == nil {
            // Nobody can know of one that comes after the last look.
            let isUnseen = run.record === run.lateRecord
            if let record = run.record, !isUnseen, keyring.items.contains(where: { $0 === record }) {
                violate("said cancelled, and the session is signed out")
            }
        }
    }

    // MARK: Other calls

    func judge(_ loaded: LoadedSession, _ run: Run) {
        trace("  read the session of \(loaded.session.username)")
        if run.call == .fetch, run.refusals == 0, !run.wasBeside { checkEndedIsGone(run) }
        guard !run.program.isDead, let token = loaded.session.refreshToken else { return }
        for number in Wire.refreshTokens(in: token) {
            let family = cognito.family(ofToken: number)
            if let said = family.saidSignedOut, said < run.began {
                violate("\(run.call) handed out a session that was signed out")
            }
            if run.named.contains(cognito.refreshTokens[number].family) {
                violate("\(run.call) handed out a session that an unfinished sign-out names")
            }
            checkUndamaged(number, run)
            if !run.known.contains(number) {
                violate("\(run.call) handed out a session that was not stored")
            }
        }
    }

    func judge(_ failure: AuthFailure, _ run: Run) {
        trace("  \(run.call) failed: \(failure.status), \(failure.message)")
        if run.program.isDead { return }
        if let token = failure.token { excuse(token) }
        checkText(failure.message)
        judgeDamage(failure, run)
        if failure.status == .notSignedIn, run.hasDeletedSession { run.isToldOfNobody = true }
    }

    /// Whoever has the session's lock finishes the deletions of sign-outs that were interrupted.
    private func checkEndedIsGone(_ run: Run) {
        if keyring.sessions().contains(where: { keyring.isNamed($0) && $0.family.map(run.ended.contains) == true }) {
            violate("a \(run.call) left a session that was signed out")
        }
    }

    func judgeSave(_ run: Run, _ token: Int) {
        guard !run.program.isDead else { return }
        let family = cognito.refreshTokens[token].family
        let isThere = keyring.sessions().contains { $0.family == family }
        let older = run.seen.filter { $0 != family }
        // For a sign-in, what is damaged is nobody.
        let replaced = run.first.filter { run.call == .save || !$0.isDamaged }.compactMap(\.family)
        if replaced.contains(where: { cognito.families[$0].user != cognito.families[family].user }) {
            violate("a save took the place of another user's session")
        }
        let time = now - run.began - (run.browsing?.time ?? 0)
        // A sign-in stores until then, and has the rest to revoke what no keyring took. Whether one did, it knows only after.
        let reserve = run.call == .signIn ? min(5000, run.timeout / 3) / 2 : 0
        let isWell = run.refusals == 0 && time < run.timeout - reserve && !run.wasBeside
        cognito.families[family].wasSavedWell = isWell
        cognito.families[family].sawUpTo = run.sawUpTo
        if isWell, keyring.sessions().contains(where: { $0.family.map(older.contains) == true }) {
            violate("a save left an older session")
        }
        if isWell { checkEndedIsGone(run) }
        if isWell, surroundings.hasDamage { checkDamageIsGone(run) }
        // Another one may have signed out again meanwhile.
        let isLeft = cognito.liveTokens(of: family).contains { !cognito.refreshTokens[$0].isExcused }
        if !isThere && !cognito.families[family].isSignOutBegun && isLeft {
            violate("a save said that the session is stored, and it is not")
        }
    }
}
