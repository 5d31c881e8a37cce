// SPDX-License-Identifier: Apache-2.0

internal import CSecret

/// A value of D-Bus: a GVariant.
final class Variant {
    let pointer: OpaquePointer

    private init(_ pointer: OpaquePointer) { self.pointer = g_variant_take_ref(pointer) }

    /// Takes over a reference, or a floating value that was just made.
    // Where the initializer of a class returns nil, Embedded Swift does not free the object.
    static func taking(_ pointer: OpaquePointer?) -> Variant? { pointer.map { Variant($0) } }

    deinit { g_variant_unref(pointer) }

    static func string(_ text: String) -> Variant? { Variant.taking(g_variant_new_string(text)) }

    static func path(_ path: String) -> Variant? {
        g_variant_is_object_path(path) != 0 ? Variant.taking(g_variant_new_object_path(path)) : nil
    }

    static func boolean(_ value: Bool) -> Variant? { Variant.taking(g_variant_new_boolean(value ? 1 : 0)) }

    static func boxed(_ value: Variant?) -> Variant? {
        value.flatMap { Variant.taking(g_variant_new_variant($0.pointer)) }
    }

    static func entry(_ key: String, _ value: Variant?) -> Variant? {
        guard let key = string(key), let value else { return nil }
        return withExtendedLifetime(key) { Variant.taking(g_variant_new_dict_entry(key.pointer, value.pointer)) }
    }

    /// An array of elements of a type, as in "{ss}"; nil if one of them is.
    static func array(of type: StaticString, _ elements: [Variant?]) -> Variant? {
        whole(elements) { pointers, count in g_variant_new_array(type.variantType, pointers, UInt(count)) }
    }

    static func tuple(_ elements: Variant?...) -> Variant? {
        whole(elements) { pointers, count in g_variant_new_tuple(pointers, UInt(count)) }
    }

    private static func whole(
        _ elements: [Variant?], _ make: (UnsafeMutablePointer<OpaquePointer?>?, Int) -> OpaquePointer?
    ) -> Variant? {
        guard elements.allSatisfy({ $0 != nil }) else { return nil }
        var pointers = elements.map { $0?.pointer }
        return pointers.withUnsafeMutableBufferPointer { Variant.taking(make($0.baseAddress, $0.count)) }
    }

    func has(type: StaticString) -> Bool { g_variant_is_of_type(pointer, type.variantType) != 0 }

    /// The element of a tuple or array; nil where it has no such element.
    subscript(index: Int) -> Variant? {
        guard index >= 0, UInt(index) < g_variant_n_children(pointer) else { return nil }
        return Variant.taking(g_variant_get_child_value(pointer, UInt(index)))
    }

    var elements: [Variant] { (0..<Int(g_variant_n_children(pointer))).compactMap { self[$0] } }

    /// The text of a string or an object path.
    var text: String? {
        guard has(type: "s") || has(type: "o"), let text = g_variant_get_string(pointer, nil) else { return nil }
        return String(cString: text)
    }

    var boolean: Bool? { has(type: "b") ? g_variant_get_boolean(pointer) != 0 : nil }

    var unboxed: Variant? { has(type: "v") ? Variant.taking(g_variant_get_variant(pointer)) : nil }
}

extension StaticString {
    /// The literal as a type of values, which lives for ever.
    var variantType: OpaquePointer? {
        cognitoauth_variant_type(UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self))
    }
}
