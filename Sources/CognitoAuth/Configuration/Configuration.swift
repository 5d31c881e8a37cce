// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// One app client of one user pool, for one program: options that were checked. An object, as nearly all holds it.
public final class Configuration {
    public let appID: String
    public let userPoolID: String
    public let clientID: String
    public let clientSecret: SecretBytes?
    public let endpoint: Endpoint
    public let hostedUI: HostedUI
    /// A PEM file of the certificates to trust; nil for the system's.
    public let certificateFile: String?
    /// nil for the environment's, "" for none.
    public let proxy: String?
    public let timeoutMilliseconds: Int64
    public let maximumAttempts: Int
    public let logLevel: LogLevel
    /// Whether the keyring keeps what a sign-out could not finish.
    public let keepsUnfinished: Bool

    /// Checks everything that can be checked without a look at the network or a file.
    public static func checked(
        _ options: ConfigurationOptions, _ urls: any URLReader
    ) throws(AuthFailure) -> Configuration {
        let names = options.names
        let appID = try required(options.appID, .option("app_id"))
        guard appID.utf8.count <= 128, appID.hasOnly({ $0.isASCIIGraphic }) else {
            throw .invalid("app_id", "must be 1 to 128 printable ASCII characters without spaces")
        }

        let userPoolID = try required(options.userPoolID, names.userPoolID)
        guard prefix(ofPool: userPoolID) != nil else {
            throw names.userPoolID.invalid(
                "must have the form {region}_{letters and digits}, as in eu-west-1_AbCdEfGhI")
        }

        let clientID = try required(options.clientID, names.clientID)
        guard clientID.utf8.count <= 128, clientID.hasOnly(isIdentifierCharacter) else {
            throw names.clientID.invalid("must be 1 to 128 of the characters A-Z a-z 0-9 _ +")
        }

        if let clientSecret = options.clientSecret {
            let isWellFormed =
                (24...64).contains(clientSecret.count)
                && clientSecret.withBytes { $0.allSatisfy(isIdentifierCharacter) }
            guard isWellFormed else {
                throw names.clientSecret.invalid("must be 24 to 64 of the characters A-Z a-z 0-9 _ +")
            }
        }

        if let region = options.region, !isRegion(region) {
            throw names.region.invalid("must be a region of AWS, as in eu-west-1")
        }
        let endpoint: Endpoint
        if let text = options.endpoint {
            guard !options.useFIPS else { throw names.endpoint.excluding("use_fips") }
            guard !options.useDualStack else { throw names.endpoint.excluding("use_dualstack") }
            guard let named = Endpoint(text, urls) else {
                throw names.endpoint.invalid(
                    "must be https://host[:port][/path], or http:// to localhost, 127.0.0.1 or [::1], without user name or query"
                )
            }
            endpoint = named
        } else {
            // Local Cognitos have pools such as "local_1a2b3c"; they are reached through `endpoint`.
            guard let region = options.region ?? Self.region(ofPool: userPoolID) else {
                throw names.userPoolID.invalid("must begin with a region of AWS, unless region or endpoint is set")
            }
            endpoint = Endpoint(region: region, useFIPS: options.useFIPS, useDualStack: options.useDualStack)
        }

        let hostedUI = try HostedUI(options, appID: appID, urls)

        if let certificateFile = options.certificateFile {
            guard !certificateFile.isEmpty else { throw .invalid("ca_file", "must not be empty") }
            guard !hasControlCharacter(certificateFile) else {
                throw .invalid("ca_file", "must not contain control characters")
            }
        }
        if let proxy = options.proxy, hasEncodedControlCharacter(proxy) {
            throw .invalid("proxy", "must not contain control characters, not even percent-encoded")
        }
        if let proxy = options.proxy, !proxy.isEmpty, !isProxy(proxy, urls) {
            throw .invalid(
                "proxy",
                "must be scheme://[user:password@]host[:port] with one of the schemes http, https, socks4, socks4a, socks5 and socks5h"
            )
        }

        let milliseconds = try timeout(options.timeoutMilliseconds, "timeout_ms", default: 30_000)
        guard (0...10).contains(options.maximumAttempts) else {
            throw .invalid("max_attempts", "must be 1 to 10, or 0 for the default")
        }
        guard let logLevel = options.logLevel == 0 ? .warning : LogLevel(rawValue: options.logLevel) else {
            throw .invalid("log_level", "must be one of AUTH_LOG_LEVEL")
        }
        return Configuration(
            options, appID: appID, userPoolID: userPoolID, clientID: clientID, endpoint, hostedUI,
            timeoutMilliseconds: milliseconds, logLevel)
    }

    /// Options that were checked, and what was made of them.
    private init(
        _ options: ConfigurationOptions, appID: String, userPoolID: String, clientID: String, _ endpoint: Endpoint,
        _ hostedUI: HostedUI, timeoutMilliseconds: Int64, _ logLevel: LogLevel
    ) {
        self.appID = appID
        self.userPoolID = userPoolID
        self.clientID = clientID
        clientSecret = options.clientSecret
        self.endpoint = endpoint
        self.hostedUI = hostedUI
        certificateFile = options.certificateFile
        proxy = options.proxy
        self.timeoutMilliseconds = timeoutMilliseconds
        maximumAttempts = options.maximumAttempts == 0 ? 3 : Int(options.maximumAttempts)
        self.logLevel = logLevel
        keepsUnfinished = options.keepsUnfinished
    }

    /// The time of a call: `requested` milliseconds, or `standard` if that is 0.
    public static func timeout(
        _ requested: Int32, _ name: StaticString, default standard: Int64
    ) throws(AuthFailure) -> Int64 {
        if requested == 0 { return standard }
        guard (100...3_600_000).contains(requested) else {
            throw .invalid(name, "must be 100 to 3600000, or 0 for the default")
        }
        return Int64(requested)
    }

    private static func required(_ text: String?, _ setting: Setting) throws(AuthFailure) -> String {
        guard let text else { throw setting.missing }
        guard !text.isEmpty else { throw setting.invalid("must not be empty") }
        return text
    }

    /// Whether the text is nothing but a scheme, perhaps a login, and a server, which ends it.
    private static func isProxy(_ text: String, _ urls: any URLReader) -> Bool {
        let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
        guard !hasControlCharacter(text), text.hasOnly({ !$0.isOne(of: "?#") }),
            let parts = urls.parts(of: text), parts.isServer, parts.path.isExactly("/"),
            schemes.contains(where: { $0.isExactly(parts.scheme) })
        else { return false }
        let scheme = String.joining(parts.scheme, "://")
        return ["", "/"].contains { end in
            text.isExactly(.joining(scheme, parts.server, end))
                || text.startsExactly(with: scheme) && text.endsExactly(with: .joining("@", parts.server, end))
        }
    }

    /// What stands before the underscore, which is the region in Cognito's own pools.
    ///
    /// Source: the pattern of UserPoolIdType in the Cognito API reference, `[\w-]+_[0-9a-zA-Z]+`, 1 to 55.
    static func prefix(ofPool userPoolID: String) -> String? {
        userPoolID.withBytes { bytes in
            guard bytes.count <= 55, let underscore = bytes.firstIndex(of: UInt8(ascii: "_")) else { return nil }
            let prefix = UnsafeRawBufferPointer(rebasing: bytes[..<underscore])
            let identifier = UnsafeRawBufferPointer(rebasing: bytes[(underscore + 1)...])
            guard !prefix.isEmpty, prefix.allSatisfy({ $0.isASCIIAlphanumeric || $0 == UInt8(ascii: "-") }),
                !identifier.isEmpty, identifier.allSatisfy({ $0.isASCIIAlphanumeric })
            else { return nil }
            return prefix.text
        }
    }

    /// The region that a pool's id begins with, if it does.
    static func region(ofPool userPoolID: String) -> String? {
        prefix(ofPool: userPoolID).flatMap { isRegion($0) ? $0 : nil }
    }

    /// Three or more groups of lower-case letters and digits, as in "us-gov-west-1".
    private static func isRegion(_ text: String) -> Bool {
        var hyphens = 0
        var last = UInt8(ascii: "-")
        let hasGroups = text.hasOnly { byte in
            defer { last = byte }
            guard byte == UInt8(ascii: "-") else { return byte.isASCIILowercase || byte.isASCIIDigit }
            hyphens += 1
            return last != byte
        }
        return text.utf8.count <= 32 && hasGroups && hyphens >= 2 && last != UInt8(ascii: "-")
    }

    private static func isIdentifierCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte.isOne(of: "_+")
    }

    /// libcurl takes a proxy with one of these in its login for none, and connects without it.
    private static func hasEncodedControlCharacter(_ text: String) -> Bool {
        var last: UInt8 = 0
        return !text.hasOnly { byte in
            defer { last = byte }
            return !(last == UInt8(ascii: "%") && byte.isOne(of: "01"))
        }
    }

    /// Those from U+0080 to U+009F have 0xC2 before their last byte.
    static func hasControlCharacter(_ text: String) -> Bool {
        var last: UInt8 = 0
        return !text.hasOnly { byte in
            defer { last = byte }
            return byte >= 0x20 && byte != 0x7F && !(last == 0xC2 && byte < 0xA0)
        }
    }
}
