// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

/// The turn to change the encrypted file: while this lives, no other process with this library does.
///
/// libsecret sees whether the file is still the one that it read, and then writes; what is written in between is lost.
final class FileTurn {
    private let folder: Int32

    /// How long another process's turn is waited for, in milliseconds: one that hangs is not.
    private static let patience = 1000

    /// Takes over the descriptor of the file's folder.
    init(_ folder: Int32) {
        self.folder = folder
        for _ in 0..<Self.patience {
            if flock(folder, LOCK_EX | LOCK_NB) == 0 || cognitoauth_errno() != EWOULDBLOCK { break }
            usleep(1000)
        }
    }

    deinit {
        flock(folder, LOCK_UN)
        close(folder)
    }
}
