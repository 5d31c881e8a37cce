// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

/// A thread of the library's own, for work that waits. All signals are blocked in it: the program's
/// handlers are for the program's threads.
public enum BackgroundThread {
    /// Runs `body` with `object`, which is kept alive until then. Returns false if no thread can be had.
    public static func start<Object: AnyObject>(
        _ object: Object, _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
    ) -> Bool {
        let retained = Unmanaged.passRetained(object)
        if cognitoauth_start_thread(body, retained.toOpaque()) != 0 { return true }
        retained.release()
        return false
    }
}
