// SPDX-License-Identifier: Apache-2.0

import SecretMemory

/// One app client of one user pool, for one program. Its calls may come from any thread.
public final class AuthClient {
    public let configuration: Configuration
    let world: World

    public init(_ configuration: Configuration, _ world: World) {
        self.configuration = configuration
        self.world = world
    }

    /// Begins a call: asks the user to unlock the keyring, if that is allowed and needed, and answers the
    /// limits of what follows. No turn is held meanwhile; what is locked again afterwards is locked.
    func begin(_ call: Call, needsKeyring: Bool = true) throws(KeyringFailure) -> CallTime {
        let start = world.clock.monotonicMilliseconds
        let time = CallTime(call, from: start)
        guard needsKeyring, let promptTimeout = call.promptTimeout else { return time }
        let prompt = WaitLimit(deadline: start + promptTimeout, cancellation: call.cancellation)
        let userTime = try world.store.unlock(time.whole, prompt: prompt)
        return CallTime(call, from: start + userTime)
    }

    func warnOfMissingLock(_ call: Call) {
        call.write(.warning, "There is no usable place for a lock file: other processes are not kept out")
    }

    /// Cognito, as one call about `secrets` may use it.
    func service(_ call: Call, _ time: CallTime, secrets: [SecretBytes]) -> CognitoService {
        CognitoService(
            configuration: configuration, world: world, call: call, limit: time.network,
            secrets: secrets)
    }

    /// The key of the user's remembered device, by whichever is known of the user. A keyring that does
    /// not show it is no reason to fail; a call whose time is over is.
    func deviceKey(
        username: String?, subject: String?, _ limit: WaitLimit, _ call: Call
    ) throws(KeyringFailure) -> SecretBytes? {
        let items: [StoredItem]
        do {
            items = try self.items(.device, limit, call)
        } catch {
            if error.isAboutTime { throw error }
            return nil
        }
        for item in items {
            guard let device = StoredDevice(item), device.belongs(toUsername: username, subject: subject) else {
                continue
            }
            return device.key
        }
        return nil
    }
}

extension KeyringFailure {
    /// What the program is told when the keyring failed in a call that is no sign-out.
    var authFailure: AuthFailure {
        AuthFailure(status, detail.isEmpty ? nil : "\(status.message) (\(Redaction.visible(detail)))")
    }

    /// What it is told when a retry could not begin.
    var retryFailure: AuthFailure {
        var failure = signOutFailure
        switch status {
        case .keyringLocked: failure.suggestion = "Unlock the keyring, then retry with the same token."
        case .sessionChanged:
            failure.message = "The same user is signed in here again, and would be signed out by this."
            failure.suggestion = "Sign out everywhere if that is what you want. The token stays good."
        case .cancelled: failure.suggestion = "Retry with the same token when you want it done."
        default: failure.suggestion = "\(status.suggestion) Then retry with the same token."
        }
        return failure
    }

    /// What it is told when signing out failed.
    var signOutFailure: AuthFailure {
        var failure = authFailure
        switch status {
        case .keyringLocked: failure.suggestion = "Unlock the keyring and sign out again."
        case .keyringUnavailable:
            failure.suggestion = "Start a keyring such as GNOME Keyring in this desktop session, and sign out again."
        case .keyringAccessDenied: failure.suggestion = "Allow this program to use the keyring, and sign out again."
        case .keyringPromptDismissed: failure.suggestion = "Sign out again, and unlock the keyring when it asks."
        case .cancelled: failure.suggestion = "Sign out again when you want it done."
        case .deadlineExceeded: failure.suggestion = "Sign out again; if the keyring hangs, restart it."
        case .outOfResources: failure.suggestion = "Close something, and sign out again."
        default: failure.suggestion = "Sign out again; if it fails again, restart the keyring."
        }
        return failure
    }
}
