// SPDX-License-Identifier: Apache-2.0

extension String {
    /// One text out of several. Out of line: an interpolation costs a few hundred bytes wherever one stands.
    @inline(never)
    public static func joining(_ parts: String...) -> String {
        var text = ""
        for part in parts { text += part }
        return text
    }
}

extension StaticString {
    /// The literal as a string; out of line for the same reason.
    @inline(never)
    public var text: String {
        String(decoding: UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount), as: UTF8.self)
    }
}
