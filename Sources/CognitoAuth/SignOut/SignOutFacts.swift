// SPDX-License-Identifier: Apache-2.0

/// What the result of a sign-out tells, as far as a person is told of it.
public struct SignOutFacts {
    public var outcome: SignOutReport.Outcome
    public var wasSignedIn: SignOutReport.Answer
    public var signedOutLocally: SignOutReport.Answer
    public var globalSignOut: SignOutReport.Remote
    public var revocation: SignOutReport.Remote
    public var failure: Status?
    public var globalSignOutFailure: Status?
    public var revocationFailure: Status?
    public var isSessionDamaged: Bool
    /// Whether the browser step failed.
    public var isBrowserOpen: Bool
    /// Whether there is a partial-failure token.
    public var canRetry: Bool
    /// Whether the keyring keeps what is open.
    public var isKept: Bool

    public init(
        _ outcome: SignOutReport.Outcome, wasSignedIn: SignOutReport.Answer, signedOutLocally: SignOutReport.Answer,
        globalSignOut: SignOutReport.Remote, revocation: SignOutReport.Remote, failure: Status?,
        globalSignOutFailure: Status?, revocationFailure: Status?, isSessionDamaged: Bool, isBrowserOpen: Bool,
        canRetry: Bool, isKept: Bool
    ) {
        self.outcome = outcome
        self.wasSignedIn = wasSignedIn
        self.signedOutLocally = signedOutLocally
        self.globalSignOut = globalSignOut
        self.revocation = revocation
        self.failure = failure
        self.globalSignOutFailure = globalSignOutFailure
        self.revocationFailure = revocationFailure
        self.isSessionDamaged = isSessionDamaged
        self.isBrowserOpen = isBrowserOpen
        self.canRetry = canRetry
        self.isKept = isKept
    }
}
