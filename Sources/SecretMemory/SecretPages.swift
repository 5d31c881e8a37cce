// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

/// Memory for secrets: whole pages of their own, which core dumps leave out (MADV_DONTDUMP, madvise(2)), and
/// which are wiped before they are given back. They may be swapped out; programs may lock few pages only.
public enum SecretPages {
    /// What is taken at least: enough for what is stored of most sessions.
    public static let smallest = 8192

    /// Zeroed memory of `size` bytes, aligned as pages are.
    public static func allocate(_ size: Int) -> UnsafeMutableRawBufferPointer {
        let start = size > smallest ? map(size) : IdlePages.take() ?? map(smallest)
        return UnsafeMutableRawBufferPointer(start: start, count: size)
    }

    /// Wipes the memory and gives it back.
    public static func free(_ memory: UnsafeMutableRawBufferPointer) {
        guard let start = memory.baseAddress else { return }
        explicit_bzero(start, memory.count)
        if memory.count > smallest {
            munmap(start, memory.count)
        } else if !IdlePages.keep(start) {
            munmap(start, smallest)
        }
    }

    private static func map(_ size: Int) -> UnsafeMutableRawPointer { cognitoauth_secret_pages(size) }
}
