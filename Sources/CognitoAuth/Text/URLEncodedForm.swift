// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// Parameters as `name=value` between `&`, as in a query or a form (RFC 6749, appendix B).
struct URLEncodedForm {
    let text: SecretBytes

    /// `beginning` stands before all that is set, as it is.
    init(beginning: String = "") { text = SecretBytes(copying: beginning) }

    func set(_ name: StaticString, _ value: String) { set(name, SecretBytes(copying: value)) }

    /// All is percent-encoded that is not unreserved in a URL (RFC 3986, section 2.3).
    func set(_ name: StaticString, _ value: SecretBytes) {
        if !text.isEmpty { text.append(UInt8(ascii: "&")) }
        text.append(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        text.append(UInt8(ascii: "="))
        value.withBytes { bytes in
            for byte in bytes {
                if byte.isASCIIAlphanumeric || byte.isOne(of: "-._~") {
                    text.append(byte)
                } else {
                    text.append(UInt8(ascii: "%"))
                    text.append(Hexadecimal.digit(byte >> 4, letters: UInt8(ascii: "A")))
                    text.append(Hexadecimal.digit(byte & 0xF, letters: UInt8(ascii: "A")))
                }
            }
        }
    }
}
