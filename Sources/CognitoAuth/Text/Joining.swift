// SPDX-License-Identifier: Apache-2.0

extension String {
    /// One text out of several. Out of line: an interpolation costs a few hundred bytes wherever one stands, and a list of
    /// the parts some ten for each of them.
    // Swift 6.2 does not prefer those below by itself.
    @_disfavoredOverload
    @inline(never)
    public static func joining(_ parts: String...) -> String {
        var text = ""
        for part in parts { text += part }
        return text
    }

    @inline(never)
    public static func joining(_ one: String, _ two: String) -> String { one + two }

    @inline(never)
    public static func joining(_ one: String, _ two: String, _ three: String) -> String { one + two + three }

    @inline(never)
    public static func joining(_ one: String, _ two: String, _ three: String, _ four: String) -> String {
        one + two + three + four
    }
}

extension StaticString {
    /// The literal as a string; out of line for the same reason.
    @inline(never)
    public var text: String {
        UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount).text
    }
}
