// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The parameters of a redirect: `name=value` between `&`, percent-encoded (RFC 6749, appendix B).
///
/// They are read by their length: a `%00` is a byte like any other.
struct RedirectQuery {
    private var parameters: [(name: SecretBytes, value: SecretBytes)] = []

    /// nil: there is no query.
    @inline(never)
    init(_ query: SecretBytes?) {
        query?.withBytes { bytes in
            for pair in bytes.split(separator: UInt8(ascii: "&")) {
                let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
                parameters.append((Self.decoded(pair[..<equals]), Self.decoded(pair[equals...].dropFirst())))
            }
        }
    }

    @inline(never)
    func count(_ name: StaticString) -> Int {
        let name = name.text
        return parameters.count { $0.name.withBytes { $0.isExactly(name) } }
    }

    /// The value of a parameter that is there once; else nil.
    func value(_ name: StaticString) -> SecretBytes? {
        guard count(name) == 1 else { return nil }
        let name = name.text
        return parameters.first { $0.name.withBytes { $0.isExactly(name) } }?.value
    }

    /// What is no encoding stays as it is.
    private static func decoded(_ text: Slice<UnsafeRawBufferPointer>) -> SecretBytes {
        let decoded = SecretBytes(capacity: text.count)
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == UInt8(ascii: "%"), text.endIndex - index > 2, let high = Hexadecimal.value(text[index + 1]),
                let low = Hexadecimal.value(text[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
                index += 1
            }
        }
        return decoded
    }
}
