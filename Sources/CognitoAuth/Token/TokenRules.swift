// SPDX-License-Identifier: Apache-2.0

public import SecretMemory

/// What may be sent to Cognito as a token.
///
/// Source: the pattern of TokenModelType in the Cognito API reference, `[A-Za-z0-9-_=.]+`.
public enum TokenRules {
    /// Four times the largest token that has been seen.
    public static let maximumLength = 65_536

    public static func accept(_ token: SecretBytes) -> Bool {
        !token.isEmpty && token.count <= maximumLength && token.withBytes { $0.allSatisfy(isTokenCharacter) }
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        byte.isASCIIAlphanumeric || byte.isOne(of: "-_=.")
    }
}
