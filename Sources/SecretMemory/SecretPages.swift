// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

/// Memory for secrets: whole pages of their own, which core dumps leave out (MADV_DONTDUMP, madvise(2)), and
/// which are wiped before they are given back. They may be swapped out; programs may lock few pages only.
public enum SecretPages {
    /// Zeroed memory of `size` bytes, aligned as pages are.
    public static func allocate(_ size: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: cognitoauth_secret_pages(size), count: size)
    }

    /// Wipes the memory and gives it back.
    public static func free(_ memory: UnsafeMutableRawBufferPointer) {
        wipe(memory)
        unmap(memory)
    }

    static func unmap(_ memory: UnsafeMutableRawBufferPointer) {
        guard let start = memory.baseAddress else { return }
        munmap(start, memory.count)
    }

    static func wipe(_ memory: UnsafeMutableRawBufferPointer) {
        guard let start = memory.baseAddress else { return }
        explicit_bzero(start, memory.count)
    }
}
