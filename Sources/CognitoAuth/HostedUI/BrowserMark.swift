// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// The mark that the browser may still be signed in, for the next sign-in: without it the hosted UI would walk the next
/// person into the account. It outlives the process, and there is no secret in it.
struct BrowserMark {
    let active: ActiveCall

    /// Sets it before the session is deleted. A keyring that does not take it keeps nobody signed in, and has half of the time
    /// that there is: the deletion needs the rest.
    func set() {
        let now = active.ports.clock.monotonicMilliseconds
        let end = active.time.deletion.deadline
        let limit = WaitLimit(deadline: end - max(0, end - now) / 2, cancellation: nil)
        do {
            guard try active.keyring.items(.browser, limit).isEmpty else { return }
            try active.keyring.create(SecretBytes(copying: "{}"), ItemAttributes(.browser), limit)
        } catch {
            active.call.write(
                .warning,
                .joining("Sign-out: that the browser may still be signed in was not noted: ", error.status.name))
        }
    }
}
