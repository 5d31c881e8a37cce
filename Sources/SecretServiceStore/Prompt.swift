// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth

/// A prompt that a provider answered with: what was asked for is done when the prompt has been run.
///
/// It need not be a dialog: KeePassXC answers every delete with one. Which it will be cannot be seen beforehand. It is never
/// dismissed, nor cancelled: gnome-keyring's daemon dies of it. When the limit is reached it is left as it is.
enum Prompt {
    /// Runs the prompt, and returns whether the user agreed.
    static func run(_ path: String, _ provider: Provider, _ context: KeyringContext) throws(BusFailure) -> Bool {
        let ending = Ending(path, provider)
        defer { ending.unsubscribe() }
        let call = MethodCall(
            destination: provider.owner, path: path, interface: interface, method: "Prompt",
            arguments: .tuple(.string("")), reply: "()")
        _ = try context.call(call, provider.connection)
        do throws(AuthFailure) {
            try context.wait { ending.hasCome }
        } catch {
            throw BusFailure(
                error.isAboutTime && error.status == .deadlineExceeded
                    ? AuthFailure(.deadlineExceeded, detail: "the keyring's prompt was not answered") : error, .sent)
        }
        guard let isDismissed = ending.isDismissed else {
            throw BusFailure(
                AuthFailure(.keyringUnavailable, detail: "it vanished while its prompt was open"), .sent)
        }
        return !isDismissed
    }

    static let interface = "org.freedesktop.Secret.Prompt"

    /// What the signals of the provider and the bus say of a prompt.
    private final class Ending {
        /// nil: the provider left the bus.
        private(set) var isDismissed: Bool?
        private(set) var hasCome = false
        private let connection: OpaquePointer
        private var subscriptions: [UInt32] = []

        init(_ path: String, _ provider: Provider) {
            connection = provider.connection
            subscribe(provider.owner, Prompt.interface, "Completed", path, nil) { ending, arguments in
                ending.isDismissed = arguments[0]?.boolean ?? true
                ending.hasCome = true
            }
            subscribe("org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", nil, provider.owner) {
                ending, _ in ending.hasCome = true
            }
        }

        func unsubscribe() {
            for subscription in subscriptions { g_dbus_connection_signal_unsubscribe(connection, subscription) }
            subscriptions = []
        }

        private func subscribe(
            _ sender: String, _ interface: String, _ signal: String, _ path: String?, _ name: String?,
            _ handle: @escaping (Ending, Variant) -> Void
        ) {
            let handler = Handler(self, handle)
            let subscription = g_dbus_connection_signal_subscribe(
                connection, sender, interface, signal, path, name, cognitoauth_signal_flags,
                { _, _, _, _, _, arguments, data in
                    guard let data, let arguments, let arguments = Variant.taking(g_variant_ref(arguments)) else {
                        return
                    }
                    Unmanaged<Handler>.fromOpaque(data).takeUnretainedValue().handle(arguments)
                }, Unmanaged.passRetained(handler).toOpaque(),
                { data in if let data { Unmanaged<Handler>.fromOpaque(data).release() } })
            subscriptions.append(subscription)
        }
    }

    /// What a subscription calls, for as long as GLib may call it.
    private final class Handler {
        private let ending: Ending
        private let body: (Ending, Variant) -> Void

        init(_ ending: Ending, _ body: @escaping (Ending, Variant) -> Void) {
            self.ending = ending
            self.body = body
        }

        func handle(_ arguments: Variant) { body(ending, arguments) }
    }
}
