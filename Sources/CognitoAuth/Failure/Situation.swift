// SPDX-License-Identifier: Apache-2.0

/// What failed. With the status it decides what the user is advised to do (`Advice`).
public enum Situation: Sendable {
    /// A call that is neither sign-out nor sign-in.
    case call
    /// A stored session that has ended.
    case endedSession
    /// A stored session that Cognito cannot be asked about, for want of a scope and of a refresh token.
    case uncheckable
    /// A sign-out, as a whole.
    case signOut
    /// A retry of a sign-out, before it began.
    case retry
    /// The deletion, which a retry can do.
    case openDeletion
    /// A remote step that can be retried.
    case openStep
    /// GlobalSignOut, which no retry can do with the tokens that are left.
    case otherDevices
    /// GlobalSignOut, for want of a scope.
    case missingScope
    /// GlobalSignOut, of a user who is disabled.
    case disabledUser
    /// A stored session that was damaged, and is deleted.
    case damagedSession
    /// A sign-in.
    case signIn
    /// A sign-in that asked for scopes that the app client has not.
    case refusedScopes
    /// A configuration file that is a program's code.
    case programCode
    /// A configuration file that is not UTF-8.
    case encodedFile
}
