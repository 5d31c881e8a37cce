// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// A fingerprint of bytes, which tells nothing about them.
public protocol Digest: AnyObject {
    /// SHA-256 (FIPS 180-4): 32 bytes.
    func sha256(_ bytes: SecretBytes) -> [UInt8]
}
