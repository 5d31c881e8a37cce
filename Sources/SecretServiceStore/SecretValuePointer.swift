// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import SecretMemory

/// A SecretValue of libsecret, whose bytes are in memory that libsecret wipes.
final class SecretValuePointer {
    let pointer: OpaquePointer

    /// Takes over a reference.
    init?(_ pointer: OpaquePointer?) {
        guard let pointer else { return nil }
        self.pointer = pointer
    }

    convenience init?(_ secret: SecretBytes) {
        let value = secret.withBytes { bytes in
            secret_value_new(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, "text/plain")
        }
        self.init(value)
    }

    deinit { secret_value_unref(UnsafeMutableRawPointer(pointer)) }

    var bytes: SecretBytes {
        var length: gsize = 0
        let text = secret_value_get(pointer, &length)
        return SecretBytes(copying: UnsafeRawBufferPointer(start: text, count: Int(clamping: length)))
    }
}
