// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The error that a redirect carries (RFC 6749, section 4.1.2.1).
public final class RedirectError: Sendable {
    /// As in "access_denied"; "" if it is not the name of an error.
    let code: String
    /// What the server says of it, redacted; "" if nothing.
    let description: String

    @inline(never)
    init(_ query: RedirectQuery, _ secrets: [SecretBytes]) {
        code = query.value("error").map { OAuthErrorName.read($0, secrets) } ?? ""
        description = query.value("error_description").map { Redaction.redact($0, secrets: secrets) } ?? ""
    }

    /// What the program is told.
    func failure(in situation: Situation) -> AuthFailure {
        var message = Status.browserRedirectError.message
        if !code.isEmpty || !description.isEmpty {
            let separator = code.isEmpty || description.isEmpty ? "" : ": "
            message = .joining("The browser came back with an error (", code, separator, description, ").")
        }
        return AuthFailure(
            .browserRedirectError, message, in: situation, serviceException: code.isEmpty ? nil : code)
    }
}

/// The name of an error of OAuth, as in "invalid_grant".
enum OAuthErrorName {
    /// The name. "" if the text is not the name of an error, or if one of `secrets` is in it: those of app clients have the
    /// same characters.
    static func read(_ text: SecretBytes, _ secrets: [SecretBytes]) -> String {
        text.withBytes { bytes in
            let isName =
                (1...64).contains(bytes.count) && !Redaction.hasSecret(bytes, secrets)
                && bytes.allSatisfy { $0.isASCIILowercase || $0.isASCIIDigit || $0 == UInt8(ascii: "_") }
            return isName ? bytes.text : ""
        }
    }
}
