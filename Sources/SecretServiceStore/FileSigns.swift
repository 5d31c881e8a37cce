// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth

/// What the folder of libsecret's encrypted file tells of changes: each writes a new file, which takes the old one's name.
final class FileSigns {
    /// Whether the folder is no longer where it was.
    private(set) var haveEnded = false
    private let signs: Signs
    private let file: KeyringFile
    private let descriptor: Int32
    private var source: UnsafeMutablePointer<GSource>?

    static func begin(_ signs: Signs, _ context: KeyringContext) throws(AuthFailure) -> FileSigns {
        let file = KeyringFile()
        let this: FileSigns
        do throws(BusFailure) {
            this = FileSigns(signs, file, try file.watchFolder())
        } catch {
            throw error.failure
        }
        if let source = this.source { context.attach(source) }
        return this
    }

    /// Takes over the descriptor.
    private init(_ signs: Signs, _ file: KeyringFile, _ descriptor: Int32) {
        self.signs = signs
        self.file = file
        self.descriptor = descriptor
        source = cognitoauth_descriptor_source(
            descriptor,
            { _, _, data in
                guard let data else { return 0 }
                return Unmanaged<FileSigns>.fromOpaque(data).takeUnretainedValue().read() ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        g_source_destroy(source)
        g_source_unref(source)
        close(descriptor)
        signs.end()
    }

    /// Returns whether more can come.
    private func read() -> Bool {
        let changes = file.changes(descriptor)
        if changes & Int32(COGNITOAUTH_FILE_CHANGED) != 0 { signs.note() }
        haveEnded = changes & Int32(COGNITOAUTH_FOLDER_GONE) != 0
        return !haveEnded
    }
}
