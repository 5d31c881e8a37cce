// SPDX-License-Identifier: Apache-2.0

internal import CGLib
public import CognitoAuth
public import SecretMemory

/// GLib's checksums.
public final class SystemDigest: Digest {
    public init() {}

    public func sha256(_ bytes: SecretBytes) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let checksum = g_checksum_new(G_CHECKSUM_SHA256)
        defer { g_checksum_free(checksum) }
        bytes.withBytes { bytes in
            g_checksum_update(checksum, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
        }
        var length = digest.count
        g_checksum_get_digest(checksum, &digest, &length)
        return digest
    }
}
