// SPDX-License-Identifier: Apache-2.0

internal import CJansson
public import SecretMemory

/// A JSON object that was received or stored, read with jansson.
///
/// Invalid UTF-8 and what is nested too deep are refused. jansson's copies of the strings are wiped when the object is
/// released.
public struct JSONObject {
    private let root: OpaqueRoot
    private let value: UnsafeMutablePointer<json_t>

    /// Keeps the tree alive while one of its objects is in use.
    private final class OpaqueRoot {
        let value: UnsafeMutablePointer<json_t>
        let isForeign: Bool
        init(_ value: UnsafeMutablePointer<json_t>, isForeign: Bool) {
            self.value = value
            self.isForeign = isForeign
        }
        deinit { cognitoauth_json_release(value) }
    }

    /// Reads `bytes` that we wrote, or returns nil if they are not one JSON object. Strict: duplicate keys, U+0000 and
    /// numbers that do not fit are refused.
    public init?(parsing bytes: UnsafeRawBufferPointer) {
        self.init(bytes, Int(JSON_REJECT_DUPLICATES), isForeign: false)
    }

    /// Reads what others wrote, also for others than us: a member that cannot be read hides no other.
    ///
    /// A byte order mark is skipped. A number that does not fit is null. A string with half a surrogate pair or U+0000
    /// in it is there, and cannot be read. Of members with one key the last one counts, as RFC 7519 allows.
    public init?(parsingForeign bytes: UnsafeRawBufferPointer) {
        let mended = ForeignJSON.mended(bytes)
        guard let object = mended.withBytes({ JSONObject($0, 0, isForeign: true) }) else { return nil }
        self = object
    }

    private init?(_ bytes: UnsafeRawBufferPointer, _ flags: Int, isForeign: Bool) {
        var error = json_error_t()
        guard let value = Self.load(bytes, flags, &error) else { return nil }
        self.init(value, in: OpaqueRoot(value, isForeign: isForeign))
        guard value.pointee.type == JSON_OBJECT else { return nil }
    }

    /// The line, counted from 1, where what others wrote stops being JSON, or nil if it does not.
    public static func lineOfError(in bytes: UnsafeRawBufferPointer) -> Int? {
        ForeignJSON.mended(bytes).withBytes { bytes in
            var error = json_error_t()
            guard let value = load(bytes, 0, &error) else { return Int(error.line) }
            cognitoauth_json_release(value)
            return nil
        }
    }

    private static func load(
        _ bytes: UnsafeRawBufferPointer, _ flags: Int, _ error: inout json_error_t
    ) -> UnsafeMutablePointer<json_t>? {
        let text = JSONNesting.withoutTooDeep(bytes)
        return json_loadb(text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, flags, &error)
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
        guard let member = member(key), let text = readable(member) else { return nil }
        return SecretBytes(copying: text)
    }

    /// The member `key`, if it is an array of at most `maximum` strings and nothing else.
    public func secrets(_ key: StaticString, maximum: Int) -> [SecretBytes]? {
        guard let array = member(key), array.pointee.type == JSON_ARRAY, json_array_size(array) <= maximum else {
            return nil
        }
        var secrets: [SecretBytes] = []
        for index in 0..<json_array_size(array) {
            guard let element = json_array_get(array, index), let text = readable(element) else { return nil }
            secrets.append(SecretBytes(copying: text))
        }
        return secrets
    }

    /// The member `key`, if it is a string that is no secret.
    public func string(_ key: StaticString) -> String? {
        guard let member = member(key), let text = readable(member) else { return nil }
        return Self.string(text)
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

    /// What stands at `path`, keys with dots between them, as in "auth.oauth.domain". null is nothing.
    public func find(_ path: StaticString) -> Finding {
        let keys = UnsafeRawBufferPointer(start: path.utf8Start, count: path.utf8CodeUnitCount)
        var found = value
        var start = 0
        while start < keys.count {
            if found.pointee.type == JSON_NULL { return .nothing }
            guard found.pointee.type == JSON_OBJECT else { return .obstacle(length: start - 1) }
            let end = keys[start...].firstIndex(of: UInt8(ascii: ".")) ?? keys.count
            let key = UnsafeRawBufferPointer(rebasing: keys[start..<end])
            guard let member = json_object_getn(found, key.baseAddress?.assumingMemoryBound(to: CChar.self), key.count)
            else { return .nothing }
            found = member
            start = end + 1
        }
        if found.pointee.type == JSON_NULL { return .nothing }
        if let text = Self.text(found) { return .text(SecretBytes(copying: text)) }
        guard found.pointee.type == JSON_ARRAY else { return .other }
        var texts: [String] = []
        for index in 0..<json_array_size(found) {
            guard let element = json_array_get(found, index), let text = Self.text(element) else { return .other }
            texts.append(Self.string(text))
        }
        return .texts(texts)
    }

    public enum Finding {
        case nothing
        case text(SecretBytes)
        /// An array of strings, which are no secrets.
        case texts([String])
        case other
        /// What stands at this much of the path is no object.
        case obstacle(length: Int)
    }

    private func member(_ key: StaticString) -> UnsafeMutablePointer<json_t>? {
        key.withCString { json_object_get(value, $0) }
    }

    @inline(never)
    private static func string(_ text: UnsafeRawBufferPointer) -> String { String(decoding: text, as: UTF8.self) }

    private static func text(_ value: UnsafeMutablePointer<json_t>) -> UnsafeRawBufferPointer? {
        guard value.pointee.type == JSON_STRING, let text = json_string_value(value) else { return nil }
        return UnsafeRawBufferPointer(start: text, count: json_string_length(value))
    }

    /// The text of a string that is what was written.
    private func readable(_ value: UnsafeMutablePointer<json_t>) -> UnsafeRawBufferPointer? {
        guard let text = Self.text(value) else { return nil }
        return root.isForeign && ForeignJSON.isUnreadable(text) ? nil : text
    }
}
