// SPDX-License-Identifier: Apache-2.0

/// Why a call that hands a session out failed.
public struct SessionFailure: Error {
    public let failure: AuthFailure
    /// The session, if only the keyring did not take it. No stored one may be as good, so this is all that is left.
    public let unsaved: LoadedSession?

    init(_ failure: AuthFailure, unsaved: LoadedSession? = nil) {
        self.failure = failure
        self.unsaved = unsaved
    }
}
