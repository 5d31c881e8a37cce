// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth

/// A main context in which calls of libsecret and GIO are waited for, and end when a limit is reached.
///
/// libsecret's `_sync` functions wait in a main context of their own, where nobody can end them in time.
/// This one also watches the clock and the cancellation, and cancels the call, which then comes back at
/// once, even with the daemon or the bus stopped. Never for a call that may prompt: gnome-keyring 42
/// aborts when a prompt is cancelled.
final class KeyringContext {
    /// What GLib, GIO and libsecret open for a call. Where a main context gets none, GLib ends the process.
    private static let descriptorsNeeded: Int32 = 8

    private let context = g_main_context_new()
    private let limit: WaitLimit

    /// The call that is waited for.
    private final class Current {
        let cancellable = g_cancellable_new()
        var result: OpaquePointer?
        /// Why it was cancelled.
        var reason: Status?

        deinit {
            if let result { g_object_unref(UnsafeMutableRawPointer(result)) }
            g_object_unref(cancellable)
        }
    }

    /// Lends a context to `body`. What `body` makes in it must be released when it returns: proxies hand
    /// the last of their memory to the context that they were made in, which is then emptied.
    static func with<Value>(
        _ limit: WaitLimit, _ body: (KeyringContext) throws(AuthFailure) -> Value
    ) throws(AuthFailure) -> Value {
        guard cognitoauth_has_descriptors(descriptorsNeeded) != 0 else { throw AuthFailure(.outOfResources) }
        let this = KeyringContext(limit)
        g_main_context_push_thread_default(this.context)
        defer {
            while g_main_context_iteration(this.context, 0) != 0 {}
            g_main_context_pop_thread_default(this.context)
        }
        return try body(this)
    }

    private init(_ limit: WaitLimit) { self.limit = limit }

    /// Connects the process to the session bus, unless it is connected; nil if there is none.
    ///
    /// GIO ends the process when such a connection closes, in the main context that it was made in. So it
    /// is made in a context that is never used again, and a bus that dies is just a keyring that is gone.
    /// A connection that the program made before keeps the program's own setting.
    func connectToBus() throws(AuthFailure) -> UnsafeMutableRawPointer? {
        let birthplace = KeyringContext(limit)
        g_main_context_push_thread_default(birthplace.context)
        defer { g_main_context_pop_thread_default(birthplace.context) }
        do {
            let connection = try birthplace.call(
                start: { g_bus_get(G_BUS_TYPE_SESSION, $0, $1, $2) }, finish: { g_bus_get_finish($0, $1) })
            return connection.map { UnsafeMutableRawPointer($0) }
        } catch {
            if error.isAboutTime { throw error }
            return nil
        }
    }

    deinit { g_main_context_unref(context) }

    /// Makes one call: `start` begins it with a cancellable, a callback and the callback's data; `finish`
    /// ends it.
    func call<Value>(
        start: (UnsafeMutablePointer<GCancellable>?, GAsyncReadyCallback?, UnsafeMutableRawPointer?) -> Void,
        finish: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<GError>?>) -> Value
    ) throws(AuthFailure) -> Value {
        let time = try limit.left(at: cognitoauth_monotonic_milliseconds())

        let current = Current()
        let data = Unmanaged.passUnretained(current).toOpaque()
        let sources = watch(time, data)
        defer {
            for source in sources {
                g_source_destroy(source)
                g_source_unref(source)
            }
        }
        start(
            current.cancellable,
            { _, result, data in
                guard let result, let data else { return }
                Unmanaged<Current>.fromOpaque(data).takeUnretainedValue().result =
                    OpaquePointer(g_object_ref(UnsafeMutableRawPointer(result)))
            }, data)
        while current.result == nil { g_main_context_iteration(context, 1) }

        var error: UnsafeMutablePointer<GError>?
        let value = finish(current.result, &error)
        if let error {
            let failure = AuthFailure(consuming: error)
            throw current.reason.map { AuthFailure($0) } ?? failure
        }
        return value
    }

    private func watch(_ time: Int64, _ data: UnsafeMutableRawPointer) -> [UnsafeMutablePointer<GSource>] {
        var sources: [UnsafeMutablePointer<GSource>] = []
        if let timer = g_timeout_source_new(UInt32(clamping: time)) {
            g_source_set_callback(timer, { data in KeyringContext.cancel(data, .deadlineExceeded) }, data, nil)
            sources.append(timer)
        }
        if let descriptor = limit.cancellation?.descriptor, descriptor >= 0,
            let watch = cognitoauth_descriptor_source(
                descriptor, { _, _, data in KeyringContext.cancel(data, .cancelled) }, data)
        {
            sources.append(watch)
        }
        for source in sources { g_source_attach(source, context) }
        return sources
    }

    /// 0: the source is not called again.
    private static func cancel(_ data: UnsafeMutableRawPointer?, _ reason: Status) -> gboolean {
        guard let data else { return 0 }
        let current = Unmanaged<Current>.fromOpaque(data).takeUnretainedValue()
        if current.result == nil && current.reason == nil {
            current.reason = reason
            g_cancellable_cancel(current.cancellable)
        }
        return 0
    }
}
