// SPDX-License-Identifier: Apache-2.0

public import CognitoAuth
internal import CPlatform
internal import Synchronization

/// A flag that can be raised from any thread and waited for on a descriptor: an eventfd(2).
public final class EventDescriptor: Cancellation {
    public let descriptor: Int32
    private let flag = Atomic<Bool>(false)

    /// Where the process has no descriptors left, `descriptor` is -1 and only the flag works.
    public init() { descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    public var isUsable: Bool { descriptor >= 0 }

    public var isRaised: Bool { flag.load(ordering: .acquiring) }

    public var isCancelled: Bool { isRaised }

    public func raise() {
        flag.store(true, ordering: .releasing)
        eventfd_write(descriptor, 1)
    }

    /// Makes the flag and the descriptor as they were before `raise`.
    public func lower() {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
        flag.store(false, ordering: .releasing)
    }

    /// Waits until the flag is raised. Fails with `cancelled` or `deadlineExceeded` when the limit is reached before.
    public func wait(_ limit: WaitLimit) throws(AuthFailure) {
        while !isRaised {
            let left = try limit.left(at: cognitoauth_monotonic_milliseconds())
            DescriptorWait.wait(for: descriptor, or: limit.cancellation?.descriptor ?? -1, milliseconds: left)
        }
    }
}
