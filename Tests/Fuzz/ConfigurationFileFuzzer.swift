// SPDX-License-Identifier: Apache-2.0

import SecretMemory

@testable import CognitoAuth

/// A configuration file, of whatever shape. What a client is made of fits, and what is said of one that does not holds none
/// of its secrets.
enum ConfigurationFileFuzzer {
    static func run(_ bytes: UnsafeRawBufferPointer) {
        let text = FuzzInput.withSecrets(bytes)
        var options = ConfigurationOptions()
        options.appID = "org.example.App"
        do {
            let file = try AmplifyConfiguration(parsing: text)
            options.fill(from: file)
            let configuration = try Configuration.checked(options, FuzzConfiguration.urls)
            check(configuration)
            checkPrecedence(file)
        } catch {
            require([.invalidConfiguration, .invalidArgument].contains(error.status))
            ToldText.check(error)
            checkLine(error, text)
        }
    }

    private static func check(_ configuration: Configuration) {
        require((1...55).contains(configuration.userPoolID.utf8.count))
        require((1...128).contains(configuration.clientID.utf8.count))
        require(configuration.clientSecret.map { (24...64).contains($0.count) } ?? true)
        let texts =
            [configuration.userPoolID, configuration.clientID, configuration.endpoint.url]
            + (configuration.hostedUI.origin.map { [$0.url] } ?? [])
            + (configuration.hostedUI.signInRedirects + configuration.hostedUI.signOutRedirects).map { $0.text }
        for text in texts { require(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "a setting is not ASCII") }
        URLFuzzer.checkSent(configuration.endpoint)
        if let origin = configuration.hostedUI.origin { URLFuzzer.checkSent(origin) }
    }

    /// What the program sets is not taken from the file, and nothing that belongs to another app client.
    private static func checkPrecedence(_ file: AmplifyConfiguration) {
        var options = FuzzConfiguration.options("org.example.App")
        options.clientID = "another"
        options.fill(from: file)
        require(options.clientID?.isExactly("another") ?? false, "an option was overwritten")
        require(options.userPoolID?.isExactly("eu-west-1_AbCdEfGhI") ?? false, "an option was overwritten")
        guard file.clientID?.isExactly("another") != true else { return }
        require(options.clientSecret == nil && options.hostedUIDomain == nil, "settings of two clients are mixed")
    }

    /// A line that is named is one of the file.
    private static func checkLine(_ failure: AuthFailure, _ text: SecretBytes) {
        let beginning = "The configuration file is not JSON: see line "
        guard failure.message.hasPrefix(beginning),
            let line = Int(failure.message.dropFirst(beginning.count).dropLast())
        else { return }
        let lines = text.withBytes { $0.count { $0 == UInt8(ascii: "\n") } } + 1
        require((1...lines).contains(line), "there is no line \(line)")
    }
}

@_cdecl("fuzz_configuration_file")
public func fuzzConfigurationFile(_ data: UnsafeRawPointer, _ size: Int) -> CInt {
    ConfigurationFileFuzzer.run(UnsafeRawBufferPointer(start: data, count: size))
    return 0
}
