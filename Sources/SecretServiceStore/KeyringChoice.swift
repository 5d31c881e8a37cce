// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth

/// Which of libsecret's two places items are in.
enum KeyringChoice {
    case secretService
    case encryptedFile

    /// Chosen as libsecret does, but that SECRET_BACKEND comes first, and that a sandbox must be a real one.
    static func current(_ limit: WaitLimit) throws(AuthFailure) -> KeyringChoice {
        if let name = Environment.value("SECRET_BACKEND") {
            if name.isExactly("service") { return .secretService }
            if name.isExactly("file") { return .encryptedFile }
            throw AuthFailure(.keyringUnavailable, detail: "SECRET_BACKEND names no backend of libsecret")
        }
        guard Sandbox.isEntered else { return .secretService }
        if try Sandbox.hasSecretPortal(limit) { return .encryptedFile }
        // Elsewhere nothing would be found, and what is in the file would be left.
        guard !KeyringFile().exists else {
            throw AuthFailure(
                .keyringUnavailable, detail: "the Secret portal, which has the key of the encrypted file, is not there")
        }
        return .secretService
    }
}
