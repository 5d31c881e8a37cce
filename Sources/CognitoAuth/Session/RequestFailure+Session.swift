// SPDX-License-Identifier: Apache-2.0

/// What a refusal says of the session that is stored, and how it is told.
extension RequestFailure {
    /// Whether Cognito says that the session has ended.
    ///
    /// It refuses tokens of sessions that live too, and signing in again would not help, or would not be needed: those of a
    /// user who is disabled, with another client secret, and without the key of a remembered device ("Invalid Refresh
    /// Token"). So its words decide.
    var endsSession: Bool {
        switch status {
        case .userNotFound, .refreshTokenReuse: true
        case .notAuthorized:
            switch reason {
            case .tokenRevoked, .refreshTokenEnded: true
            // An access token expires, and the session goes on.
            case .tokenExpired, .tokenInvalid, .scopeMissing, .userDisabled, .other: false
            }
        default: false
        }
    }

    /// What the program is told when `operation`, which was about the stored session, ended like this.
    func ofSession(_ operation: CognitoOperation) -> AuthFailure {
        authFailure(of: operation).told(
            of: endsSession ? .endedSession : reason == .scopeMissing ? .uncheckable : .call)
    }
}
