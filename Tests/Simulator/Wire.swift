// SPDX-License-Identifier: Apache-2.0

import Glibc
import SecretMemory

/// Tokens as they stand in texts. Each has a number, by which the world knows it, behind a mark that is in nothing else.
enum Wire {
    /// Stands in each token, and must stand in nothing that is told.
    static let mark: StaticString = "SECRET-OF-THE-USER"
    private static let digits = 6
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    /// The value of each byte as a digit of the alphabet; 64: it is none.
    private static let values = (0...255).map { UInt8(alphabet.firstIndex(of: $0) ?? 64) }

    static func refreshToken(_ number: Int) -> String { text("rt-SECRET-OF-THE-USER-", number) }

    /// A JSON Web Token of Cognito's. Times are in Unix seconds.
    /// `claims`: further ones, each behind a comma.
    static func accessToken(
        _ number: Int, user: Int, issuedAt: Int64, expiresAt: Int64, clientID: String, claims more: String = ""
    ) -> String {
        let claims =
            #"{"sub":"sub-\#(user)","username":"user-\#(user)","token_use":"access","client_id":"\#(clientID)","iat":\#(issuedAt),"exp":\#(expiresAt)\#(more)}"#
        return "eyJhbGciOiJSUzI1NiJ9." + base64URL(Array(claims.utf8)) + "." + text("at-SECRET-OF-THE-USER-", number)
    }

    /// As a session is stored that has an access and a refresh token.
    static func session(user: Int, access: String, refresh: String) -> String {
        #"{"version":1,"username":"user-\#(user)","access_token":"\#(access)","refresh_token":"\#(refresh)","sign_in_method":"api"}"#
    }

    static func text(_ start: String, _ number: Int) -> String {
        let end = String(number)
        return start + String(repeating: "0", count: max(0, digits - end.utf8.count)) + end
    }

    static func refreshTokens(in bytes: UnsafeRawBufferPointer) -> [Int] { numbers("rt-SECRET-OF-THE-USER-", bytes) }

    static func accessTokens(in bytes: UnsafeRawBufferPointer) -> [Int] { numbers("at-SECRET-OF-THE-USER-", bytes) }

    static func refreshTokens(in secret: SecretBytes) -> [Int] { secret.withBytes { refreshTokens(in: $0) } }

    static func hasToken(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            first(mark, in: UnsafeRawBufferPointer(bytes), from: 0) != nil
        }
    }

    /// What is in a partial-failure token, wherever in `bytes` that stands.
    static func steps(in bytes: UnsafeRawBufferPointer) -> [UInt8] {
        first("ca1.", in: bytes, from: 0).map { decoded(bytes, from: $0 + 4) } ?? []
    }

    static func refreshTokensOfSteps(in bytes: UnsafeRawBufferPointer) -> [Int] {
        steps(in: bytes).withUnsafeBytes { refreshTokens(in: $0) }
    }

    /// The digits that stand behind `text`.
    static func number(after text: StaticString, in bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let start = first(text, in: bytes, from: 0) else { return nil }
        var number: Int64 = 0
        for byte in bytes[(start + text.utf8CodeUnitCount)...] {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { break }
            number = number &* 10 &+ Int64(byte - UInt8(ascii: "0"))
        }
        return number
    }

    private static func numbers(_ start: StaticString, _ bytes: UnsafeRawBufferPointer) -> [Int] {
        var found: [Int] = []
        var place = 0
        while let next = first(start, in: bytes, from: place) {
            place = next + start.utf8CodeUnitCount
            guard place + digits <= bytes.count else { break }
            var number = 0
            for index in place..<(place + digits) { number = number * 10 + Int(bytes[index]) - 48 }
            if !found.contains(number) { found.append(number) }
        }
        return found
    }

    static func first(_ text: StaticString, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let wanted = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return first(wanted, in: UnsafeRawBufferPointer(rebasing: bytes[start...])).map { start + $0 }
    }

    /// Whether `text` has all the bytes of `part`, one after the other.
    static func has(_ part: String, in text: String) -> Bool {
        var (part, text) = (part, text)
        return text.withUTF8 { text in
            part.withUTF8 { first(UnsafeRawBufferPointer($0), in: UnsafeRawBufferPointer(text)) != nil }
        }
    }

    private static func first(_ wanted: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer) -> Int? {
        guard let byte = wanted.first, let some = wanted.baseAddress else { return 0 }
        guard let begin = bytes.baseAddress else { return nil }
        let end = begin + bytes.count
        var start = begin
        while end - start >= wanted.count {
            guard let next = memchr(start, Int32(byte), end - start - wanted.count + 1) else { return nil }
            if memcmp(next, some, wanted.count) == 0 { return UnsafeRawPointer(next) - begin }
            start = UnsafeRawPointer(next) + 1
        }
        return nil
    }

    static func base64URL(_ bytes: [UInt8]) -> String {
        let digits = alphabet
        return String(unsafeUninitializedCapacity: bytes.count * 4 / 3 + 3) { text in
            var bits = 0
            var bitCount = 0
            var count = 0
            for byte in bytes {
                bits = bits << 8 | Int(byte)
                bitCount += 8
                while bitCount >= 6 {
                    bitCount -= 6
                    text[count] = digits[bits >> bitCount & 63]
                    count += 1
                }
                bits &= 0xFF
            }
            guard bitCount > 0 else { return count }
            text[count] = digits[bits << (6 - bitCount) & 63]
            return count + 1
        }
    }

    /// Base64url, until something comes that is none.
    private static func decoded(_ bytes: UnsafeRawBufferPointer, from start: Int) -> [UInt8] {
        let values = values
        return [UInt8](unsafeUninitializedCapacity: (bytes.count - start) * 3 / 4 + 1) { decoded, count in
            var bits = 0
            var bitCount = 0
            for byte in bytes[start...] {
                let value = Int(values[Int(byte)])
                if value > 63 { return }
                bits = bits << 6 | value
                bitCount += 6
                if bitCount >= 8 {
                    bitCount -= 8
                    decoded[count] = UInt8(truncatingIfNeeded: bits >> bitCount)
                    count += 1
                }
                bits &= 0xFFF
            }
        }
    }
}
