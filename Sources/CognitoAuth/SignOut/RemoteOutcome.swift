// SPDX-License-Identifier: Apache-2.0

/// What became of the remote steps.
struct RemoteOutcome {
    let globalSignOut: StepResult
    let revocation: StepResult
    /// What a retry would still have to do.
    let open: OpenSteps
    /// The tokens that were refreshed on the way, if any were.
    let refreshed: RefreshedSession?
    /// Whether the steps were begun. Where not, the call was cancelled before anything was sent that ends a session.
    let hasBegun: Bool
}

/// What became of one remote step, and why where it was not done.
struct StepResult {
    let remote: SignOutReport.Remote
    let failure: AuthFailure?

    init(_ remote: SignOutReport.Remote, _ failure: AuthFailure? = nil) {
        self.remote = remote
        self.failure = failure
    }
}
