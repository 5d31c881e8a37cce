// SPDX-License-Identifier: Apache-2.0

internal import CGLib
internal import CPlatform
internal import CognitoAuth

/// The file that processes with the same app, pool and client lock in turn, with flock(2).
///
/// It is in a directory of ours in the user's runtime directory, in Flatpak in the app's own, and named
/// by a hash. It is never deleted: a process that waits for a deleted file waits for nothing. To be used
/// by one thread at a time.
final class LockFile {
    private let directory: String
    private let name: String
    private var descriptor: Int32 = -1

    /// The lock file for `configuration`; nil without a runtime directory.
    static func make(_ configuration: Configuration) -> LockFile? {
        let identity = "\(configuration.appID)\n\(configuration.userPoolID)\n\(configuration.clientID)"
        guard let directory = runtimeDirectory(),
            let digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, identity, -1)
        else { return nil }
        defer { g_free(digest) }
        return LockFile(directory: directory + "/cognitoauth", name: String(cString: digest) + ".lock")
    }

    private init(directory: String, name: String) {
        self.directory = directory
        self.name = name
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    enum Attempt {
        case locked
        case held
        case unusable
    }

    /// Opens the file, unless it is open. Returns false where that is not possible, or the directory is
    /// not ours alone.
    func open() -> Bool {
        if descriptor >= 0 { return true }
        mkdir(directory, 0o700)
        let parent = cognitoauth_open_directory(directory)
        guard parent >= 0 else { return false }
        defer { close(parent) }
        var status = stat()
        guard fstat(parent, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else { return false }
        descriptor = cognitoauth_open_lock(parent, name)
        return descriptor >= 0
    }

    func tryLock() -> Attempt {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return isDeleted ? reopen() : .locked }
        return cognitoauth_errno() == EWOULDBLOCK || cognitoauth_errno() == EINTR ? .held : .unusable
    }

    /// Runtime directories are cleaned up: who locks a file that is gone locks nobody out.
    private var isDeleted: Bool {
        var status = stat()
        return fstat(descriptor, &status) != 0 || status.st_nlink == 0
    }

    private func reopen() -> Attempt {
        close(descriptor)
        descriptor = -1
        return open() ? .held : .unusable
    }

    /// Explicitly, and not by closing: a child of fork(2) has the file open too.
    func unlock() {
        if descriptor >= 0 { flock(descriptor, LOCK_UN) }
    }

    private static func runtimeDirectory() -> String? {
        guard let directory = environment("XDG_RUNTIME_DIR"), directory.utf8.first == UInt8(ascii: "/") else {
            return nil
        }
        guard let flatpak = environment("FLATPAK_ID") else { return directory }
        return "\(directory)/app/\(flatpak)"
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
