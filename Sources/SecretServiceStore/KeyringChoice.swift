// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import Linux

/// Which of libsecret's two places items are in.
enum KeyringChoice {
    case secretService
    case encryptedFile

    /// Chosen as libsecret does, but that SECRET_BACKEND comes first, and that a sandbox must be a real one.
    static func current(_ limit: WaitLimit) throws(AuthFailure) -> KeyringChoice {
        if let name = Environment.value("SECRET_BACKEND") {
            if name.isExactly("service") { return .secretService }
            if name.isExactly("file") {
                try requireFile(limit)
                return .encryptedFile
            }
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

    /// A SECRET_BACKEND that was left over must not say that nobody is signed in: without a file, and without anybody who
    /// has a key for one, what is stored is elsewhere.
    private static func requireFile(_ limit: WaitLimit) throws(AuthFailure) {
        if KeyringFile().exists || Environment.value("SECRET_FILE_TEST_PASSWORD") != nil { return }
        guard try Sandbox.hasSecretPortal(limit) else {
            throw AuthFailure(
                .keyringUnavailable,
                detail: "SECRET_BACKEND says that it is a file, and there is neither one nor a Secret portal")
        }
    }
}
