// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A query or a form, read by another parser than the core's.
enum URLQuery {
    /// The parameters; nil if one is there twice, or is no text.
    static func parameters(_ text: String) -> [String: String]? {
        var parameters: [String: String] = [:]
        for pair in text.components(separatedBy: "&") {
            let parts = pair.components(separatedBy: "=")
            guard parts.count == 2, let value = parts[1].removingPercentEncoding,
                parameters.updateValue(value, forKey: parts[0]) == nil
            else { return nil }
        }
        return parameters
    }

    /// Those of a URL.
    static func parameters(of url: String) -> [String: String] {
        url.components(separatedBy: "?").dropFirst().first.flatMap { parameters($0) } ?? [:]
    }
}
