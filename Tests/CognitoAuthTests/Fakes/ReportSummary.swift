// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// All that a report says, in a form that can be compared as a whole.
struct ReportSummary: Equatable {
    var outcome: SignOutReport.Outcome
    var wasSignedIn: SignOutReport.Answer = .yes
    var signedOutLocally: SignOutReport.Answer = .yes
    var globalSignOut: SignOutReport.Remote = .notRequested
    var revocation: SignOutReport.Remote = .notRequested
    var failure: Status?
    var hostedUIError: Status?
    var globalSignOutError: Status?
    var revocationError: Status?
    var invalidSessionError: Status?
    var tokensValidUntil: Int64 = SampleToken.expiry
    var openSteps: StepsLeft?

    init(
        _ outcome: SignOutReport.Outcome, wasSignedIn: SignOutReport.Answer = .yes,
        signedOutLocally: SignOutReport.Answer = .yes, globalSignOut: SignOutReport.Remote = .notRequested,
        revocation: SignOutReport.Remote = .notRequested, failure: Status? = nil, hostedUIError: Status? = nil,
        globalSignOutError: Status? = nil, revocationError: Status? = nil, invalidSessionError: Status? = nil,
        tokensValidUntil: Int64 = SampleToken.expiry, openSteps: StepsLeft? = nil
    ) {
        self.outcome = outcome
        self.wasSignedIn = wasSignedIn
        self.signedOutLocally = signedOutLocally
        self.globalSignOut = globalSignOut
        self.revocation = revocation
        self.failure = failure
        self.hostedUIError = hostedUIError
        self.globalSignOutError = globalSignOutError
        self.revocationError = revocationError
        self.invalidSessionError = invalidSessionError
        self.tokensValidUntil = tokensValidUntil
        self.openSteps = openSteps
    }

    init(_ report: SignOutReport, openSteps: StepsLeft?) {
        self.init(
            report.outcome, wasSignedIn: report.wasSignedIn, signedOutLocally: report.signedOutLocally,
            globalSignOut: report.globalSignOut, revocation: report.revocation, failure: report.failure?.status,
            hostedUIError: report.hostedUIFailure?.status,
            globalSignOutError: report.globalSignOutFailure?.status,
            revocationError: report.revocationFailure?.status,
            invalidSessionError: report.invalidSessionFailure?.status, tokensValidUntil: report.tokensValidUntil,
            openSteps: openSteps)
    }

    /// A call that did nothing but fail.
    static func failed(_ status: Status) -> ReportSummary {
        ReportSummary(
            .failed, wasSignedIn: .unknown, signedOutLocally: .no, revocation: .notAttempted, failure: status,
            tokensValidUntil: 0)
    }
}

/// What a partial-failure token asks for.
struct StepsLeft: Equatable {
    /// GlobalSignOut with this access token, or "" for none, if it is open.
    var globalSignOut: String?
    /// RevokeToken with these refresh tokens.
    var revoke: [String] = []
    /// How many stored sessions are to be deleted.
    var deletions = 0
    /// Whether the browser is to be signed out.
    var browser = false

    init(globalSignOut: String? = nil, revoke: [String] = [], deletions: Int = 0, browser: Bool = false) {
        self.globalSignOut = globalSignOut
        self.revoke = revoke
        self.deletions = deletions
        self.browser = browser
    }

    init(_ steps: OpenSteps) {
        globalSignOut = steps.isGlobalSignOutOpen ? steps.accessToken?.text ?? "" : nil
        revoke = steps.refreshTokens.map(\.text)
        deletions = steps.deletions.count
        browser = steps.isBrowserOpen
    }
}
