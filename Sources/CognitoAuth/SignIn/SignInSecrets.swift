// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// What makes one sign-in unlike all others. The verifier alone is a secret, as the browser's URL can be read by every user
/// of the machine. None of them is ever logged.
final class SignInSecrets {
    /// Proves at the exchange who asked for the code (RFC 7636).
    let verifier: SecretBytes
    /// Comes back with the browser.
    let state: SecretBytes
    /// Comes back in the ID token.
    let nonce: SecretBytes

    var all: [SecretBytes] { [verifier, state, nonce] }

    init(verifier: SecretBytes, state: SecretBytes, nonce: SecretBytes) {
        self.verifier = verifier
        self.state = state
        self.nonce = nonce
    }

    static func make(_ randomness: any Randomness) throws(AuthFailure) -> SignInSecrets {
        guard let verifier = randomness.unguessable(32), let state = randomness.unguessable(16),
            let nonce = randomness.unguessable(16)
        else { throw AuthFailure(.outOfResources, "The system has no random numbers.") }
        return SignInSecrets(
            verifier: Base64URL.encoded(verifier), state: Base64URL.encoded(state), nonce: Base64URL.encoded(nonce))
    }

    /// What is told of the verifier beforehand, by the method S256.
    func challenge(_ digest: any Digest) -> SecretBytes {
        let challenge = SecretBytes()
        digest.sha256(verifier).withUnsafeBytes { Base64URL.encode($0, to: challenge) }
        return challenge
    }
}
