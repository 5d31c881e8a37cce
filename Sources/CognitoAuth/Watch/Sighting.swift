// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Who is signed in, as a look shows it. It holds no token.
final class Sighting {
    /// Those of the newest session's item. nil: nobody is signed in.
    let attributes: ItemAttributes?
    /// Of the item's secret, which has the tokens. nil stands for any.
    private let fingerprint: String?

    init(_ attributes: ItemAttributes?, fingerprint: String? = nil) {
        self.attributes = attributes
        self.fingerprint = fingerprint
    }

    convenience init(_ attributes: ItemAttributes, _ secret: SecretBytes, _ digest: any Digest) {
        self.init(attributes, fingerprint: SessionIdentity.fingerprint(secret, digest))
    }

    /// nil where the keyring does not show the newest session's secret: that may be another one next time.
    static func of(_ look: Look, _ digest: any Digest) -> Sighting? {
        guard let newest = look.sessions.first?.item else { return Sighting(nil) }
        return newest.secret.map { Sighting(newest.attributes, $0, digest) }
    }

    /// Whether there is no difference between the two.
    func isSame(as other: Sighting) -> Bool {
        guard let attributes, let others = other.attributes else { return attributes == nil && other.attributes == nil }
        guard let fingerprint, let otherFingerprint = other.fingerprint else { return attributes == others }
        return attributes == others && fingerprint.isExactly(otherFingerprint)
    }
}
