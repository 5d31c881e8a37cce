// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

enum DescriptorWait {
    /// Waits until `descriptor` is readable, but not longer than so; for -1 that is just a pause. May
    /// return early.
    static func wait(for descriptor: Int32, milliseconds: Int64) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, Int32(clamping: milliseconds))
    }
}
