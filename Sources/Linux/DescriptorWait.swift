// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

public enum DescriptorWait {
    /// Waits until `descriptor` is readable, but not longer than so. May return early, and does for -1, which
    /// is what a process without descriptors has.
    public static func wait(for descriptor: Int32, milliseconds: Int64) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, Int32(clamping: descriptor < 0 ? min(milliseconds, 50) : milliseconds))
    }
}
