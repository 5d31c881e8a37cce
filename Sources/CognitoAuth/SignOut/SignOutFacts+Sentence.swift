// SPDX-License-Identifier: Apache-2.0

extension SignOutFacts {
    /// The sentence that is true of these facts. In doubt, the one that promises less.
    public var sentence: SignOutSentence {
        if signedOutLocally == .yes { return sentenceWhereSignedOut }
        if outcome == .failed { return sentenceWhereFailed }
        return sentenceOfEarlierSignOut
    }

    // MARK: Signed out here

    private var sentenceWhereSignedOut: SignOutSentence {
        if isBrowserOpen, canRetry { return sentenceWhereBrowserIsLeft }
        if globalSignOut == .done {
            if canRetry {
                if isKept { return .everywhereButOneStepKept }
                return revocationFailure == .tooManyRequests ? .everywhereButOneStepBusy : .everywhereButOneStep
            }
            return isSessionDamaged ? .everywhereDamaged : .everywhere
        }
        if outcome == .complete, wasSignedIn == .no {
            if revocation == .notRequested { return globalSignOut == .notAttempted ? .notSignedInHere : .notSignedIn }
            // What a sign-out revokes was signed in.
            if globalSignOut == .notRequested, !isRevocationOpen { return .lastStep }
        }
        if globalSignOut != .notRequested {
            guard canRetry else { return .othersLeft }
            if isKept { return .othersKept }
            if globalSignOutFailure == .tooManyRequests { return .othersBusy }
            return globalSignOutFailure?.isAboutConnection == true ? .othersOffline : .othersOpen
        }
        if isRevocationOpen {
            guard canRetry else { return .serviceLeft }
            if isKept { return .serviceKept }
            if revocationFailure == .tooManyRequests { return .serviceBusy }
            return revocationFailure?.isAboutConnection == true ? .serviceOffline : .serviceOpen
        }
        return isSessionDamaged ? .hereDamaged : .here
    }

    /// The keyring never keeps the browser's step: whoever tries that again runs the others too.
    private var sentenceWhereBrowserIsLeft: SignOutSentence {
        switch globalSignOut {
        case .done: .everywhereButBrowser
        case .notRequested: isRevocationOpen ? .serviceAndBrowserOpen : .hereButBrowser
        default: .othersAndBrowserOpen
        }
    }

    private var isRevocationOpen: Bool {
        switch revocation {
        case .notRequested, .done, .notEnabled: false
        case .notAttempted, .failed, .unknown: true
        }
    }

    // MARK: Not known to be signed out here

    /// A sign-out looks, or has failed: so this is a retry, or a resume. Where it did not find the keyring empty, what it
    /// found is a newer session.
    private var sentenceOfEarlierSignOut: SignOutSentence {
        let isComplete = outcome == .complete
        switch (signedOutLocally, wasSignedIn) {
        case (.no, .yes):
            guard isComplete else { return .earlierIsOpen }
            if globalSignOut == .done { return .earlierEndedEverywhere }
            return globalSignOut == .notRequested && revocation == .notRequested ? .nothingLeft : .earlierIsGone
        case (.unknown, .unknown):
            if isComplete { return .finished }
            return isBrowserOpen && canRetry ? .browserOpen : .unfinished
        default: return .unknown
        }
    }

    private var sentenceWhereFailed: SignOutSentence {
        let isStored = signedOutLocally == .no
        let isSure = isStored && wasSignedIn == .yes
        if isSure, failure == .sessionChanged { return .stillSignedInAnew }
        if let ended = sentenceWhereEnded(isStored: isStored) { return ended }
        // No program sees a session any more that the keyring keeps the end of.
        if isKept { return .willBeTriedAgain }
        switch failure {
        case .keyringLocked where isOnlyDeletionOpen: return .perhapsStoredLocked
        case .keyringLocked: return isSure ? .stillLocked : .perhapsLocked
        case .keyringPromptDismissed: return isSure ? .stillNotPermitted : .perhapsNotPermitted
        case .keyringUnavailable: return isSure ? .stillUnreachable : .perhapsUnreachable
        case .keyringAccessDenied: return isSure ? .stillRefused : .perhapsRefused
        case .keyringFailed, .keyringNoCollection: return isSure ? .stillKeyringProblem : .perhapsKeyringProblem
        case .deadlineExceeded: return isSure ? .stillTooLong : .perhapsTooLong
        case .cancelled: return isSure ? .stillCancelled : .perhapsCancelled
        case .browserUnavailable, .browserNoPort, .browserTimedOut, .browserRedirectError:
            return isSure ? .stillInBrowser : .perhapsInBrowser
        default: return isSure ? .still : .perhaps
        }
    }

    /// Where Cognito ended the session, but it is not known to be deleted.
    private func sentenceWhereEnded(isStored: Bool) -> SignOutSentence? {
        guard wasSignedIn == .yes else { return nil }
        let isLocked = failure == .keyringLocked
        if globalSignOut == .done {
            if isLocked { return isStored ? .endedEverywhereAndStoredLocked : .endedEverywhereAndPerhapsStoredLocked }
            return isStored ? .endedEverywhereAndStored : .endedEverywhereAndPerhapsStored
        }
        guard revocation == .done, revocationFailure == nil else { return nil }
        if isLocked { return isStored ? .endedAndStoredLocked : .endedAndPerhapsStoredLocked }
        return isStored ? .endedAndStored : .endedAndPerhapsStored
    }

    /// Whether this is a retry that could not look, and whose token has no step at Cognito.
    private var isOnlyDeletionOpen: Bool {
        canRetry && wasSignedIn == .unknown && signedOutLocally == .unknown && globalSignOut == .notRequested
            && revocation == .notRequested
    }
}
