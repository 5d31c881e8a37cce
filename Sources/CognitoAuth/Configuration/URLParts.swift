// SPDX-License-Identifier: Apache-2.0

/// An `http` or `https` URL of a scheme, a host, perhaps a port and perhaps a slash: no user info, no
/// path, no query. Stricter than RFC 3986, so that libcurl cannot read it in another way.
struct URLParts {
    let host: String
    let port: UInt16?

    init?(_ text: String) {
        var rest = Substring(text).utf8
        for scheme in ["https://", "http://"] where text.startsExactly(with: scheme) {
            rest = rest.dropFirst(scheme.utf8.count)
        }
        guard rest.count < text.utf8.count else { return nil }
        if rest.last == UInt8(ascii: "/") { rest = rest.dropLast() }

        let hostEnd: Substring.UTF8View.Index
        if rest.first == UInt8(ascii: "[") {
            guard let bracket = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            hostEnd = rest.index(after: bracket)
            let address = rest[..<bracket].dropFirst()
            guard !address.isEmpty, address.allSatisfy(Self.isAddressCharacter) else { return nil }
        } else {
            hostEnd = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
            guard Self.isHostName(rest[..<hostEnd]) else { return nil }
        }
        host = String(Substring(rest[..<hostEnd]))

        if hostEnd == rest.endIndex {
            port = nil
        } else {
            guard rest[hostEnd] == UInt8(ascii: ":"), let number = Self.port(rest[hostEnd...].dropFirst()) else {
                return nil
            }
            port = number
        }
    }

    var isLoopback: Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains { $0.isExactly(host) }
    }

    static func isHostName(_ name: Substring.UTF8View) -> Bool {
        !name.isEmpty && name.count <= 253 && name.first != UInt8(ascii: "-") && name.first != UInt8(ascii: ".")
            && name.allSatisfy(isHostCharacter)
    }

    private static func isHostCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte.isOne(of: "-.")
    }

    private static func isAddressCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIIDigit || byte.isOne(of: "ABCDEFabcdef:.")
    }

    private static func port(_ digits: Substring.UTF8View) -> UInt16? {
        guard (1...5).contains(digits.count) else { return nil }
        var number: UInt32 = 0
        for digit in digits {
            guard digit.isASCIIDigit else { return nil }
            number = number * 10 + UInt32(digit - UInt8(ascii: "0"))
        }
        return number == 0 ? nil : UInt16(exactly: number)
    }
}
