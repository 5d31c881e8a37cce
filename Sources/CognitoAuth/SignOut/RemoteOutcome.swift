// SPDX-License-Identifier: Apache-2.0

/// What became of the remote steps.
final class RemoteOutcome {
    let globalSignOut: StepResult
    let revocation: StepResult
    /// What a retry would still have to do.
    let open: OpenSteps
    /// The tokens that were refreshed on the way, if any were.
    let refreshed: RefreshedSession?
    /// Why the steps were not begun: the call was cancelled before anything was sent that ends a session. nil: they were.
    let cancellation: AuthFailure?

    init(
        globalSignOut: StepResult, revocation: StepResult, open: OpenSteps, refreshed: RefreshedSession?,
        cancellation: AuthFailure?
    ) {
        self.globalSignOut = globalSignOut
        self.revocation = revocation
        self.open = open
        self.refreshed = refreshed
        self.cancellation = cancellation
    }
}
