// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

public enum DescriptorWait {
    /// How long a wait may take that watches for less than it is asked to: a process without descriptors left has -1 in
    /// place of one.
    private static let blindInterval: Int64 = 50

    /// Waits until `descriptor` is readable, but not longer than so. May return early.
    public static func wait(for descriptor: Int32, milliseconds: Int64) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, Int32(clamping: descriptor < 0 ? min(milliseconds, blindInterval) : milliseconds))
    }

    /// Waits until one of the two is readable, but not longer than so. May return early.
    public static func wait(for first: Int32, or second: Int32, milliseconds: Int64) {
        var entries = [
            pollfd(fd: first, events: Int16(POLLIN), revents: 0), pollfd(fd: second, events: Int16(POLLIN), revents: 0),
        ]
        poll(&entries, 2, Int32(clamping: first < 0 || second < 0 ? min(milliseconds, blindInterval) : milliseconds))
    }
}
