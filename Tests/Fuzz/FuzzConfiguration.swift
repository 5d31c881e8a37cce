// SPDX-License-Identifier: Apache-2.0

import CurlTransport
import SecretMemory

@testable import CognitoAuth

/// The client for which the fuzzers read, and one of another app.
enum FuzzConfiguration {
    nonisolated(unsafe) static let urls = CurlURLReader()
    nonisolated(unsafe) static let standard = configuration("org.example.App")
    nonisolated(unsafe) static let another = configuration("org.example.Other")

    static func options(_ appID: String) -> ConfigurationOptions {
        var options = ConfigurationOptions()
        options.appID = appID
        options.userPoolID = "eu-west-1_AbCdEfGhI"
        options.clientID = "1example23456789"
        return options
    }

    private static func configuration(_ appID: String) -> Configuration {
        do {
            return try Configuration.checked(options(appID), urls)
        } catch {
            fatalError(error.message)
        }
    }
}
