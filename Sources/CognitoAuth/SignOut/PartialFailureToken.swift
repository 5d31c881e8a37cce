// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// The text that a program keeps of the remote steps that a sign-out left open: the codec of `OpenSteps`.
///
/// `ca1.{base64url of a JSON object}.{CRC-32 of all before it}`. It names the app, the pool and the client it is for.
/// Where to connect and the client secret are never in it: they are the client's. The checksum finds damage, not
/// forgery: who can forge a token holds the tokens in it.
public enum PartialFailureToken {
    private static let prefix = "ca1."
    private static let version: Int64 = 1
    /// That of a text with a deletion in it, which a library of version 1 must not ignore.
    private static let versionWithDeletion: Int64 = 2
    private static let checksumLength = 8
    private static let maximumCount = 90
    /// Room for so many refresh tokens of the largest kind; a longer text is not ours.
    public static let maximumLength = 8_388_608

    /// The steps as text, or nil if nothing is open.
    static func encode(_ steps: OpenSteps, for configuration: Configuration) -> SecretBytes? {
        if steps.isEmpty { return nil }
        let object = JSONObjectBuilder()
        object.set("version", steps.deletions.isEmpty ? version : versionWithDeletion)
        object.set("app_id", configuration.appID)
        object.set("user_pool_id", configuration.userPoolID)
        object.set("client_id", configuration.clientID)
        if let subject = steps.subject { object.set("sub", subject) }
        object.set("global_sign_out", steps.isGlobalSignOutOpen ? 1 : 0)
        if let accessToken = steps.accessToken { object.set("access_token", accessToken) }
        if let refreshToken = steps.refreshToken { object.set("refresh_token", refreshToken) }
        let others = Array(steps.otherRefreshTokens.prefix(maximumCount))
        if !others.isEmpty { object.set("other_refresh_tokens", others) }
        let deletions = steps.deletions.prefix(maximumCount).map { SecretBytes(copying: $0.text) }
        if !deletions.isEmpty { object.set("deletions", deletions) }
        guard let json = object.encoded() else { return nil }

        let text = SecretBytes(capacity: json.count / 3 * 4 + 16)
        for byte in prefix.utf8 { text.append(byte) }
        json.withBytes { Base64URL.encode($0, to: text) }
        let checksum = text.withBytes(checksum)
        text.append(UInt8(ascii: "."))
        for byte in checksum { text.append(byte) }
        return text
    }

    /// Reads a text that was made for `configuration`'s app, pool and client.
    static func decode(_ text: SecretBytes, for configuration: Configuration) throws(AuthFailure) -> OpenSteps {
        guard let object = text.withBytes(object), let made = object.integer("version") else { throw damaged }
        guard made <= versionWithDeletion else { throw invalid("was made by a newer version of the library") }
        guard made >= version, let appID = object.string("app_id"), let userPoolID = object.string("user_pool_id"),
            let clientID = object.string("client_id")
        else { throw damaged }
        guard appID.isExactly(configuration.appID) else { throw invalid("was made for another app") }
        guard userPoolID.isExactly(configuration.userPoolID) else { throw invalid("was made for another user pool") }
        guard clientID.isExactly(configuration.clientID) else { throw invalid("was made for another app client") }
        let deletions = object.secrets("deletions", maximum: maximumCount) ?? []
        let steps = OpenSteps(
            subject: object.string("sub"), isGlobalSignOutOpen: object.integer("global_sign_out") == 1,
            accessToken: object.secret("access_token"), refreshToken: object.secret("refresh_token"),
            otherRefreshTokens: object.secrets("other_refresh_tokens", maximum: maximumCount) ?? [],
            deletions: deletions.map { SessionIdentity(text: $0.withBytes { String(decoding: $0, as: UTF8.self) }) })
        let isWhole =
            object.has("access_token") == (steps.accessToken != nil)
            && object.has("refresh_token") == (steps.refreshToken != nil)
            && object.has("other_refresh_tokens") == !steps.otherRefreshTokens.isEmpty
            && object.has("deletions") == !steps.deletions.isEmpty
        guard isWhole, !steps.secrets.isEmpty || !steps.deletions.isEmpty, steps.secrets.allSatisfy(TokenRules.accept)
        else { throw damaged }
        return steps
    }

    private static var damaged: AuthFailure { invalid("is damaged or not a partial-failure token") }

    private static func invalid(_ problem: StaticString) -> AuthFailure { .invalid("partial_failure_token", problem) }

    private static func object(_ text: UnsafeRawBufferPointer) -> JSONObject? {
        let prefix = prefix.utf8
        let bodyEnd = text.count - checksumLength - 1
        guard text.count <= maximumLength, bodyEnd > prefix.count, text.starts(with: prefix),
            text[bodyEnd] == UInt8(ascii: "."),
            text[(bodyEnd + 1)...].elementsEqual(checksum(UnsafeRawBufferPointer(rebasing: text[..<bodyEnd])))
        else { return nil }
        let body = Base64URL.decode(UnsafeRawBufferPointer(rebasing: text[prefix.count..<bodyEnd]))
        return body?.withBytes { JSONObject(parsing: $0) }
    }

    /// CRC-32 (ISO 3309) as eight hexadecimal digits.
    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        remainder = ~remainder
        return (0..<checksumLength).map { index in
            let digit = UInt8(remainder >> UInt32(28 - 4 * index) & 0xF)
            return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }
}
