// SPDX-License-Identifier: Apache-2.0

extension String {
    /// One text out of several. Out of line: an interpolation costs a few hundred bytes wherever one stands, and a list of
    /// the parts some ten for each of them.
    // Swift 6.2 does not prefer those below by itself.
    @_disfavoredOverload
    public static func joining(_ parts: String...) -> String { joined(parts) }

    @inline(never)
    public static func joining(_ one: String, _ two: String) -> String { joined([one, two]) }

    @inline(never)
    public static func joining(_ one: String, _ two: String, _ three: String) -> String { joined([one, two, three]) }

    @inline(never)
    public static func joining(_ one: String, _ two: String, _ three: String, _ four: String) -> String {
        joined([one, two, three, four])
    }

    /// By bytes: what Swift appends strings with takes 2 KB, as it also knows UTF-16.
    @inline(never)
    private static func joined(_ parts: [String]) -> String {
        var bytes: [UInt8] = []
        for part in parts { part.withBytes { bytes.append(contentsOf: $0) } }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension StaticString {
    /// The literal as a string; out of line for the same reason.
    @inline(never)
    public var text: String {
        UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount).text
    }
}
