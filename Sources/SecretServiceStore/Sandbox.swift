// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth
internal import Linux

/// The sandbox that the process may be in, and the portal that has the key of its encrypted file.
enum Sandbox {
    /// Whether it is a Flatpak, or a snap that is really confined.
    static var isEntered: Bool { access("/.flatpak-info", F_OK) == 0 || isConfinedSnap }

    /// SNAP_NAME alone tells nothing: the terminal of a snap that is not confined leaves it to every program that is
    /// started there. What AppArmor confines a process by, as in "snap.mail.mail (enforce)", only a confined process
    /// may be refused to read, and snaps mostly are.
    private static var isConfinedSnap: Bool {
        guard Environment.value("SNAP_NAME") != nil else { return false }
        for path in ["/proc/self/attr/apparmor/current", "/proc/self/attr/current"] {
            let descriptor = cognitoauth_open_to_read(path)
            guard descriptor >= 0 else {
                if cognitoauth_errno() == EACCES { return true }
                continue
            }
            defer { close(descriptor) }
            var label = [CChar](repeating: 0, count: 1024)
            read(descriptor, &label, label.count - 1)
            return strncmp(label, "snap.", 5) == 0 && strstr(label, " (enforce)") != nil
        }
        return false
    }

    private static let portal = "org.freedesktop.portal.Desktop"
    private static let portalPath = "/org/freedesktop/portal/desktop"

    /// Whether the Secret portal says that it is there. Fails if nobody answers.
    static func hasSecretPortal(_ limit: WaitLimit) throws(AuthFailure) -> Bool {
        try KeyringContext.with(limit) { context throws(AuthFailure) in
            let bus = try SessionBus.connect(context)
            let version = MethodCall.property("version", of: "org.freedesktop.portal.Secret", portalPath, at: portal)
            do throws(BusFailure) {
                return try withExtendedLifetime(bus) { () throws(BusFailure) in
                    try context.call(version, bus.pointer)[0]?.unboxed != nil
                }
            } catch {
                if error.kind == .sent || error.kind == .unsent { throw error.failure }
                return false
            }
        }
    }
}
