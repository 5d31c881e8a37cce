// SPDX-License-Identifier: Apache-2.0

/// The signs that a keyring gives of changes. Each is only a reason to look: what has changed, a look tells.
///
/// To be used by one thread.
public protocol StoreWatch: AnyObject {
    /// Waits until there is a reason to look: something of the keyring may have changed since the last call returned, or since
    /// the watch began. Many changes one after the other are one reason: it returns when none came for 50 ms, or at the
    /// latest 100 ms after the first. A keyring that has ended is none, and one that has come back is: it is never started.
    /// Nothing wakes up while nothing changes; `deadline` of the limit may be `.max`. Fails with `cancelled` or
    /// `deadlineExceeded`: what came before that is told by the next call. Fails with `keyringUnavailable` when nothing more
    /// can come. Some keyrings do not tell of everything, as gnome-keyring of being unlocked by a login.
    func next(_ limit: WaitLimit) throws(AuthFailure)
    /// Ends the watch. To be called once, by the thread that began it.
    func close()
}
