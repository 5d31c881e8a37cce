// SPDX-License-Identifier: Apache-2.0

internal import CJansson
public import SecretMemory

/// A JSON object that was received or stored, read with jansson.
///
/// Strict: duplicate keys, invalid UTF-8, U+0000 and more than 2048 levels are refused. jansson's
/// copies of the strings are wiped when the object is released.
public struct JSONObject {
    private let root: OpaqueRoot
    private let value: UnsafeMutablePointer<json_t>

    /// Keeps the tree alive while one of its objects is in use.
    private final class OpaqueRoot {
        let value: UnsafeMutablePointer<json_t>
        init(_ value: UnsafeMutablePointer<json_t>) { self.value = value }
        deinit { cognitoauth_json_release(value) }
    }

    /// Reads `bytes`, or returns nil if they are not one JSON object.
    public init?(parsing bytes: UnsafeRawBufferPointer) {
        self.init(bytes, Self.strict)
    }

    /// Reads a file that also holds values for other programs: U+0000 and integers that are too large are accepted.
    public init?(parsingForeign bytes: UnsafeRawBufferPointer) {
        self.init(bytes, Self.lenient)
    }

    private static var strict: Int { Int(JSON_REJECT_DUPLICATES) }
    private static var lenient: Int { Int(JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL) }

    private init?(_ bytes: UnsafeRawBufferPointer, _ flags: Int) {
        guard let start = bytes.baseAddress,
            let value = json_loadb(start.assumingMemoryBound(to: CChar.self), bytes.count, flags, nil)
        else { return nil }
        self.init(value, in: OpaqueRoot(value))
        guard value.pointee.type == JSON_OBJECT else { return nil }
    }

    /// The line, counted from 1, where the bytes of such a file stop being JSON, or nil if they do not.
    public static func lineOfError(in bytes: UnsafeRawBufferPointer) -> Int? {
        var error = json_error_t()
        let value = json_loadb(
            bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, Self.lenient, &error)
        guard let value else { return Int(error.line) }
        cognitoauth_json_release(value)
        return nil
    }

    private init(_ value: UnsafeMutablePointer<json_t>, in root: OpaqueRoot) {
        self.root = root
        self.value = value
    }

    /// The object's member `key`, if it is an object itself.
    public func object(_ key: StaticString) -> JSONObject? {
        guard let member = member(key), member.pointee.type == JSON_OBJECT else { return nil }
        return JSONObject(member, in: root)
    }

    /// The member `key`, if it is a string, as bytes that will be wiped.
    public func secret(_ key: StaticString) -> SecretBytes? {
        guard let member = member(key) else { return nil }
        return Self.secret(member)
    }

    /// The member `key`, if it is an array of at most `maximum` strings and nothing else.
    public func secrets(_ key: StaticString, maximum: Int) -> [SecretBytes]? {
        guard let array = member(key), array.pointee.type == JSON_ARRAY, json_array_size(array) <= maximum else {
            return nil
        }
        var secrets: [SecretBytes] = []
        for index in 0..<json_array_size(array) {
            guard let element = json_array_get(array, index), let secret = Self.secret(element) else { return nil }
            secrets.append(secret)
        }
        return secrets
    }

    /// The member `key`, if it is a string that is no secret.
    public func string(_ key: StaticString) -> String? {
        guard let member = member(key), member.pointee.type == JSON_STRING, let text = json_string_value(member) else {
            return nil
        }
        return String(decoding: UnsafeRawBufferPointer(start: text, count: json_string_length(member)), as: UTF8.self)
    }

    /// The member `key`, if it is a number that fits; a fraction is cut off.
    public func integer(_ key: StaticString) -> Int64? {
        guard let member = member(key) else { return nil }
        switch member.pointee.type {
        case JSON_INTEGER: return json_integer_value(member)
        case JSON_REAL:
            // 2^63; a conversion out of range would trap.
            let real = json_real_value(member)
            return real > -0x1p63 && real < 0x1p63 ? Int64(real) : nil
        default: return nil
        }
    }

    public func has(_ key: StaticString) -> Bool { member(key) != nil }

    /// What stands at `path`, keys with dots between them, as in "auth.oauth.domain".
    public func find(_ path: StaticString) -> Finding {
        let keys = UnsafeRawBufferPointer(start: path.utf8Start, count: path.utf8CodeUnitCount)
        var found = value
        var start = 0
        while start < keys.count {
            guard found.pointee.type == JSON_OBJECT else { return .obstacle(length: start - 1) }
            let end = keys[start...].firstIndex(of: UInt8(ascii: ".")) ?? keys.count
            let key = UnsafeRawBufferPointer(rebasing: keys[start..<end])
            guard let member = json_object_getn(found, key.baseAddress?.assumingMemoryBound(to: CChar.self), key.count)
            else { return .nothing }
            found = member
            start = end + 1
        }
        if let text = Self.secret(found) { return .text(text) }
        let isListOfTexts =
            found.pointee.type == JSON_ARRAY
            && (0..<json_array_size(found)).allSatisfy { json_array_get(found, $0)?.pointee.type == JSON_STRING }
        return isListOfTexts ? .texts : .other
    }

    public enum Finding {
        case nothing
        case text(SecretBytes)
        /// An array of strings.
        case texts
        case other
        /// What stands at this much of the path is no object.
        case obstacle(length: Int)
    }

    private func member(_ key: StaticString) -> UnsafeMutablePointer<json_t>? {
        key.withCString { json_object_get(value, $0) }
    }

    private static func secret(_ value: UnsafeMutablePointer<json_t>) -> SecretBytes? {
        guard value.pointee.type == JSON_STRING, let text = json_string_value(value) else { return nil }
        return SecretBytes(copying: UnsafeRawBufferPointer(start: text, count: json_string_length(value)))
    }
}
