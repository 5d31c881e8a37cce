// SPDX-License-Identifier: Apache-2.0

import Foundation
import SecretMemory
import Testing

@testable import CognitoAuth

/// A file of Tests/Support/amplify, and what it becomes when something in it is changed.
struct AmplifySample: Sendable {
    enum Generation: CaseIterable, Sendable { case first, second }

    static let firstGenerationNames = ["amplifyconfiguration.json", "amplifyconfiguration-minimal.json"]
    static let secondGenerationNames = [
        "amplify_outputs-1.json", "amplify_outputs-1.4.json", "amplify_outputs-1.4-no-oauth.json",
    ]
    static let names = firstGenerationNames + secondGenerationNames

    private(set) var text: String

    init(text: String) { self.text = text }

    init(_ name: String) throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        text = try String(contentsOf: tests.appendingPathComponent("Support/amplify/\(name)"), encoding: .utf8)
    }

    /// The file of its generation that has the most settings.
    init(_ generation: Generation) throws {
        try self.init(generation == .first ? "amplifyconfiguration.json" : "amplify_outputs-1.4.json")
    }

    /// The file with a value, as JSON, at a path; what is missing on the way is made.
    func with(_ path: String, _ json: String) throws -> AmplifySample {
        try with(path, try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed))
    }

    /// The file with a string at a path.
    func with(_ path: String, text: String) throws -> AmplifySample { try with(path, text as Any) }

    func without(_ path: String) throws -> AmplifySample { try with(path, nil as Any?) }

    private func with(_ path: String, _ value: Any?) throws -> AmplifySample {
        var root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        Self.put(value, into: &root, path.split(separator: ".").map(String.init)[...])
        let data = try JSONSerialization.data(withJSONObject: root, options: [.prettyPrinted, .sortedKeys])
        return AmplifySample(text: String(decoding: data, as: UTF8.self))
    }

    private static func put(_ value: Any?, into object: inout [String: Any], _ path: ArraySlice<String>) {
        guard let key = path.first else { return }
        if path.count == 1 {
            object[key] = value
        } else if var member = object[key] as? [String: Any] ?? (value == nil ? nil : [:]) {
            put(value, into: &member, path.dropFirst())
            object[key] = member
        }
    }

    /// What a program that sets only its app id, and what `change` sets, gets from the file.
    func configuration(
        _ change: (inout ConfigurationOptions) -> Void = { _ in }
    ) throws -> Configuration {
        try Self.configuration(SecretBytes(text), change)
    }

    static func configuration(
        _ file: SecretBytes, _ change: (inout ConfigurationOptions) -> Void = { _ in }
    ) throws(AuthFailure) -> Configuration {
        var options = ConfigurationOptions()
        options.appID = "org.example.Mail"
        change(&options)
        options.fill(from: try AmplifyConfiguration(parsing: file))
        return try Configuration.checked(options)
    }

    /// The message about a file that does not fit, or nil if it does.
    func refusal(
        _ change: (inout ConfigurationOptions) -> Void = { _ in }, status: Status = .invalidConfiguration
    ) -> String? {
        Self.refusal(SecretBytes(text), change, status: status)
    }

    static func refusal(
        _ file: SecretBytes, _ change: (inout ConfigurationOptions) -> Void = { _ in },
        status: Status = .invalidConfiguration
    ) -> String? {
        do {
            _ = try configuration(file, change)
            return nil
        } catch {
            #expect(error.status == status)
            #expect(!error.suggestion.isEmpty)
            #expect(error.token == nil && error.serviceException == nil)
            if error.status == .invalidConfiguration {
                #expect(AmplifyMessage.isOne(error.message), "\(error.message)")
            }
            return error.message
        }
    }
}

extension AmplifySample.Generation {
    static let plugin = "auth.plugins.awsCognitoAuthPlugin"

    var userPoolID: String { self == .first ? Self.plugin + ".CognitoUserPool.Default.PoolId" : "auth.user_pool_id" }
    var clientID: String {
        self == .first ? Self.plugin + ".CognitoUserPool.Default.AppClientId" : "auth.user_pool_client_id"
    }
    var region: String { self == .first ? Self.plugin + ".CognitoUserPool.Default.Region" : "auth.aws_region" }
    var hostedUIDomain: String { self == .first ? Self.plugin + ".Auth.Default.OAuth.WebDomain" : "auth.oauth.domain" }
    var signOutRedirectURIs: String {
        self == .first ? Self.plugin + ".Auth.Default.OAuth.SignOutRedirectURI" : "auth.oauth.redirect_sign_out_uri"
    }
    var signInRedirectURIs: String {
        self == .first ? Self.plugin + ".Auth.Default.OAuth.SignInRedirectURI" : "auth.oauth.redirect_sign_in_uri"
    }
    var scopes: String { self == .first ? Self.plugin + ".Auth.Default.OAuth.Scopes" : "auth.oauth.scopes" }
    static let clientSecret = plugin + ".CognitoUserPool.Default.AppClientSecret"
    static let endpoint = plugin + ".CognitoUserPool.Default.Endpoint"

    /// The keys whose values are strings.
    var texts: [String] {
        self == .first
            ? [userPoolID, clientID, Self.clientSecret, region, Self.endpoint, hostedUIDomain] + redirectURIs
            : [userPoolID, clientID, region, Self.secondEndpoint, hostedUIDomain]
    }

    /// The keys whose values are arrays of strings.
    var lists: [String] { self == .first ? [scopes] : redirectURIs + [scopes] }

    var redirectURIs: [String] { [signInRedirectURIs, signOutRedirectURIs] }

    var keys: [String] { texts + lists }

    static let secondEndpoint = "auth.user_pool_endpoint"

    /// The objects on the way to the keys.
    var objects: Set<String> {
        var objects: Set<String> = []
        for key in keys {
            var path = key[...]
            while let dot = path.lastIndex(of: ".") {
                path = path[..<dot]
                objects.insert(String(path))
            }
        }
        return objects
    }
}

/// The messages that a configuration file can be refused with. There are no others: nothing of what a file holds
/// gets into one.
enum AmplifyMessage {
    static let fixed: Set<String> = {
        var messages: Set<String> = ["The configuration file is not a JSON object."]
        for generation in AmplifySample.Generation.allCases {
            for object in generation.objects { messages.insert("\(object) must be an object.") }
            for key in generation.texts { messages.insert("\(key) must be a string.") }
            for key in generation.lists { messages.insert("\(key) must be an array of strings.") }
            messages.insert("\(generation.userPoolID) is missing.")
            messages.insert("\(generation.clientID) is missing.")
            messages.insert("\(generation.userPoolID) \(poolForm)")
            messages.insert("\(generation.userPoolID) \(poolRegion)")
            messages.insert("\(generation.clientID) \(clientForm)")
            messages.insert("\(generation.region) \(regionForm)")
        }
        messages.insert("\(AmplifySample.Generation.clientSecret) \(secretForm)")
        for key in [AmplifySample.Generation.endpoint, AmplifySample.Generation.secondEndpoint] {
            messages.insert("\(key) \(endpointForm)")
        }
        for path in AmplifyShapeTests.paths { messages.insert("\(path) is missing.") }
        for key in ["aws_cognito_region", "aws_project_region"] { messages.insert("\(key) \(regionForm)") }
        messages.formUnion([dart, javaScript, utf16])
        return messages
    }()

    static let dart =
        "The configuration file is Dart code, not JSON. Take amplify_outputs.json or amplifyconfiguration.json."
    static let javaScript =
        "The configuration file is JavaScript or TypeScript code, not JSON. Take amplify_outputs.json or amplifyconfiguration.json."
    static let utf16 = "The configuration file is UTF-16. Save it as UTF-8."

    static let poolForm = "must have the form {region}_{letters and digits}, as in eu-west-1_AbCdEfGhI."
    static let poolRegion = "must begin with a region of AWS, unless region or endpoint is set."
    static let clientForm = "must be 1 to 128 of the characters A-Z a-z 0-9 _ +."
    static let secretForm = "must be 24 to 64 of the characters A-Z a-z 0-9 _ +."
    static let regionForm = "must be a region of AWS, as in eu-west-1."
    static let endpointForm =
        "must be https://host[:port][/path], or http:// to localhost, 127.0.0.1 or [::1], without user name or query."

    static func isOne(_ message: String) -> Bool { fixed.contains(message) || line(message) != nil }

    static func notJSON(_ line: Int) -> String { "The configuration file is not JSON: see line \(line)." }

    /// The line that a message says is no JSON.
    static func line(_ message: String) -> Int? {
        let parts = message.split(separator: " ")
        guard let number = parts.last?.dropLast(), let line = Int(number), message == notJSON(line) else { return nil }
        return line
    }
}
