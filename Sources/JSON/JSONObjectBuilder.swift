// SPDX-License-Identifier: Apache-2.0

internal import CJansson
public import SecretMemory

/// A JSON object that is to be sent or stored, written with jansson.
public final class JSONObjectBuilder {
    private let object: UnsafeMutablePointer<json_t>?
    private var isWhole = true

    public init() { object = json_object() }

    deinit {
        if let object { cognitoauth_json_release(object) }
    }

    public func set(_ key: StaticString, _ secret: SecretBytes) {
        set(key, Self.string(secret))
    }

    public func set(_ key: StaticString, _ secrets: [SecretBytes]) {
        let array = json_array()
        for secret in secrets where json_array_append_new(array, Self.string(secret)) != 0 { isWhole = false }
        set(key, array)
    }

    public func set(_ key: StaticString, _ text: String) {
        set(key, SecretBytes(copying: text))
    }

    public func set(_ key: StaticString, _ number: Int64) {
        set(key, json_integer(number))
    }

    /// The object as compact JSON, or nil if a string in it is not UTF-8.
    public func encoded() -> SecretBytes? {
        guard isWhole, let object else { return nil }
        let flags = Int(JSON_COMPACT)
        let size = json_dumpb(object, nil, 0, flags)
        guard size > 0 else { return nil }
        let bytes = SecretBytes(capacity: size)
        bytes.fill(capacity: size) { buffer in
            Int(json_dumpb(object, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, flags))
        }
        return bytes.count == size ? bytes : nil
    }

    private func set(_ key: StaticString, _ value: UnsafeMutablePointer<json_t>?) {
        let isSet = key.withCString { cognitoauth_json_set(object, $0, value) == 0 }
        if !isSet { isWhole = false }
    }

    private static func string(_ secret: SecretBytes) -> UnsafeMutablePointer<json_t>? {
        secret.withBytes { bytes in
            json_stringn(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
    }
}
