// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What tells a stored session from every other, whatever happens to its tokens.
final class SessionIdentity {
    /// As it stands in a partial-failure token. No part of it is a secret.
    let text: String

    init(text: String) { self.text = text }

    /// By the attribute that every save gives an item. Items of 0.1 have none: they are known by their refresh token, and
    /// what is damaged by its place and all of its secret.
    convenience init(_ stored: StoredSession, _ digest: any Digest) {
        if let session = stored.item.attributes.session {
            self.init(text: .joining("session:", session))
        } else if let refreshToken = stored.refreshToken {
            self.init(refreshToken: refreshToken, digest)
        } else {
            let secret = stored.item.secret.map { Self.fingerprint($0, digest) } ?? ""
            self.init(text: .joining("item:", secret, ":", stored.item.path ?? ""))
        }
    }

    @inline(never)
    convenience init(refreshToken: SecretBytes, _ digest: any Digest) {
        self.init(text: .joining("refresh-token:", Self.fingerprint(refreshToken, digest)))
    }

    static func fingerprint(_ bytes: SecretBytes, _ digest: any Digest) -> String {
        Hexadecimal.text(digest.sha256(bytes))
    }

    func isSame(as other: SessionIdentity) -> Bool { text.isExactly(other.text) }

    /// A new one, for a session that is saved.
    static func random(_ randomness: any Randomness) -> String {
        let numbers = [randomness.next(), randomness.next()]
        return Hexadecimal.text(
            (0..<16).map { UInt8(truncatingIfNeeded: numbers[$0 / 8] >> UInt64(56 - $0 % 8 * 8)) })
    }
}
