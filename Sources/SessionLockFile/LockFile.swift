// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

/// A file that one process at a time can lock, with flock(2), and that holds a number.
///
/// It is never deleted: a process that waits for a deleted file waits for nothing. To be used by one thread at a time.
final class LockFile {
    private let directory: LockDirectory
    private let name: String
    private var descriptor: Int32 = -1

    init(_ directory: LockDirectory, name: String) {
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

    /// Opens the file, unless it is open and still there. Returns false where that is not possible.
    func open() -> Bool {
        if descriptor >= 0 {
            if !isDeleted { return true }
            close(descriptor)
            descriptor = -1
        }
        let parent = directory.open()
        guard parent >= 0 else { return false }
        defer { close(parent) }
        descriptor = cognitoauth_open_lock(parent, name)
        return descriptor >= 0
    }

    /// Locks the file if nobody else has it locked. The file must be open.
    func tryLock() -> Attempt {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
            if !isDeleted { return .locked }
            return open() ? .held : .unusable
        }
        return cognitoauth_errno() == EWOULDBLOCK || cognitoauth_errno() == EINTR ? .held : .unusable
    }

    /// Runtime directories are cleaned up: who locks a file that is gone locks nobody out.
    private var isDeleted: Bool {
        var status = stat()
        return fstat(descriptor, &status) != 0 || status.st_nlink == 0
    }

    /// Explicitly, and not by closing: a child of fork(2) has the file open too.
    func unlock() {
        if descriptor >= 0 { flock(descriptor, LOCK_UN) }
    }

    /// The number in the file; 0 if it has no number. Only who has the file locked may set it.
    var number: UInt64 {
        get {
            var number: UInt64 = 0
            return pread(descriptor, &number, MemoryLayout<UInt64>.size, 0) == MemoryLayout<UInt64>.size ? number : 0
        }
        set {
            var number = newValue
            pwrite(descriptor, &number, MemoryLayout<UInt64>.size, 0)
        }
    }
}
