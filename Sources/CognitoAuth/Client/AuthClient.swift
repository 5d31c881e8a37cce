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

    /// The Cognito of one call that may take `timeout` milliseconds from now on.
    ///
    /// The network part ends a third of the time, and at most 5 s, before the limit: the deletion must
    /// always have its time.
    func service(timeout: Int64, _ log: CallLog) -> CognitoService {
        let reserved = min(5000, timeout / 3)
        return CognitoService(
            configuration: configuration, world: world, log: log,
            deadline: world.clock.monotonicMilliseconds + timeout - reserved)
    }

    /// The key of the user's remembered device, by whichever is known of the user. A keyring that does
    /// not show it is no reason to fail.
    func deviceKey(username: String?, subject: String?) -> SecretBytes? {
        guard let items = try? world.store.items(.device) else { return nil }
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
        AuthFailure(status, detail.isEmpty ? nil : "\(status.texts.message) (\(Redaction.visible(detail)))")
    }

    /// What it is told when signing out failed.
    var signOutFailure: AuthFailure {
        var failure = authFailure
        switch status {
        case .keyringLocked: failure.suggestion = "Unlock the keyring and sign out again."
        case .keyringUnavailable:
            failure.suggestion = "Start a keyring such as GNOME Keyring in this desktop session, and sign out again."
        case .keyringAccessDenied: failure.suggestion = "Allow this program to use the keyring, and sign out again."
        default: failure.suggestion = "Sign out again; if it fails again, restart the keyring."
        }
        return failure
    }
}
