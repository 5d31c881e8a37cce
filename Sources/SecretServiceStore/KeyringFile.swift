// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth
internal import Linux

/// The file that libsecret encrypts items into.
///
/// It is looked at before libsecret reads it: that ends the process over some damage, computes for hours over other,
/// and waits for good where a pipe is in the file's place.
final class KeyringFile {
    private let path = cognitoauth_keyring_file_path("")
    /// The file as it was before the last change: GIO leaves it.
    private let backupPath = cognitoauth_keyring_file_path("~")
    private let trialPath = cognitoauth_keyring_file_path(".trial")

    deinit {
        g_free(trialPath)
        g_free(path)
        g_free(backupPath)
    }

    /// A text with a NUL in it would end there: Swift 6.2 puts it where the linker merges what ends with one.
    private static let header: [UInt8] = Array("GnomeKeyring\n\r".utf8) + [0, UInt8(ascii: "\n"), 1, 0]
    /// The salt's size, the salt, iterations, time of the last change, number of changes; then for each item the
    /// attributes, of which the values are hashed, and all of it encrypted.
    private static let type: StaticString = "(uayutua(a{say}ay))"
    private static let hashSize = 32
    private static let blockSize = 16
    private static let maximumSize = 1 << 24
    /// libsecret writes 100,000, which take 30 ms.
    private static let maximumIterations: UInt64 = 10_000_000
    /// The end of the year 9999.
    private static let maximumTime: UInt64 = 253_402_300_799

    var exists: Bool { access(path, F_OK) == 0 }

    /// How many items are in the file; none if there is no file. Fails if it is damaged.
    func countItems() throws(BusFailure) -> Int {
        guard let bytes = try contents() else { return 0 }
        guard let count = Self.countItems(bytes) else { throw damaged }
        return count
    }

    /// nil: it is no such file. Whether the items themselves are whole shows when they are decrypted.
    private static func countItems(_ bytes: [UInt8]) -> Int? {
        guard bytes.starts(with: header) else { return nil }
        let data = bytes[header.count...].withUnsafeBytes { g_bytes_new($0.baseAddress, UInt($0.count)) }
        defer { g_bytes_unref(data) }
        guard let file = Variant.taking(g_variant_new_from_bytes(type.variantType, data, 0)), file.isNormal,
            let saltSize = file[0]?.unsigned, let salt = file[1], saltSize.isCount(of: salt), saltSize > 0,
            let iterations = file[2]?.unsigned, (1...maximumIterations).contains(iterations),
            let time = file[3]?.unsigned, time <= maximumTime, let items = file[5]?.elements,
            items.allSatisfy({ isItem($0) })
        else { return nil }
        return items.count
    }

    private static func isItem(_ item: Variant) -> Bool {
        guard let attributes = item[0]?.elements, let encrypted = item[1]?.count else { return false }
        // At least one block, then what it was encrypted and is checked with.
        return attributes.allSatisfy { $0[1]?.count == hashSize } && encrypted % blockSize == 0
            && encrypted >= 2 * blockSize + hashSize
    }

    private func contents() throws(BusFailure) -> [UInt8]? {
        let descriptor = cognitoauth_open_to_read(path)
        guard descriptor >= 0 else {
            if cognitoauth_errno() == ENOENT { return nil }
            throw failure
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure }
        guard Int32(truncatingIfNeeded: status.st_mode) & S_IFMT == S_IFREG, status.st_size <= Self.maximumSize else {
            throw damaged
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var length = 0
        while length < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress.map { $0 + length }, $0.count - length)
            }
            if count < 0, cognitoauth_errno() == EINTR { continue }
            guard count >= 0 else { throw failure }
            guard count > 0 else { break }
            length += count
        }
        return Array(bytes[..<length])
    }

    /// The turn to change the file.
    func turn() -> FileTurn {
        let folder = g_path_get_dirname(path)
        defer { g_free(folder) }
        return FileTurn(cognitoauth_open_directory(folder))
    }

    /// A descriptor that is readable when something has changed in the file's folder, which is made as libsecret would.
    func watchFolder() throws(BusFailure) -> Int32 {
        let folder = g_path_get_dirname(path)
        defer { g_free(folder) }
        guard g_mkdir_with_parents(folder, 0o700) == 0 else { throw failure }
        let watch = cognitoauth_watch_folder(folder)
        guard watch >= 0 else {
            // Of inotify's watches, that is.
            throw cognitoauth_errno() == ENOSPC ? failure(EMFILE) : failure
        }
        return watch
    }

    /// Takes what `watchFolder` has to tell: see `cognitoauth_folder_changes`.
    func changes(_ watch: Int32) -> Int32 {
        let name = g_path_get_basename(path)
        defer { g_free(name) }
        return cognitoauth_folder_changes(watch, name)
    }

    /// Fails where there is no room for a file so much larger beside this one. GIO puts what it could write in a
    /// file's place all the same: on a full disk nothing, and all items would be lost.
    func requireRoom(for growth: Int) throws(BusFailure) {
        let size = (try contents()?.count ?? 0) + growth
        unlink(trialPath)
        let descriptor = cognitoauth_create_file(trialPath)
        guard descriptor >= 0 else { throw failure }
        let code = posix_fallocate(descriptor, 0, off_t(size))
        close(descriptor)
        unlink(trialPath)
        if code != 0 { throw failure(code) }
    }

    /// What was deleted from the file is in its backup still.
    func removeBackup() throws(BusFailure) {
        guard unlink(backupPath) == 0 || cognitoauth_errno() == ENOENT else { throw failure }
    }

    // MARK: Failures

    var damaged: BusFailure { failed(.keyringFailed, "it is damaged; remove it to start afresh") }

    var undecipherable: BusFailure { failed(.keyringFailed, "it is encrypted with another key, or damaged") }

    /// Of the last system call.
    private var failure: BusFailure { failure(cognitoauth_errno()) }

    private func failure(_ code: Int32) -> BusFailure {
        let status: Status =
            switch code {
            case EACCES, EPERM: .keyringAccessDenied
            case EMFILE, ENFILE, ENOMEM: .outOfResources
            default: .keyringFailed
            }
        return failed(status, g_strerror(code).map { String(cString: $0) } ?? "")
    }

    private func failed(_ status: Status, _ problem: String) -> BusFailure {
        let detail = String.joining("the encrypted file ", String(cString: path), ": ", problem)
        return BusFailure(AuthFailure(status, detail: detail), .refused)
    }
}

extension Variant {
    fileprivate var isNormal: Bool { g_variant_is_normal_form(pointer) != 0 }

    fileprivate var count: Int { Int(g_variant_n_children(pointer)) }

    /// A number as the file has it, which is little-endian.
    fileprivate var unsigned: UInt64? {
        if has(type: "u") { return UInt64(UInt32(littleEndian: g_variant_get_uint32(pointer))) }
        return has(type: "t") ? UInt64(littleEndian: UInt64(g_variant_get_uint64(pointer))) : nil
    }
}

extension UInt64 {
    fileprivate func isCount(of variant: Variant) -> Bool { Int(exactly: self) == variant.count }
}
