// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// A call that has begun: what it works with, and the limits of its parts.
final class ActiveCall {
    let client: AuthClient
    let call: Call
    private(set) var time: CallTime
    /// How many milliseconds the user took for prompts.
    private var userTime: Int64 = 0

    private init(_ client: AuthClient, _ call: Call) {
        self.client = client
        self.call = call
        time = CallTime(call, from: client.ports.clock.monotonicMilliseconds)
    }

    var configuration: Configuration { client.configuration }

    var ports: Ports { client.ports }

    /// Begins a call: asks the user to unlock the keyring, if that is allowed and needed. No lock is held meanwhile;
    /// what is locked again afterwards is locked.
    static func begin(
        _ client: AuthClient, _ call: Call, needsKeyring: Bool = true
    ) throws(AuthFailure) -> ActiveCall {
        let active = ActiveCall(client, call)
        if needsKeyring, let prompt = active.prompt {
            active.count(userTime: try active.ports.store.unlock(active.time.whole, prompt: prompt))
        }
        return active
    }

    /// Offers the user to make the collection that the keyring has not, if this call may ask; returns whether it may. No
    /// lock may be held meanwhile.
    func offerCollection() throws(AuthFailure) -> Bool {
        guard let prompt else { return false }
        call.write(.info, "The keyring has no default collection, and is asked to create one")
        count(userTime: try ports.store.createCollection(time.whole, prompt: prompt))
        return true
    }

    /// The limit of a prompt that begins now; nil if the call may not ask. All prompts of a call share its time.
    private var prompt: WaitLimit? {
        call.options.promptTimeout.map {
            WaitLimit(
                deadline: ports.clock.monotonicMilliseconds + $0 - userTime, cancellation: call.cancellation)
        }
    }

    private func count(userTime: Int64) {
        self.userTime += userTime
        extend(by: userTime)
    }

    /// Time that the user took, in milliseconds, is not the call's.
    func extend(by time: Int64) { self.time.extend(by: time) }

    /// What to do where another process holds the session's lock for so long that it seems to hang.
    enum HeldLock {
        /// A save or refresh beside another process's could undo a sign-out.
        case isBusy
        /// Another process that hangs must not keep a user signed in.
        case isPassedOver
    }

    /// Takes the session's lock, to be released by `ports.lock.release()`.
    func takeLock(_ held: HeldLock) throws(AuthFailure) {
        switch (try ports.lock.take(time.whole), held) {
        case (.allProcesses, _): break
        case (.noLockFile, _):
            call.write(.warning, "There is no usable place for a lock file: other processes are not kept out")
        case (.heldElsewhere, .isPassedOver):
            call.write(.warning, "Sign-out: another process does not release the lock; going on without it")
        case (.heldElsewhere, .isBusy):
            ports.lock.release()
            throw AuthFailure(.busy)
        }
    }

    /// Takes the lock of those who finish sign-outs, to be released by `ports.resumeLock.release()`.
    func takeResumeLock() throws(AuthFailure) {
        guard case .heldElsewhere = try ports.resumeLock.take(time.whole) else { return }
        ports.resumeLock.release()
        throw AuthFailure(.busy)
    }

    /// Cognito, as this call may use it for what is about `secrets`.
    func cognito(secrets: [SecretBytes]) -> CognitoService {
        CognitoService(client, call, time.network, secrets: secrets)
    }

    /// The limit of what nothing depends on and begins now.
    var glance: WaitLimit { time.glance(from: ports.clock.monotonicMilliseconds) }

    /// Looks who is signed in.
    func look(_ limit: WaitLimit) throws(AuthFailure) -> Look {
        Look(try keyring.items([.session, .unfinished], limit), client)
    }

    /// Deletes what interrupted sign-outs were to delete, as far as that can be done. The session's lock must be held.
    func deleteEnded(_ look: Look) {
        guard !look.ended.isEmpty else { return }
        if case .open(let failure, _) = InterruptedDeletion(active: self).run(look) {
            call.write(.warning, .joining("A session that was signed out is still stored: ", failure.status.name))
        }
    }

    var keyring: Keyring { Keyring(client: client, call: call) }
}
