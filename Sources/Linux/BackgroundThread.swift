// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

/// A thread of the library's own, for work that waits. All signals are blocked in it: the program's
/// handlers are for the program's threads.
public struct BackgroundThread {
    private let thread: pthread_t

    /// Runs `body` with `object`, which is kept alive until then. To be ended by `join` or `detach`. nil if no thread can
    /// be had.
    public static func start<Object: AnyObject>(
        _ object: Object, _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    ) -> BackgroundThread? {
        let retained = Unmanaged.passRetained(object)
        var thread = pthread_t()
        if cognitoauth_start_thread(&thread, body, retained.toOpaque()) != 0 { return BackgroundThread(thread: thread) }
        retained.release()
        return nil
    }

    /// Waits until the thread has ended, and with it what other libraries do when a thread of theirs ends.
    public func join() { pthread_join(thread, nil) }

    /// Lets it end by itself.
    public func detach() { pthread_detach(thread) }
}
