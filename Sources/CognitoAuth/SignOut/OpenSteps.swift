// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Steps that are to be done, and what doing them needs: the plan of a sign-out or a retry, and what either leaves open.
/// An object that stays as it is: it is handed from one part to the next.
final class OpenSteps {
    /// The user's `sub`, if it is known.
    let subject: String?
    /// nil if GlobalSignOut is not to be done.
    private(set) var globalSignOut: StepPast?
    /// The one that GlobalSignOut needs.
    private(set) var accessToken: SecretBytes?
    /// The one that refreshes `accessToken`. It is to be revoked too.
    private(set) var refreshToken: OpenRevocation?
    /// What became of refreshing it: where no answer came, Cognito may have given another one that nobody holds.
    private(set) var refresh: StepPast
    /// Others that are to be revoked.
    private(set) var otherRefreshTokens: [OpenRevocation]
    /// The stored sessions that are still to be deleted from this machine.
    private(set) var deletions: [SessionIdentity]
    /// The refresh tokens that need not be revoked any more, but that those sessions may hold.
    private(set) var ended: [SessionIdentity]
    /// Whether the browser may still be signed in. It is known to the plan of a retry and to the report, not to the steps between
    /// them.
    private(set) var isBrowserOpen: Bool
    /// The attribute `session` of the item that keeps these steps; nil if none does.
    private(set) var record: String?

    @inline(never)
    init(
        subject: String?, globalSignOut: StepPast?, accessToken: SecretBytes?, refreshToken: OpenRevocation?,
        refresh: StepPast = .answered, otherRefreshTokens: [OpenRevocation], deletions: [SessionIdentity] = [],
        ended: [SessionIdentity] = [], isBrowserOpen: Bool = false, record: String? = nil
    ) {
        self.subject = subject
        self.globalSignOut = globalSignOut
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.refresh = refresh
        self.otherRefreshTokens = otherRefreshTokens
        self.deletions = deletions
        self.ended = ended
        self.isBrowserOpen = isBrowserOpen
        self.record = record
    }

    /// A plan without a step.
    static var nothing: OpenSteps {
        OpenSteps(subject: nil, globalSignOut: nil, accessToken: nil, refreshToken: nil, otherRefreshTokens: [])
    }

    var isEmpty: Bool { !isGlobalSignOutOpen && revocations.isEmpty && deletions.isEmpty && !isBrowserOpen }

    var isGlobalSignOutOpen: Bool { globalSignOut != nil }

    /// Whether the keyring must be readable before anything is sent.
    var needsKeyring: Bool { isGlobalSignOutOpen || !deletions.isEmpty }

    /// All that are to be revoked.
    var revocations: [OpenRevocation] { [refreshToken].compactMap { $0 } + otherRefreshTokens }

    var refreshTokens: [SecretBytes] { revocations.tokens }

    /// All tokens.
    var secrets: [SecretBytes] { .present([accessToken]) + refreshTokens }

    /// Whether `token` is the one that refreshes.
    func refreshes(with token: SecretBytes) -> Bool { refreshToken?.token.hasSameBytes(as: token) ?? false }

    // MARK: Other steps made of these

    /// A copy, which is changed before anybody else has it.
    private func with(_ change: (OpenSteps) -> Void) -> OpenSteps {
        let steps = OpenSteps(
            subject: subject, globalSignOut: globalSignOut, accessToken: accessToken, refreshToken: refreshToken,
            refresh: refresh, otherRefreshTokens: otherRefreshTokens, deletions: deletions, ended: ended,
            isBrowserOpen: isBrowserOpen, record: record)
        change(steps)
        return steps
    }

    func withGlobalSignOut(_ past: StepPast) -> OpenSteps { with { $0.globalSignOut = past } }

    func withRefresh(_ past: StepPast) -> OpenSteps { with { $0.refresh = past } }

    func with(deletions: [SessionIdentity], isBrowserOpen: Bool, record: String?) -> OpenSteps {
        with {
            $0.deletions = deletions
            $0.isBrowserOpen = isBrowserOpen
            $0.record = record
        }
    }

    /// Without what is above so many in each list, the last ones.
    func dropping(above maximum: Int) -> OpenSteps {
        with {
            $0.otherRefreshTokens = Array($0.otherRefreshTokens.prefix(maximum))
            $0.deletions = Array($0.deletions.prefix(maximum))
            $0.ended = Array($0.ended.prefix(maximum))
        }
    }

    /// Without as many refresh tokens, and then deletions, as have so many bytes, the last ones first. nil if there is nothing
    /// to leave out.
    func dropping(bytes: Int) -> OpenSteps? {
        var dropped = 0
        let steps = with { steps in
            while dropped < bytes, let last = steps.otherRefreshTokens.popLast() { dropped += last.token.count }
            while dropped < bytes, let last = steps.deletions.popLast() { dropped += last.text.utf8.count }
        }
        return dropped > 0 ? steps : nil
    }

    /// With what Cognito gave for the refresh token.
    func taking(_ tokens: IssuedTokens) -> OpenSteps {
        with {
            $0.accessToken = tokens.accessToken
            if let rotated = tokens.refreshToken { $0.refreshToken = OpenRevocation(token: rotated) }
        }
    }

    /// What is left of the remote steps where only these refresh tokens are still to be revoked.
    func left(isGlobalSignOutOpen: Bool, revoking left: [OpenRevocation], ended: [SessionIdentity]) -> OpenSteps {
        OpenSteps(
            subject: subject, globalSignOut: isGlobalSignOutOpen ? globalSignOut : nil,
            accessToken: isGlobalSignOutOpen ? accessToken : nil,
            refreshToken: left.first { refreshes(with: $0.token) }, refresh: refresh,
            otherRefreshTokens: left.filter { !refreshes(with: $0.token) }, ended: self.ended + ended, record: record)
    }

    /// These steps, and refresh tokens that are to be revoked too.
    func adding(revoking more: [OpenRevocation], ended: [SessionIdentity] = []) -> OpenSteps {
        with {
            $0.otherRefreshTokens += more
            $0.ended += ended
        }
    }
}

/// A refresh token that is to be revoked.
final class OpenRevocation {
    let token: SecretBytes
    let past: StepPast

    init(token: SecretBytes, past: StepPast = .answered) {
        self.token = token
        self.past = past
    }
}

/// What is known of a step from the attempts that were made, in this call and before it.
enum StepPast {
    /// Each attempt that was sent was answered; or none was sent.
    case answered
    /// An attempt got no answer that tells what Cognito did: the step may be done.
    case unanswered

    init(_ past: StepPast, _ failure: RequestFailure) { self = failure.mayBeDone ? .unanswered : past }

    /// What became of the step, where the latest attempt alone would mean `remote`.
    func remote(_ remote: SignOutReport.Remote) -> SignOutReport.Remote { self == .unanswered ? .unknown : remote }
}
