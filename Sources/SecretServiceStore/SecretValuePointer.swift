// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import SecretMemory

/// A SecretValue of libsecret, whose bytes are in memory that libsecret wipes.
final class SecretValuePointer {
    let pointer: OpaquePointer

    private init(_ pointer: OpaquePointer) { self.pointer = pointer }

    /// Takes over a reference.
    // As in `Variant`, no initializer that can fail.
    static func taking(_ pointer: OpaquePointer?) -> SecretValuePointer? { pointer.map { SecretValuePointer($0) } }

    static func copying(_ secret: SecretBytes) -> SecretValuePointer? {
        let value = secret.withBytes { bytes in
            secret_value_new(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, "text/plain")
        }
        return taking(value)
    }

    deinit { secret_value_unref(UnsafeMutableRawPointer(pointer)) }

    var bytes: SecretBytes {
        var length: gsize = 0
        let text = secret_value_get(pointer, &length)
        return SecretBytes(copying: UnsafeRawBufferPointer(start: text, count: Int(clamping: length)))
    }
}
