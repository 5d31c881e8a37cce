// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CognitoAuth

/// Every report of every test, with what a person is told of it.
func told(_ report: SignOutReport) -> SignOutReport {
    let facts = SignOutFacts(report)
    #expect(facts.sentence != .unknown, "\(facts)")
    return report
}

extension SignOutFacts {
    init(_ report: SignOutReport) {
        self.init(
            report.outcome, wasSignedIn: report.wasSignedIn, signedOutLocally: report.signedOutLocally,
            globalSignOut: report.globalSignOut, revocation: report.revocation, failure: report.failure?.status,
            globalSignOutFailure: report.globalSignOutFailure?.status,
            revocationFailure: report.revocationFailure?.status,
            isSessionDamaged: report.invalidSessionFailure != nil, isBrowserOpen: report.hostedUIFailure != nil,
            canRetry: report.partialFailureToken != nil, isKept: report.kept == .yes)
    }
}
