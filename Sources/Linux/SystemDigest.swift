// SPDX-License-Identifier: Apache-2.0

internal import CGLib
public import CognitoAuth
public import SecretMemory

/// GLib's checksums.
public final class SystemDigest: Digest {
    public init() {}

    public func sha256(_ bytes: SecretBytes) -> String {
        bytes.withBytes { bytes in
            let data = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            guard let digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, UInt(bytes.count)) else {
                return ""
            }
            defer { g_free(digest) }
            return String(cString: digest)
        }
    }
}
