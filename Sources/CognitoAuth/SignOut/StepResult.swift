// SPDX-License-Identifier: Apache-2.0

/// What became of one remote step, and why where it was not done.
struct StepResult {
    let remote: SignOutReport.Remote
    let failure: AuthFailure?

    init(_ remote: SignOutReport.Remote, _ failure: AuthFailure? = nil) {
        self.remote = remote
        self.failure = failure
    }

    /// What became of the step for several refresh tokens: the worst of it, and the first failure of that kind.
    func with(_ other: StepResult) -> StepResult {
        let isWorse =
            Self.badness(other.remote) > Self.badness(remote)
            || other.remote == remote && failure == nil
        let (worse, better) = isWorse ? (other, self) : (self, other)
        return StepResult(worse.remote, worse.failure ?? better.failure)
    }

    private static func badness(_ remote: SignOutReport.Remote) -> Int {
        switch remote {
        case .notRequested: 0
        case .done: 1
        case .notEnabled: 2
        case .notAttempted: 3
        case .unknown: 4
        case .failed: 5
        }
    }
}
