// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// How a sign-out ended. The numbers of its enumerations are those of the C header.
public struct SignOutReport {
    /// Why it failed; nil if it did not.
    public var failure: AuthFailure?
    /// Why the browser may still be signed in; the token holds that step then.
    public var hostedUIFailure: AuthFailure?
    public var globalSignOutFailure: AuthFailure?
    public var revocationFailure: AuthFailure?
    public var invalidSessionFailure: AuthFailure?
    public var wasSignedIn: Answer = .unknown
    public var signedOutLocally: Answer = .no
    public var globalSignOut: Remote
    public var revocation: Remote
    /// Unix seconds; 0 if no token tells.
    public var tokensValidUntil: Int64 = 0
    public private(set) var partialFailureToken: SecretBytes?
    /// Whether the keyring keeps what is open.
    public var kept: Answer = .no
    /// The attribute `session` of the item that it keeps this one in.
    private(set) var record: String?
    /// How many sign-outs the keyring keeps; 0 where it could not be looked at.
    public var unfinishedCount = 0
    /// What is open and not in the partial-failure token.
    private var leftOut = PartialFailureToken.LeftOut()

    /// A report in which nothing has happened yet.
    public init(globally: Bool) {
        globalSignOut = globally ? .notAttempted : .notRequested
        revocation = .notAttempted
    }

    /// A report of a call that could not be made.
    public init(failed failure: AuthFailure) {
        self.init(globally: false)
        self.failure = failure
    }

    /// Of a retry that has not looked into the keyring yet, or cannot begin.
    public static func unbegunRetry(_ failure: AuthFailure?) -> SignOutReport {
        var report = SignOutReport(globally: false)
        report.signedOutLocally = .unknown
        report.failure = failure
        return report
    }

    public enum Outcome: Int32 {
        case complete = 0
        case partial = 1
        case failed = 2
    }

    public enum Answer: Int32 {
        case no = 0
        case yes = 1
        case unknown = 2
    }

    /// What became of a remote step.
    public enum Remote: Int32, Sendable {
        case notRequested = 0
        case done = 1
        case notEnabled = 2
        case notAttempted = 3
        case failed = 4
        case unknown = 5
    }

    public var outcome: Outcome {
        if failure != nil { return .failed }
        let isComplete =
            hostedUIFailure == nil && globalSignOutFailure == nil && revocationFailure == nil
            && invalidSessionFailure == nil
        return isComplete ? .complete : .partial
    }

    /// Takes over what became of the remote steps.
    mutating func record(_ outcome: RemoteOutcome) {
        globalSignOut = outcome.globalSignOut.remote
        globalSignOutFailure = outcome.globalSignOut.failure
        revocation = outcome.revocation.remote
        revocationFailure = outcome.revocation.failure
    }

    /// Takes over a token whose steps are open, all of them, and how they stand. Whether the keyring keeps them too is known
    /// when it was looked at.
    mutating func keep(_ token: SecretBytes, of plan: OpenSteps) {
        partialFailureToken = token
        kept = plan.record == nil ? .no : .unknown
        leave(plan)
    }

    /// Takes over how steps stand that are not begun.
    @inline(never)
    mutating func leave(_ plan: OpenSteps) {
        globalSignOut = plan.globalSignOut?.remote(.notAttempted) ?? .notRequested
        revocation = Revocation.notAttempted(plan.revocations).result.remote
    }

    /// Takes over what became of RevokeToken for further refresh tokens.
    mutating func add(_ more: StepResult) {
        let result = StepResult(revocation, revocationFailure).with(more)
        revocation = result.remote
        revocationFailure = result.failure
    }

    /// Writes what is open into the partial-failure token, and where there is a record, into the keyring.
    mutating func keep(
        _ open: OpenSteps, deleting deletions: [SessionIdentity], for configuration: Configuration,
        in record: SignOutRecord? = nil
    ) {
        record?.keep(open, deleting: deletions)
        kept = record?.kept ?? .no
        self.record = record?.session
        let isDone = open.with(deletions: deletions, isBrowserOpen: false, record: nil).isEmpty
        if isDone, kept != .no, revocationFailure == nil { revocationFailure = .recordLeft }
        let place = record.map { kept == .yes ? $0.session : nil } ?? open.record
        let steps = open.with(deletions: deletions, isBrowserOpen: hostedUIFailure != nil, record: place)
        let encoded = PartialFailureToken.encode(steps, for: configuration)
        partialFailureToken = encoded.text
        leftOut = encoded.leftOut
    }

    /// Ends the report of a call: what is open and in no token is told, and all of it goes into the log.
    mutating func close(_ what: String, _ call: Call) {
        if leftOut.revocations > 0 {
            revocationFailure = Self.adding(
                leftOut.revocations, "Refresh tokens that are to be revoked", to: revocationFailure)
        }
        if leftOut.deletions > 0 {
            failure = Self.adding(leftOut.deletions, "Sessions that are to be deleted", to: failure)
        }
        log(what, call)
    }

    private static func adding(_ count: Int, _ what: String, to failure: AuthFailure?) -> AuthFailure {
        let failure = failure ?? AuthFailure(.notAttempted, in: .openStep)
        return failure.adding(
            .joining(" ", what, " and did not fit into the partial-failure token: ", String(count), "."))
    }

    /// Takes over what a retry found in the keyring; nil: it could not be read.
    mutating func lookedIn(_ look: Look?) {
        guard let look else { return }
        signedOutLocally = look.sessions.isEmpty && look.ended.isEmpty ? .yes : .no
        wasSignedIn = look.sessions.isEmpty ? .no : .yes
        unfinishedCount = look.unfinished.count
    }

    /// Takes over the result of another of several sign-outs: the worst of all, the newest of those. What was damaged is told
    /// in any case.
    mutating func add(_ other: SignOutReport) {
        let damage = other.invalidSessionFailure ?? invalidSessionFailure
        if other.outcome.rawValue >= outcome.rawValue { self = other }
        invalidSessionFailure = damage
    }

    /// The steps that are open failed like this.
    mutating func fail(_ open: OpenSteps, with failure: AuthFailure) {
        if open.isGlobalSignOutOpen { globalSignOutFailure = failure.told(of: .openStep, token: open.accessToken) }
        if let token = open.refreshTokens.first { revocationFailure = failure.told(of: .openStep, token: token) }
    }

    /// One line on how it ended: what failed is worth more than what did not.
    private func log(_ what: String, _ call: Call) {
        let failures = [
            ("", failure), ("browser: ", hostedUIFailure), ("GlobalSignOut: ", globalSignOutFailure),
            ("RevokeToken: ", revocationFailure), ("stored session: ", invalidSessionFailure),
        ]
        var line = String.joining(what, ": ", outcome.name)
        for (step, failure) in failures {
            if let failure { line = .joining(line, "; ", step, failure.status.name) }
        }
        if leftOut.revocations + leftOut.deletions > 0 {
            line = .joining(line, "; not all open steps fit into the token")
        }
        call.write(outcome.logLevel, line)
    }
}

extension SignOutReport.Outcome {
    fileprivate var name: String {
        switch self {
        case .complete: "complete"
        case .partial: "partial"
        case .failed: "failed"
        }
    }

    fileprivate var logLevel: LogLevel {
        switch self {
        case .complete: .info
        case .partial: .warning
        case .failed: .error
        }
    }
}
