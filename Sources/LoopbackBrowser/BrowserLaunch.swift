// SPDX-License-Identifier: Apache-2.0

internal import CGIO
internal import CGLib
internal import CognitoAuth

/// A start of the user's default browser through GIO, or through the portal in a sandbox. The URL is put into no text of
/// ours.
///
/// What GIO does beside, in the thread that calls it: it connects to the session bus, to tell launchers of the start, and
/// to call a browser that D-Bus activates; it forks twice, so that the browser is a child of nobody here; and a thread of
/// GLib's that watches for changes of desktop files stays, one for the process. The program's default main context and
/// its signal handlers are left alone.
final class BrowserLaunch: @unchecked Sendable {
    private let url: String
    /// Whether something was started. Written by the thread that runs it, read once it has.
    private(set) var isDone = false

    init(_ url: String) { self.url = url }

    /// How long GIO's parting message to the bus is waited for, in milliseconds.
    private static let farewellTime: UInt32 = 500

    func run() {
        // Whatever comes back later would come to the program's main context.
        let context = g_main_context_new()
        g_main_context_push_thread_default(context)
        // GIO takes the connection that it shares with the program. Where it is first to ask for it, it would leave the
        // process one that ends it with the bus.
        let bus = g_bus_get_sync(G_BUS_TYPE_SESSION, nil, nil)
        if let bus { cognitoauth_outlive_bus(bus) }
        isDone = startDefault() || startByPortal()
        if let bus {
            awaitFarewell(context)
            g_object_unref(UnsafeMutableRawPointer(bus))
        }
        while g_main_context_iteration(context, 0) != 0 {}
        g_main_context_pop_thread_default(context)
        g_main_context_unref(context)
    }

    /// As g_app_info_launch_default_for_uri does, except that the browser gets the signals that this thread blocks, and
    /// none of the program's output: who reads that to its end would wait for the browser.
    private func startDefault() -> Bool {
        let scheme = url.startsExactly(with: "https:") ? "https" : "http"
        guard let app = g_app_info_get_default_for_uri_scheme(scheme) else { return false }
        defer { g_object_unref(UnsafeMutableRawPointer(app)) }
        guard let desktopApp = cognitoauth_desktop_app(app) else { return false }
        return withURL { url in
            var list = GList(data: url, next: nil, prev: nil)
            return g_desktop_app_info_launch_uris_as_manager(
                desktopApp, &list, nil, cognitoauth_spawn_flags, { _ in cognitoauth_unblock_signals() }, nil, nil, nil,
                nil) != 0
        }
    }

    /// In a sandbox there is no desktop file of a browser, and GIO asks the portal.
    private func startByPortal() -> Bool {
        g_app_info_launch_default_for_uri(url, nil, nil) != 0
    }

    private func withURL(_ body: (UnsafeMutableRawPointer) -> Bool) -> Bool {
        guard let copy = g_strdup(url) else { return false }
        defer { g_free(copy) }
        return body(UnsafeMutableRawPointer(copy))
    }

    /// GIO holds the connection until all is sent, and lets it go in this thread's main context.
    private func awaitFarewell(_ context: OpaquePointer?) {
        guard let timer = g_timeout_source_new(Self.farewellTime) else { return }
        g_source_set_callback(timer, { _ in 0 }, nil, nil)
        g_source_attach(timer, context)
        g_main_context_iteration(context, 1)
        g_source_destroy(timer)
        g_source_unref(timer)
    }
}
