// SPDX-License-Identifier: Apache-2.0

/// The signs that a keyring gives of changes. Each is only a reason to look: what has changed, a look tells.
///
/// To be used by one thread.
public protocol StoreWatch: AnyObject {
    /// Waits until there is a reason to look: something in the keyring may have changed since the last call returned, or since
    /// the watch began. Many changes one after the other are one reason: this returns when no change came for 50 ms, or
    /// 100 ms after the first change at the latest. That a keyring came back is a reason to look. That it ended is not, as a
    /// look would start it again.
    ///
    /// Nothing wakes up while nothing changes; `deadline` of the limit may be `.max`. Fails with `cancelled` or
    /// `deadlineExceeded`: the next call tells what came before that. Fails with `keyringUnavailable` when no more signs can
    /// come. Some changes have no sign: gnome-keyring sends no signal when a login unlocks it.
    func next(_ limit: WaitLimit) throws(AuthFailure)
    /// Ends the watch. To be called once, by the thread that began it.
    func close()
}
