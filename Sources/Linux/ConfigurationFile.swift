// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
public import CognitoAuth
public import SecretMemory

/// A configuration file. Its bytes are kept as a secret's, as it can hold a client secret.
public enum ConfigurationFile {
    private static let maximumSize = 1 << 20

    /// The whole file. A folder, a pipe or a device is refused without being opened: that alone can have an
    /// effect. It is looked at again once it is open, as the path may lead elsewhere by then.
    public static func contents(_ path: UnsafePointer<CChar>) throws(AuthFailure) -> SecretBytes {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(cognitoauth_errno()) }
        try check(status)
        let descriptor = cognitoauth_open_to_read(path)
        guard descriptor >= 0 else { throw failure(cognitoauth_errno()) }
        defer { close(descriptor) }
        guard fstat(descriptor, &status) == 0 else { throw failure(cognitoauth_errno()) }
        try check(status)
        return try contents(descriptor)
    }

    private static func check(_ status: stat) throws(AuthFailure) {
        switch Int32(truncatingIfNeeded: status.st_mode) & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw unreadable("The path of the configuration file leads to a folder.")
        default: throw unreadable("The path of the configuration file leads to a pipe, a socket or a device.")
        }
        guard status.st_size <= maximumSize else { throw tooLarge }
    }

    /// Reads to the end: the size that was told is not that of a file that grows meanwhile.
    private static func contents(_ descriptor: Int32) throws(AuthFailure) -> SecretBytes {
        let bytes = SecretBytes()
        while bytes.count <= maximumSize {
            var code: Int32 = 0
            let before = bytes.count
            bytes.fill(capacity: 65536) { buffer in
                let count = read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0 { code = cognitoauth_errno() }
                return count
            }
            if code != 0, code != EINTR { throw failure(code) }
            if code == 0, bytes.count == before { return bytes }
        }
        throw tooLarge
    }

    private static func failure(_ code: Int32) -> AuthFailure {
        switch code {
        case ENOENT, ENOTDIR: unreadable("There is no configuration file at this path.")
        case EACCES, EPERM: unreadable("This user may not read the configuration file.")
        case EMFILE, ENFILE: AuthFailure(.outOfResources)
        default: unreadable(.joining("The configuration file cannot be read: error ", String(code), "."))
        }
    }

    private static var tooLarge: AuthFailure { unreadable("The configuration file is larger than 1 MiB.") }

    private static func unreadable(_ message: String) -> AuthFailure {
        AuthFailure(.configurationUnreadable, message)
    }
}
