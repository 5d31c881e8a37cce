// SPDX-License-Identifier: Apache-2.0

internal import CSecret

/// Attributes as libsecret has them: a hash table of strings.
final class AttributeTable {
    let pointer: OpaquePointer?

    /// Without any.
    init() { pointer = cognitoauth_attributes_new() }

    /// Takes over a reference.
    init(_ pointer: OpaquePointer?) { self.pointer = pointer }

    deinit { g_hash_table_unref(pointer) }

    func set(_ name: String, _ value: String) { cognitoauth_attributes_set(pointer, name, value) }

    func value(_ name: String) -> String? {
        g_hash_table_lookup(pointer, name).map { String(cString: $0.assumingMemoryBound(to: CChar.self)) }
    }
}
