// SPDX-License-Identifier: Apache-2.0

import JSON
import SecretMemory

/// The remote steps that a sign-out left open, and what a retry needs for them.
///
/// As text: `ca1.{base64url of a JSON object}.{CRC-32 of all before it}`. It names the app, the pool and
/// the client it is for. Where to connect and the client secret are never in it: they are the client's.
/// The checksum finds damage, not forgery: who can forge a token holds the tokens in it.
public struct PartialFailureToken {
    let subject: String?
    /// Whether GlobalSignOut is to be retried.
    let isGlobalSignOutOpen: Bool
    /// There if GlobalSignOut is open, and the session had one.
    let accessToken: SecretBytes?
    /// The one that can renew `accessToken`, and is to be revoked.
    let refreshToken: SecretBytes?
    /// Others that are to be revoked.
    let otherRefreshTokens: [SecretBytes]

    private static let prefix = "ca1."
    private static let version: Int64 = 1
    private static let checksumLength = 8
    private static let maximumCount = 90
    /// Room for so many refresh tokens of the largest kind; a longer text is none of ours.
    public static let maximumLength = 8_388_608

    /// The token as text, or nil if there is nothing to retry.
    func encode(for configuration: Configuration) -> SecretBytes? {
        if !isGlobalSignOutOpen && refreshToken == nil && otherRefreshTokens.isEmpty { return nil }
        let object = JSONObjectBuilder()
        object.set("version", Self.version)
        object.set("app_id", configuration.appID)
        object.set("user_pool_id", configuration.userPoolID)
        object.set("client_id", configuration.clientID)
        if let subject { object.set("sub", subject) }
        object.set("global_sign_out", isGlobalSignOutOpen ? 1 : 0)
        if let accessToken { object.set("access_token", accessToken) }
        if let refreshToken { object.set("refresh_token", refreshToken) }
        let others = Array(otherRefreshTokens.prefix(Self.maximumCount))
        if !others.isEmpty { object.set("other_refresh_tokens", others) }
        guard let json = object.encoded() else { return nil }

        let text = SecretBytes(capacity: json.count / 3 * 4 + 16)
        for byte in Self.prefix.utf8 { text.append(byte) }
        json.withBytes { Base64URL.encode($0, to: text) }
        let checksum = text.withBytes(Self.checksum)
        text.append(UInt8(ascii: "."))
        for byte in checksum { text.append(byte) }
        return text
    }

    init(
        subject: String?, isGlobalSignOutOpen: Bool, accessToken: SecretBytes?, refreshToken: SecretBytes?,
        otherRefreshTokens: [SecretBytes]
    ) {
        self.subject = subject
        self.isGlobalSignOutOpen = isGlobalSignOutOpen
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.otherRefreshTokens = otherRefreshTokens
    }

    /// Reads a token that was made for `configuration`'s app, pool and client.
    init(_ text: SecretBytes, for configuration: Configuration) throws(AuthFailure) {
        guard let object = text.withBytes(Self.object), object.integer("version") == Self.version,
            let appID = object.string("app_id"), let userPoolID = object.string("user_pool_id"),
            let clientID = object.string("client_id")
        else { throw .invalid("partial_failure_token", "is damaged or not a partial-failure token") }
        guard appID.isExactly(configuration.appID) else {
            throw .invalid("partial_failure_token", "was made for another app")
        }
        guard userPoolID.isExactly(configuration.userPoolID) else {
            throw .invalid("partial_failure_token", "was made for another user pool")
        }
        guard clientID.isExactly(configuration.clientID) else {
            throw .invalid("partial_failure_token", "was made for another app client")
        }
        subject = object.string("sub")
        isGlobalSignOutOpen = object.integer("global_sign_out") == 1
        accessToken = object.secret("access_token")
        refreshToken = object.secret("refresh_token")
        otherRefreshTokens = object.secrets("other_refresh_tokens", maximum: Self.maximumCount) ?? []
        let isWhole =
            object.has("access_token") == (accessToken != nil) && object.has("refresh_token") == (refreshToken != nil)
            && object.has("other_refresh_tokens") == !otherRefreshTokens.isEmpty
        guard isWhole, !secrets.isEmpty, secrets.allSatisfy(TokenRules.accept) else {
            throw .invalid("partial_failure_token", "is damaged or not a partial-failure token")
        }
    }

    /// All tokens in it.
    var secrets: [SecretBytes] { [accessToken, refreshToken].compactMap { $0 } + otherRefreshTokens }

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
