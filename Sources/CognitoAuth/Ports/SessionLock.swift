// SPDX-License-Identifier: Apache-2.0

/// Lets one sign-out, save or refresh of a session work at a time: among the threads of this client, and
/// among all processes with the same app, pool and client.
public protocol Turn: AnyObject {
    /// Waits until no other call of this client has the turn, and a while for other processes.
    func take(_ limit: WaitLimit) throws(WaitFailure) -> TurnScope
    func giveBack()
}

/// Whom a turn keeps out.
public enum TurnScope {
    case everyone
    /// Another process has had the turn for so long that it seems to hang.
    case thisProcessOnly
    /// There is no place for a lock file, or it cannot be used.
    case thisProcessOnlyForWantOfALock
}
