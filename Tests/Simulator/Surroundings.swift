// SPDX-License-Identifier: Apache-2.0

/// What goes wrong, or comes in between, at some steps of a scenario.
enum Fault: Int, CaseIterable {
    // At any step of a call.
    case crash, cancel, meanwhile, unrest, otherHands
    // At a request to the keyring.
    case keyringHangs, keyringRefuses, keyringLies
    // At a request to Cognito.
    case requestIsLost, answerIsLost, requestIsLate, requestIsDoubled, serverStalls, serverIsBusy, gatewayAnswers
    case answerIsUnreadable
    // At the browser, and at the token endpoint.
    case browserFails, browserStays, browserErrs, strangerKnocks, exchangeIsForeign
}

/// What holds in one scenario from its begin to its end. Most faults do not occur in most scenarios, so that those that do
/// come together in all ways.
final class Surroundings {
    let programs: Int
    /// Whether each program's client keeps unfinished sign-outs.
    let keepsUnfinished: [Bool]
    let rotates: Bool
    /// How long a refresh token works that was rotated, in milliseconds.
    let grace: Int64
    let isRevocationEnabled: Bool
    /// Whether Cognito refuses to revoke what is revoked already.
    let refusesToRevokeAgain: Bool
    /// Whether a new item takes the path of one that is gone.
    let reusesPaths: Bool
    let hasLockFile: Bool
    /// Whether programs change their idea of the time of day.
    let hasSteadyClocks: Bool
    let calls: Int
    let isWatched: Bool
    let hasSecondDevice: Bool
    /// Whether there are items that the library would not write.
    let hasDamage: Bool
    /// Whether users sign in through the browser.
    let hasHostedUI: Bool
    /// Whether its pages do not heed that nobody may be let in without a password.
    let isClassicHostedUI: Bool
    /// Of 1024, by the number of the fault.
    private let odds: [Int]

    init(_ random: inout SeededRandom) {
        programs = 1 + random.below(3)
        let keeps = random.below(3)
        keepsUnfinished = (0..<programs).map { _ in keeps == 0 ? false : keeps == 1 ? true : random.isOneIn(2) }
        rotates = random.isOneIn(2)
        grace = random.isOneIn(2) ? 0 : 60_000
        isRevocationEnabled = !random.isOneIn(16)
        refusesToRevokeAgain = random.isOneIn(4)
        reusesPaths = random.isOneIn(2)
        hasLockFile = !random.isOneIn(32)
        hasSteadyClocks = !random.isOneIn(4)
        calls = 2 + random.below(5)
        isWatched = random.isOneIn(12)
        hasSecondDevice = random.isOneIn(8)
        hasDamage = random.isOneIn(12)
        hasHostedUI = random.isOneIn(8)
        isClassicHostedUI = random.isOneIn(2)
        let plenty = random.below(4)
        odds = Fault.allCases.map { fault in
            let isOfRequest = fault.rawValue > Fault.otherHands.rawValue
            guard random.isOneIn(isOfRequest || fault == .otherHands ? 4 : 2) else { return 0 }
            return (isOfRequest ? 64 : 16) << random.below(plenty + 1)
        }
    }

    var hasWellKeyring: Bool {
        odd(.keyringHangs) + odd(.keyringRefuses) + odd(.keyringLies) == 0
    }

    func odd(_ fault: Fault) -> Int { odds[fault.rawValue] }
}
