// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CognitoAuth
internal import Linux

/// Where the lock files are: a directory of ours in the user's runtime directory, in Flatpak in the app's own.
struct LockDirectory {
    private static let name = "cognitoauth"
    private let parent: String

    /// The directory that the environment tells; nil if it tells none.
    static func inEnvironment() -> LockDirectory? {
        guard let runtime = Environment.value("XDG_RUNTIME_DIR"), runtime.startsExactly(with: "/") else { return nil }
        // A program that a Flatpak starts outside may be left the variable: it must wait for the others that are there.
        guard access("/.flatpak-info", F_OK) == 0, let flatpak = Environment.value("FLATPAK_ID") else {
            return LockDirectory(parent: runtime)
        }
        return LockDirectory(parent: .joining(runtime, "/app/", flatpak))
    }

    /// A descriptor of the directory, which is made where it is missing; -1 where that is not possible, or the
    /// directory is not ours alone. In a runtime directory of somebody else (sudo keeps the variable) nothing is made:
    /// what is ours there would keep its owner out.
    func open() -> Int32 {
        let outer = cognitoauth_open_directory(parent)
        guard outer >= 0 else { return -1 }
        defer { close(outer) }
        guard let owned = Self.status(outer), owned.st_uid == geteuid() else { return -1 }
        mkdirat(outer, Self.name, 0o700)
        let inner = cognitoauth_open_subdirectory(outer, Self.name)
        guard inner >= 0 else { return -1 }
        if let owned = Self.status(inner), owned.st_uid == geteuid(), owned.st_mode & 0o077 == 0 { return inner }
        close(inner)
        return -1
    }

    private static func status(_ descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }
}
