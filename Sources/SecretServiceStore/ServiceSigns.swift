// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth

/// What the providers of the Secret Service tell of changes, on a connection that nothing else comes to. No provider is
/// called, and so none is started.
///
/// Measured: gnome-keyring 42 tells neither of a new secret (see `SecretServiceItems.update`) nor that a login unlocked
/// it. KWallet 5 tells in a way of its own that a wallet was opened past the Secret Service. KeePassXC 2.7 tells several
/// times, and of a database that is locked or unlocked by `CollectionChanged` alone.
enum ServiceSigns {
    /// Returns the connection once the bus has promised to pass the signals on.
    static func begin(_ signs: Signs, _ context: KeyringContext) throws(AuthFailure) -> BusConnection {
        let bus = try SessionBus.connect(context)
        // In a thread of GLib's, as it reads. What goes on from there to the context piles up while nobody waits in it.
        g_dbus_connection_add_filter(
            bus.pointer,
            { _, message, isIncoming, data in
                guard let message, let data, isIncoming != 0,
                    g_dbus_message_get_message_type(message) == G_DBUS_MESSAGE_TYPE_SIGNAL
                else { return message }
                if ServiceSigns.isReason(message) { Unmanaged<Signs>.fromOpaque(data).takeUnretainedValue().note() }
                g_object_unref(UnsafeMutableRawPointer(message))
                return nil
            }, Unmanaged.passRetained(signs).toOpaque(),
            { data in if let data { Unmanaged<Signs>.fromOpaque(data).takeRetainedValue().end() } })
        do throws(BusFailure) {
            let calls = rules().map { MethodCall.bus("AddMatch", .tuple(.string($0)), reply: "()") }
            for answer in try context.burst(calls, bus.pointer) { _ = try answer.value() }
        } catch {
            throw error.failure
        }
        return bus
    }

    /// Match rules, of which the bus keeps so many for each watch.
    private static func rules() -> [String] {
        let name = Provider.wellKnownName()
        let told = [
            "interface='org.freedesktop.Secret.Collection'", "interface='org.freedesktop.Secret.Service'",
            "interface='org.freedesktop.DBus.Properties',path_namespace='/org/freedesktop/secrets'",
            "interface='org.kde.KWallet',member='walletOpened'",
        ]
        return told.map { .joining("type='signal',sender='", name, "',", $0) } + [
            .joining("type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='", name, "'")
        ]
    }

    /// The bus itself tells of names: here whether somebody owns one now, or nobody any more.
    private static func isReason(_ signal: OpaquePointer) -> Bool {
        guard let interface = g_dbus_message_get_interface(signal),
            String(cString: interface).isExactly("org.freedesktop.DBus")
        else { return true }
        guard let body = g_dbus_message_get_body(signal), let owner = Variant.taking(g_variant_ref(body))?[2]?.text
        else { return false }
        return !owner.isExactly("")
    }
}
