// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// What a program asks for, as it came in.
public struct ConfigurationOptions {
    public var appID: String?
    public var userPoolID: String?
    public var clientID: String?
    public var clientSecret: SecretBytes?
    public var endpoint: String?
    public var region: String?
    /// A host and perhaps a port, or a URL of nothing else.
    public var hostedUIDomain: String?
    public var signInRedirectURIs: [String] = []
    public var signOutRedirectURIs: [String] = []
    public var scopes: [String] = []
    public var appName: String?
    public var certificateFile: String?
    public var proxy: String?
    public var timeoutMilliseconds: Int32 = 0
    public var maximumAttempts: Int32 = 0
    public var useFIPS = false
    public var useDualStack = false
    public var logLevel: Int32 = 0
    public var keepsUnfinished = false

    /// What errors call these.
    var names = ConfigurationNames()

    public init() {}

    /// Takes from a configuration file what is not set.
    ///
    /// A region is one of a pool, a client secret one of an app client, and a hosted UI one of both: they are not mixed.
    public mutating func fill(from file: AmplifyConfiguration) {
        let isPoolOfFile = Self.fits(userPoolID, file.userPoolID)
        let isClientOfFile = Self.fits(clientID, file.clientID)
        if isPoolOfFile { Self.fill(&region, file.region, &names.region, file.keys.region) }
        if isClientOfFile {
            Self.fill(&clientSecret, file.clientSecret, &names.clientSecret, file.keys.clientSecret)
        }
        if isPoolOfFile, isClientOfFile {
            fill(file.hostedUI, file.keys)
        }
        Self.fill(&userPoolID, file.userPoolID, &names.userPoolID, file.keys.userPoolID)
        Self.fill(&clientID, file.clientID, &names.clientID, file.keys.clientID)
        Self.fill(&endpoint, file.endpoint, &names.endpoint, file.keys.endpoint)
    }

    private mutating func fill(_ hostedUI: AmplifyHostedUI, _ keys: AmplifyKeys) {
        Self.fill(&hostedUIDomain, hostedUI.domain, &names.hostedUIDomain, keys.hostedUIDomain)
        if signInRedirectURIs.isEmpty {
            signInRedirectURIs = hostedUI.signInRedirectURIs
            names.signInRedirectURIs = keys.signInRedirectURIs
        }
        if signOutRedirectURIs.isEmpty {
            signOutRedirectURIs = hostedUI.signOutRedirectURIs
            names.signOutRedirectURIs = keys.signOutRedirectURIs
        }
        scopes = hostedUI.scopes
    }

    private static func fill<Value>(_ value: inout Value?, _ other: Value?, _ name: inout Setting, _ key: Setting?) {
        guard value == nil, let key else { return }
        value = other
        name = key
    }

    /// Whether what belongs to the file's id belongs to this one.
    private static func fits(_ id: String?, _ idOfFile: String?) -> Bool {
        guard let id else { return true }
        return idOfFile.map { $0.isExactly(id) } ?? false
    }
}
