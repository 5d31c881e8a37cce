// SPDX-License-Identifier: Apache-2.0

import CognitoAuth

/// The same user's other devices: sessions at Cognito that no keyring here has.
extension World {
    func useSecondDevice() {
        let elsewhere = cognito.families.indices.filter { cognito.families[$0].isElsewhere }
        let live = elsewhere.flatMap(cognito.liveTokens)
        switch random.below(6) {
        case 0...2:
            let (_, _, number) = cognito.signIn(random.isOneIn(4) ? 1 : 0)
            cognito.family(ofToken: number).isElsewhere = true
            trace("  another device signs in, with \(number)")
        case 3:
            guard let token = random.one(of: live), !cognito.users[cognito.family(ofToken: token).user].isDisabled
            else {
                return
            }
            let (_, rotated) = cognito.issue(token)
            trace("  another device refreshes \(token), and has \(rotated ?? token)")
        case 4:
            guard let token = random.one(of: live) else { return }
            trace("  another device signs out: \(token)")
            _ = cognito.revoke(token)
        default:
            guard let token = random.one(of: live) else { return }
            trace("  another device signs out everywhere")
            cognito.endEverySession(of: cognito.family(ofToken: token).user)
        }
    }

    /// How many refresh tokens are not ended on other devices.
    var countElsewhere: Int {
        cognito.refreshTokens.indices.count {
            cognito.family(ofToken: $0).isElsewhere && !cognito.refreshTokens[$0].isRevoked
        }
    }

    /// Only who was asked to sign out everywhere ends what others have.
    func checkElsewhere(_ run: Run, before: Int, globalEnds: Int) {
        guard cognito.globalEnds == globalEnds, countElsewhere < before else { return }
        violate("\(run.call) ended a session on another device")
    }

    /// A sign-out everywhere was asked for, or its steps must not be run.
    func checkAskedFor(_ family: SimulatedCognito.Family, by run: Run) {
        guard run.call == .retry || run.call == .resume, !family.isGlobalAsked else { return }
        violate("\(run.call) ended every session of a user who has signed out here only")
    }

    func askGlobally(_ run: Run?) {
        guard let run, run.call == .signOutGlobally else { return }
        for family in run.seen { cognito.families[family].isGlobalAsked = true }
    }

    /// Who says that all devices are signed out.
    func judgeElsewhere(_ report: SignOutReport, _ run: Run) {
        askGlobally(run)
        guard surroundings.hasSecondDevice, run.isSignOut, report.globalSignOut == .done, let first = run.seen.first
        else { return }
        let user = cognito.families[first].user
        guard run.seen.allSatisfy({ cognito.families[$0].user == user }) else { return }
        for token in cognito.refreshTokens.indices where cognito.isLive(token) {
            let family = cognito.family(ofToken: token)
            if family.isElsewhere, family.user == user, family.created < run.began {
                violate("said signed out everywhere, and another device is signed in")
            }
        }
    }
}
