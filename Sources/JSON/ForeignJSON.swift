// SPDX-License-Identifier: Apache-2.0

internal import SecretMemory

/// JSON that is not ours, made fit for jansson, which refuses a whole text for one value that it cannot hold.
///
/// What JSON allows and jansson cannot hold is overwritten in a copy, each time in as many bytes, so that lines stay
/// where they are. What is no JSON stays as it is, and is refused.
enum ForeignJSON {
    static func mended(_ text: UnsafeRawBufferPointer) -> SecretBytes {
        let copy = SecretBytes(capacity: text.count)
        copy.fill(capacity: text.count) { bytes in
            bytes.copyMemory(from: text)
            mend(bytes)
            return text.count
        }
        return copy
    }

    /// Whether there was something in a string that no string can hold: half a surrogate pair, or U+0000. U+FFFF stands
    /// for it, to which Unicode gives no meaning.
    static func isUnreadable(_ text: UnsafeRawBufferPointer) -> Bool {
        text.indices.dropFirst(2).contains { text[$0] == 0xBF && text[$0 - 1] == 0xBF && text[$0 - 2] == 0xEF }
    }

    private static func mend(_ text: UnsafeMutableRawBufferPointer) {
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { overwrite(text, 0..<3, with: "") }
        var index = 0
        var isInString = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "\\"), isInString {
                index += mendEscape(text, index)
            } else if !isInString, JSONNumber.isPart(byte) {
                index = mendNumber(text, index)
            } else {
                if byte == UInt8(ascii: "\"") { isInString.toggle() }
                index += 1
            }
        }
    }

    /// Returns where the number that begins here ends. Letters of other words than numbers are no number.
    private static func mendNumber(_ text: UnsafeMutableRawBufferPointer, _ start: Int) -> Int {
        var end = start
        while end < text.count, JSONNumber.isPart(text[end]) { end += 1 }
        let number = JSONNumber(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[start..<end]))
        if let number, number.isTooLarge { overwrite(text, start..<end, with: "null") }
        return end
    }

    /// Returns how many bytes the escape that begins here takes, or both of a surrogate pair.
    private static func mendEscape(_ text: UnsafeMutableRawBufferPointer, _ start: Int) -> Int {
        guard let unit = codeUnit(text, start) else { return 2 }
        if (0xD800...0xDBFF).contains(unit), let second = codeUnit(text, start + 6), (0xDC00...0xDFFF).contains(second)
        {
            return 12
        }
        if unit == 0 || (0xD800...0xDFFF).contains(unit) { overwrite(text, start + 2..<start + 6, with: "FFFF") }
        return 6
    }

    /// The number in the `\uXXXX` that begins here.
    private static func codeUnit(_ text: UnsafeMutableRawBufferPointer, _ start: Int) -> UInt32? {
        guard start + 6 <= text.count, text[start] == UInt8(ascii: "\\"), text[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt32 = 0
        for index in start + 2..<start + 6 {
            let digit: UInt8
            switch text[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = text[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = text[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = text[index] - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Spaces follow where `new` is shorter.
    private static func overwrite(_ text: UnsafeMutableRawBufferPointer, _ place: Range<Int>, with new: StaticString) {
        for index in place {
            let offset = index - place.lowerBound
            text[index] = offset < new.utf8CodeUnitCount ? new.utf8Start[offset] : UInt8(ascii: " ")
        }
    }
}
