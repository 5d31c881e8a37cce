// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// A fingerprint of bytes, which tells nothing about them.
public protocol Digest: AnyObject {
    /// SHA-256 (FIPS 180-4) in 64 lower-case hexadecimal digits.
    func sha256(_ bytes: SecretBytes) -> String
}
