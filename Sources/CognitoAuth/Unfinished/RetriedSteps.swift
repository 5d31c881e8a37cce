// SPDX-License-Identifier: Apache-2.0

/// What a retry runs: the steps of its partial-failure token, and what the keyring keeps of them, once that is seen.
struct RetriedSteps {
    private(set) var open: OpenSteps
    /// Where the keyring keeps them.
    private(set) var record: SignOutRecord?

    init(_ plan: OpenSteps) { open = plan }

    /// Takes over what the keyring keeps, which is newer. The keyring may be locked at first, and unlocked later.
    @inline(never)
    mutating func take(_ kept: UnfinishedSignOut?, _ active: ActiveCall, _ report: inout SignOutReport) {
        guard record == nil, let kept, let steps = kept.steps else { return }
        report.kept = .yes
        // A retry that could not read what is kept may have got another refresh token, which only the plan has.
        open = steps.adding(open.refreshTokens, active.ports.digest)
        record = SignOutRecord(kept, active)
    }
}
