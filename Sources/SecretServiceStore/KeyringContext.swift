// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth

/// A main context in which calls of GIO and libsecret are waited for, and end when a limit is reached.
///
/// `_sync` functions wait in a main context of their own, where nobody can end them in time. This one also watches the
/// clock and the cancellation.
final class KeyringContext {
    /// What GLib and GIO open for a call. Where a main context gets none, GLib ends the process.
    private static let descriptorsNeeded: Int32 = 8

    private let context = g_main_context_new()
    private let limit: WaitLimit
    private let leavesCalls: Bool

    /// Lends a context to `body`. At the limit, calls are cancelled; or left as they are, for good, where that would
    /// hang. What `body` makes in it must be released when it returns, or know this context as the place where it was
    /// born: what is left for it to be told is then told.
    static func with<Value>(
        _ limit: WaitLimit, leavingCalls: Bool = false, _ body: (KeyringContext) throws(AuthFailure) -> Value
    ) throws(AuthFailure) -> Value {
        let this = try make(limit, leavingCalls: leavingCalls)
        return try this.enter { () throws(AuthFailure) in try body(this) }
    }

    /// A context that lives for longer than a call. `limit` is that of what is done in it with no other one.
    static func make(_ limit: WaitLimit, leavingCalls: Bool = false) throws(AuthFailure) -> KeyringContext {
        guard cognitoauth_has_descriptors(descriptorsNeeded) != 0 else { throw AuthFailure(.outOfResources) }
        return KeyringContext(limit, leavesCalls: leavingCalls)
    }

    /// Lets what `body` makes be born here.
    func enter<Value>(_ body: () throws(AuthFailure) -> Value) throws(AuthFailure) -> Value {
        g_main_context_push_thread_default(context)
        defer {
            while g_main_context_iteration(context, 0) != 0 {}
            g_main_context_pop_thread_default(context)
        }
        return try body()
    }

    private init(_ limit: WaitLimit, leavesCalls: Bool) {
        self.limit = limit
        self.leavesCalls = leavesCalls
    }

    deinit { g_main_context_unref(context) }

    /// How a call is begun: with a cancellable, a callback and the callback's data.
    typealias Start = (UnsafeMutablePointer<GCancellable>?, GAsyncReadyCallback?, UnsafeMutableRawPointer?) -> Void

    /// Makes one call: `start` begins it, `finish` ends it.
    func call<Value>(
        start: @escaping Start, finish: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<GError>?>) -> Value
    ) throws(BusFailure) -> Value {
        var error: UnsafeMutablePointer<GError>?
        let value = try perform([start])[0].end { finish($0, &error) }
        if let error { throw BusFailure(consuming: error) }
        return value
    }

    /// Begins calls all at once and waits for all of them. When the limit is reached and they are cancelled, they come
    /// back at once, even with the daemon or the bus stopped.
    func perform(_ starts: [Start]) throws(BusFailure) -> [Pending] {
        do throws(AuthFailure) {
            _ = try limit.left(at: cognitoauth_monotonic_milliseconds())
        } catch {
            throw BusFailure(error, .unsent)
        }
        let cancellable = g_cancellable_new()
        defer { g_object_unref(cancellable) }
        let pendings = starts.map { _ in Pending() }
        for (start, pending) in zip(starts, pendings) {
            start(
                cancellable,
                { _, result, data in
                    guard let result, let data else { return }
                    Unmanaged<Pending>.fromOpaque(data).takeUnretainedValue().result =
                        OpaquePointer(g_object_ref(UnsafeMutableRawPointer(result)))
                }, Unmanaged.passUnretained(pending).toOpaque())
        }
        let isDone = { pendings.allSatisfy { $0.result != nil } }
        do throws(AuthFailure) {
            try wait(until: isDone)
        } catch {
            if leavesCalls {
                // They may come back yet, to whatever lets the context go on.
                for pending in pendings { _ = Unmanaged.passRetained(pending) }
            } else {
                g_cancellable_cancel(cancellable)
                while !isDone() { g_main_context_iteration(context, 1) }
            }
            throw BusFailure(error, .sent)
        }
        return pendings
    }

    /// A call that is under way.
    final class Pending {
        fileprivate(set) var result: OpaquePointer?

        deinit { if let result { g_object_unref(UnsafeMutableRawPointer(result)) } }

        /// Lends the result, which lives no longer than this.
        func end<Value>(_ body: (OpaquePointer?) -> Value) -> Value {
            withExtendedLifetime(self) { body(result) }
        }
    }

    /// Waits until `isDone`, which something in this context brings about. Fails with `cancelled` or
    /// `deadlineExceeded` when the limit is reached; what is under way goes on.
    func wait(until isDone: () -> Bool) throws(AuthFailure) { try wait(limit, until: isDone) }

    /// The same with another limit. With a deadline of `.max`, nothing wakes up by itself.
    func wait(_ limit: WaitLimit, until isDone: () -> Bool) throws(AuthFailure) {
        let left = try limit.left(at: cognitoauth_monotonic_milliseconds())
        let alarm = Alarm()
        let data = Unmanaged.passUnretained(alarm).toOpaque()
        var sources: [UnsafeMutablePointer<GSource>] = []
        if limit.deadline < .max, let timer = g_timeout_source_new(UInt32(clamping: left)) {
            g_source_set_callback(timer, { data in Alarm.ring(data, .deadlineExceeded) }, data, nil)
            sources.append(timer)
        }
        if let descriptor = limit.cancellation?.descriptor, descriptor >= 0,
            let watch = cognitoauth_descriptor_source(descriptor, { _, _, data in Alarm.ring(data, .cancelled) }, data)
        {
            sources.append(watch)
        }
        for source in sources { g_source_attach(source, context) }
        defer {
            for source in sources {
                g_source_destroy(source)
                g_source_unref(source)
            }
        }
        while !isDone() {
            if let reason = alarm.reason { throw AuthFailure(reason) }
            g_main_context_iteration(context, 1)
        }
    }

    /// Lets who waits look whether it is done. From any thread.
    func wake() { g_main_context_wakeup(context) }

    /// Lets a source, which this does not own, act while somebody waits.
    func attach(_ source: UnsafeMutablePointer<GSource>) { g_source_attach(source, context) }

    /// Says that a limit was reached, and which.
    private final class Alarm {
        var reason: Status?

        /// 0: the source is not called again.
        static func ring(_ data: UnsafeMutableRawPointer?, _ reason: Status) -> gboolean {
            guard let data else { return 0 }
            let alarm = Unmanaged<Alarm>.fromOpaque(data).takeUnretainedValue()
            if alarm.reason == nil { alarm.reason = reason }
            return 0
        }
    }
}
