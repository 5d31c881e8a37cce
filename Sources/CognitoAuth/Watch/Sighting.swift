// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Who is signed in, as a look shows it. It holds no token.
enum Sighting {
    case nobody
    /// The newest session: its item's attributes, and a fingerprint of its secret, which has the tokens. nil stands for any.
    case session(ItemAttributes, fingerprint: String?)

    /// nil where the keyring does not show the newest session's secret: that may be another one next time.
    static func of(_ look: Look, _ digest: any Digest) -> Sighting? {
        guard let newest = look.sessions.first?.item else { return .nobody }
        return newest.secret.map { of($0, newest.attributes, digest) }
    }

    static func of(_ secret: SecretBytes, _ attributes: ItemAttributes, _ digest: any Digest) -> Sighting {
        .session(attributes, fingerprint: SessionIdentity.fingerprint(secret, digest))
    }

    /// Whether there is no difference between the two.
    func isSame(as other: Sighting) -> Bool {
        switch (self, other) {
        case (.nobody, .nobody): return true
        case (.session(let mine, let fingerprint), .session(let theirs, let otherFingerprint)):
            guard mine == theirs else { return false }
            guard let fingerprint, let otherFingerprint else { return true }
            return fingerprint.isExactly(otherFingerprint)
        default: return false
        }
    }
}
