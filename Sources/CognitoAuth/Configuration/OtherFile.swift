// SPDX-License-Identifier: Apache-2.0

/// A file that people take for a configuration file, and that is no JSON.
///
/// Amplify's tools write the same settings as program code too, which programs in these languages import.
enum OtherFile {
    /// amplify_outputs.dart, amplifyconfiguration.dart: the JSON, in a text between three quotation marks.
    case dart
    /// aws-exports.js, amplify_outputs.mjs, amplify_outputs.ts.
    case javaScript
    /// What some shells on Windows write where the output of a program goes into a file.
    case utf16

    /// What `text`, which is not JSON, is instead; nil if it is not one of these kinds.
    init?(_ text: UnsafeRawBufferPointer) {
        if text.count >= 2, (text[0], text[1]) == (0xFF, 0xFE) || (text[0], text[1]) == (0xFE, 0xFF) {
            self = .utf16
            return
        }
        // JSON that has a mistake in it may hold any text, but it does not begin like a program.
        let start = text.firstIndex { $0 > UInt8(ascii: " ") && ![0xEF, 0xBB, 0xBF].contains($0) } ?? 0
        let beginnings = [
            "const ", "final ", "var ", "let ", "String ", "import ", "export ", "module.", "exports.", "window.",
            "'use strict'", "\"use strict\"", "//", "/*",
        ]
        guard beginnings.contains(where: { text.has($0, at: start) }) else { return nil }
        if text.mentions("'''") || text.mentions("\"\"\"") {
            self = .dart
        } else if text.mentions("export") || text.mentions("const ") || text.mentions("window.") {
            self = .javaScript
        } else {
            return nil
        }
    }

    var failure: AuthFailure {
        switch self {
        case .dart:
            AuthFailure(
                .invalidConfiguration,
                "The configuration file is Dart code, not JSON. Take amplify_outputs.json or amplifyconfiguration.json.",
                in: .programCode)
        case .javaScript:
            AuthFailure(
                .invalidConfiguration,
                "The configuration file is JavaScript or TypeScript code, not JSON. Take amplify_outputs.json or amplifyconfiguration.json.",
                in: .programCode)
        case .utf16:
            AuthFailure(.invalidConfiguration, "The configuration file is UTF-16. Save it as UTF-8.", in: .encodedFile)
        }
    }
}
