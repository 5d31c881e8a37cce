// SPDX-License-Identifier: Apache-2.0

/// How deep objects and arrays are in each other.
///
/// jansson reads each level in a call of its own, and a thread of the program's may have a stack of 16 KiB, on which 50
/// levels are read and 80 end the process. What Cognito and Amplify write has about ten.
enum JSONNesting {
    private static let deepest = 48

    /// `text` up to what is nested too deep, which is no JSON then; all of it where nothing is.
    static func withoutTooDeep(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var depth = 0
        var isInString = false
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""): isInString.toggle()
            // Of an escape only the second byte can be a quotation mark.
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if !isInString { depth += 1 }
                if depth > deepest { return UnsafeRawBufferPointer(rebasing: text[..<index]) }
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if !isInString { depth -= 1 }
            default: break
            }
            index += 1
        }
        return text
    }
}
