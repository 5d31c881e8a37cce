// SPDX-License-Identifier: Apache-2.0

import CognitoAuth
import SecretMemory

/// Once no faults occur any more, what was begun can be finished.
extension World {
    func recover() {
        trace("calm")
        calmDown()
        retryAll()
        if violation != nil { return }
        let last = Program(programs.count, keepsUnfinished: true, self)
        programs.append(last)
        make(.resume, last)
        make(.resume, last)
        if violation != nil { return }
        for item in keyring.sessions() where keyring.isNamed(item) {
            violate("a resume left a session that was signed out")
        }
        if keyring.unfinished().contains(where: { !$0.isNewer }) { violate("a resume left an unfinished sign-out") }
        make(.signOut, last)
        // What was refused while the same user was signed in here again.
        retryAll()
        for token in cognito.refreshTokens.indices {
            let family = cognito.family(ofToken: token)
            guard family.saidSignedOut != nil, cognito.isLive(token), !cognito.refreshTokens[token].isExcused else {
                continue
            }
            if surroundings.isRevocationEnabled {
                violate("nothing ended refresh token \(token) of a session that was signed out")
            }
        }
        if violation == nil, !keyring.sessions().isEmpty { violate("a sign-out without faults left a session") }
        checkHeld()
        watch?.hasSign = true
    }

    private func retryAll() {
        for program in programs {
            // A retry may hand out another token.
            for _ in 0..<(2 * program.handed.count) where !program.handed.isEmpty { make(.retry, program) }
        }
    }
}
