// SPDX-License-Identifier: Apache-2.0

import SecretMemory

// What is asked of a list takes some hundred bytes of code in each place that asks it. So what is asked often is here, once
// and out of line.
extension [SecretBytes] {
    /// Those of some tokens that there are.
    @inline(never)
    static func present(_ tokens: [SecretBytes?]) -> [SecretBytes] { tokens.compactMap { $0 } }

    @inline(never)
    func has(_ token: SecretBytes) -> Bool { contains { $0.hasSameBytes(as: token) } }

    /// As tokens that are to be revoked.
    @inline(never)
    func toBeRevoked(_ past: StepPast = .answered) -> [OpenRevocation] { map { OpenRevocation(token: $0, past: past) } }
}

extension [OpenRevocation] {
    @inline(never)
    var tokens: [SecretBytes] { map { $0.token } }
}

extension [StoredSession] {
    @inline(never)
    var refreshTokens: [SecretBytes] { compactMap { $0.refreshToken } }
}

extension [SessionIdentity] {
    @inline(never)
    func has(_ identity: SessionIdentity) -> Bool { contains { $0.isSame(as: identity) } }

    /// These sessions, of which one may be of 0.1, and so known by its refresh token: `rotated` from now on, if it was refreshed.
    @inline(never)
    func adding(_ rotated: SecretBytes?, _ digest: any Digest) -> [SessionIdentity] {
        guard let rotated, !isEmpty else { return self }
        return self + [SessionIdentity(refreshToken: rotated, digest)]
    }
}
