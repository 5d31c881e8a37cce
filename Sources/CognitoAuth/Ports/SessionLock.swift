// SPDX-License-Identifier: Apache-2.0

/// Lets one sign-out, save or refresh of a session work at a time: among the threads of this client, and among all
/// processes with the same app, pool and client.
public protocol SessionLock: AnyObject {
    /// Waits until no earlier call of this client has the lock, and for other processes as long as none seems to hang.
    /// Fails with `cancelled` or `deadlineExceeded` when the limit is reached; there is nothing to release then.
    func take(_ limit: WaitLimit) throws(AuthFailure) -> LockScope
    func release()
    /// Keeps the browser for one sign-in of this client at a time; returns false while another one has it. No lock is held
    /// for that.
    func reserveSignIn() -> Bool
    func releaseSignIn()
}

/// Whom a lock that was taken keeps out. The other threads of this client, always.
public enum LockScope: Sendable {
    case allProcesses
    /// Another process has had the lock for so long that it seems to hang: only this process is kept out.
    case heldElsewhere
    /// There is no place for a lock file, or it cannot be used: only this process is kept out.
    case noLockFile
}
