// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// What others do to the keyring who keep to nothing: programs with a library that knows neither locks nor unfinished
/// sign-outs, and the user, with the keyring's own program.
extension World {
    /// `run`: the call that it comes in between; nil where none is under way.
    func lendOtherHands(_ run: Run?) {
        guard !keyring.isGone, !keyring.isLocked else { return }
        switch random.below(4) {
        case 0, 1: refreshBesideAll()
        case 2: signOutBesideAll()
        default: throwAway(run)
        }
    }

    private func noticeOtherHands() {
        for run in stack {
            run.wasInterrupted = true
            run.wasBeside = true
        }
    }

    private func refreshBesideAll() {
        guard network.isOnline, let item = random.one(of: keyring.sessions()), let token = item.tokens.first,
            !item.isDamaged, cognito.isLive(token), !cognito.users[cognito.family(ofToken: token).user].isDisabled
        else { return }
        trace("  other hands refresh the session at \(item.path)")
        noticeOtherHands()
        let (access, rotated) = cognito.issue(token)
        let text = Wire.session(
            user: cognito.family(ofToken: token).user, access: access, refresh: Wire.refreshToken(rotated ?? token))
        let old = item.tokens
        item.update(SecretBytes(copying: text), self)
        if surroundings.hasHostedUI { item.family.map { hostedUI.forgetCookie(of: $0) } }
        updated(item, replacing: old, by: nil, isLate: false)
    }

    private func signOutBesideAll() {
        guard !keyring.sessions().isEmpty else { return }
        trace("  other hands sign out")
        noticeOtherHands()
        for item in keyring.sessions() {
            if network.isOnline { item.tokens.forEach { _ = cognito.revoke($0) } }
            throwAway(item)
        }
    }

    /// One item. A resume that has seen an unfinished sign-out finishes it all the same.
    private func throwAway(_ run: Run?) {
        guard let item = random.one(of: keyring.items) else { return }
        let isBeingResumed =
            run?.call == .resume && run?.hasReleased == true && run?.refusals == 0 && keyring.unfinished().count == 1
            && item.attributes.kind == .unfinished
        if !isBeingResumed { return random.isOneIn(4) ? throwAway(item) : () }
        trace("  somebody throws the unfinished sign-out at \(item.path) away that is being resumed")
        run?.thrownAway += item.tokens
        for run in stack where run.record === item { run.loseRecord() }
        keyring.throwAway(item)
    }

    private func throwAway(_ item: SimulatedKeyring.Item) {
        trace("  somebody throws the \(item.attributes.kind) at \(item.path) away")
        noticeOtherHands()
        for run in stack where run.record === item { run.loseRecord() }
        // What a sign-out was about to end, nobody is asked to end any more.
        let named = keyring.sessions().filter { keyring.names(item, $0) }
        keyring.throwAway(item)
        (item.tokens + named.flatMap(\.tokens)).forEach(cognito.excuse)
        // A sign-out that is begun later does not end a session of somebody who came back.
        if let family = item.family { cognito.families[family].isSignOutBegun = true }
    }
}
