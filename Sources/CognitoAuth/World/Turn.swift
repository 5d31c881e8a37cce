// SPDX-License-Identifier: Apache-2.0

/// Lets one sign-out, save or refresh of a client work at a time.
public protocol Turn: AnyObject {
    /// Waits until no other call has the turn.
    func take()
    func giveBack()
}
