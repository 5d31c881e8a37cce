// SPDX-License-Identifier: Apache-2.0

internal import JSON
public import SecretMemory

/// What a configuration file of Amplify's says of a user pool and an app client.
public struct AmplifyConfiguration {
    let userPoolID: String?
    let clientID: String?
    let clientSecret: SecretBytes?
    let region: String?
    let endpoint: String?
    let hostedUI: AmplifyHostedUI
    let keys: AmplifyKeys

    public init(parsing file: SecretBytes) throws(AuthFailure) {
        guard let object = file.withBytes({ JSONObject(parsingForeign: $0) }) else { throw Self.notJSON(file) }
        var keys = AmplifyKeys.of(object)
        userPoolID = try Self.text(keys.userPoolID, in: object)
        clientID = try Self.text(keys.clientID, in: object)
        clientSecret = try Self.secret(keys.clientSecret, in: object)
        var region = try Self.text(keys.region, in: object)
        if region == nil, let other = keys.projectRegion, userPoolID.flatMap(Configuration.region(ofPool:)) == nil {
            region = try Self.text(other, in: object)
            keys.region = other
        }
        self.region = region
        self.keys = keys
        endpoint = try Self.text(keys.endpoint, in: object).map(Self.url)
        hostedUI = try AmplifyHostedUI(keys, in: object)
    }

    static func text(_ setting: Setting?, in object: JSONObject) throws(AuthFailure) -> String? {
        try secret(setting, in: object)?.withBytes { $0.text }
    }

    /// Nil for "" too, which Amplify's tools leave where nothing was set.
    static func secret(_ setting: Setting?, in object: JSONObject) throws(AuthFailure) -> SecretBytes? {
        guard let setting else { return nil }
        switch object.find(setting.name) {
        case .nothing: return nil
        case .text(let text): return text.isEmpty ? nil : text
        case .texts, .other: throw setting.invalid("must be a string")
        case .obstacle(let length): throw setting.blocked(after: length)
        }
    }

    /// Amplify wants a host name (amplify-swift #1715), and some of its libraries take a URL.
    private static func url(_ endpoint: String) -> String {
        endpoint.startsExactly(with: "https://") || endpoint.startsExactly(with: "http://")
            ? endpoint : .joining("https://", endpoint)
    }

    private static func notJSON(_ file: SecretBytes) -> AuthFailure {
        if let other = file.withBytes(OtherFile.init) { return other.failure }
        let line = file.withBytes { JSONObject.lineOfError(in: $0) }
        return AuthFailure(
            .invalidConfiguration,
            line.map { .joining("The configuration file is not JSON: see line ", String($0), ".") }
                ?? "The configuration file is not a JSON object.")
    }
}
