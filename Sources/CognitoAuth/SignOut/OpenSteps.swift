// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Steps that are to be done, and what doing them needs: the plan of a sign-out or a retry, and what either leaves open.
struct OpenSteps {
    /// The user's `sub`, if it is known.
    let subject: String?
    /// nil if GlobalSignOut is not to be done.
    var globalSignOut: StepPast?
    /// The one that GlobalSignOut needs.
    private(set) var accessToken: SecretBytes?
    /// The one that refreshes `accessToken`. It is to be revoked too.
    private(set) var refreshToken: OpenRevocation?
    /// What became of refreshing it: where no answer came, Cognito may have given another one that nobody holds.
    var refresh: StepPast
    /// Others that are to be revoked.
    private(set) var otherRefreshTokens: [OpenRevocation]
    /// The stored sessions that are still to be deleted from this machine.
    var deletions: [SessionIdentity]
    /// The refresh tokens that need not be revoked any more, but that those sessions may hold.
    var ended: [SessionIdentity]
    /// Whether the browser may still be signed in. It is known to the plan of a retry and to the report, not to the steps between
    /// them.
    var isBrowserOpen = false
    /// The attribute `session` of the item that keeps these steps; nil if none does.
    var record: String?

    init(
        subject: String?, globalSignOut: StepPast?, accessToken: SecretBytes?, refreshToken: OpenRevocation?,
        refresh: StepPast = .answered, otherRefreshTokens: [OpenRevocation], deletions: [SessionIdentity] = [],
        ended: [SessionIdentity] = []
    ) {
        self.subject = subject
        self.globalSignOut = globalSignOut
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.refresh = refresh
        self.otherRefreshTokens = otherRefreshTokens
        self.deletions = deletions
        self.ended = ended
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

    var refreshTokens: [SecretBytes] { revocations.map { $0.token } }

    /// All tokens.
    var secrets: [SecretBytes] { [accessToken].compactMap { $0 } + refreshTokens }

    /// Whether `token` is the one that refreshes.
    func refreshes(with token: SecretBytes) -> Bool { refreshToken?.token.hasSameBytes(as: token) ?? false }

    /// Leaves out what is above so many in each list, the last ones.
    mutating func drop(above maximum: Int) {
        otherRefreshTokens = Array(otherRefreshTokens.prefix(maximum))
        deletions = Array(deletions.prefix(maximum))
        ended = Array(ended.prefix(maximum))
    }

    /// Leaves out as many refresh tokens, and then deletions, as have so many bytes, the last ones first. false if there
    /// was nothing to leave out.
    mutating func drop(bytes: Int) -> Bool {
        var dropped = 0
        while dropped < bytes, let last = otherRefreshTokens.popLast() { dropped += last.token.count }
        while dropped < bytes, let last = deletions.popLast() { dropped += last.text.utf8.count }
        return dropped > 0
    }

    /// Goes on with what Cognito gave for the refresh token.
    mutating func take(_ tokens: IssuedTokens) {
        accessToken = tokens.accessToken
        if let rotated = tokens.refreshToken { refreshToken = OpenRevocation(token: rotated) }
    }

    /// What is left of the remote steps where only these refresh tokens are still to be revoked.
    func left(isGlobalSignOutOpen: Bool, revoking left: [OpenRevocation], ended: [SessionIdentity]) -> OpenSteps {
        var steps = OpenSteps(
            subject: subject, globalSignOut: isGlobalSignOutOpen ? globalSignOut : nil,
            accessToken: isGlobalSignOutOpen ? accessToken : nil,
            refreshToken: left.first { refreshes(with: $0.token) }, refresh: refresh,
            otherRefreshTokens: left.filter { !refreshes(with: $0.token) }, ended: self.ended + ended)
        steps.record = record
        return steps
    }

    /// These steps, and refresh tokens that are to be revoked too.
    func adding(revoking more: [OpenRevocation], ended: [SessionIdentity] = []) -> OpenSteps {
        var steps = self
        steps.otherRefreshTokens += more
        steps.ended += ended
        return steps
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
