// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret

/// A connection to the session bus that is ours alone, closed when nobody uses it any more.
final class BusConnection: @unchecked Sendable {
    let pointer: OpaquePointer
    private let process = getpid()
    /// The context that the connection was born in, and that its end is told in.
    private let birthplace = g_main_context_ref_thread_default()

    /// Takes over a reference to a connection that was just born in the thread's context.
    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit {
        // A child of fork(2) has only the forking thread: GLib's locks may be held by nobody.
        guard isOfThisProcess else { return }
        g_dbus_connection_close(pointer, nil, nil, nil)
        bury()
        g_main_context_unref(birthplace)
    }

    var isConnected: Bool { g_dbus_connection_is_closed(pointer) == 0 }

    var isOfThisProcess: Bool { process == getpid() }

    /// Lets the connection tell that it was closed, and whatever else it has to tell: until then it and the context hold
    /// each other, a descriptor and 10 KB among them. When that is over only the connection's own end says.
    private func bury() {
        var grave = GWeakRef()
        withUnsafeMutablePointer(to: &grave) { grave in
            g_weak_ref_init(grave, UnsafeMutableRawPointer(pointer))
            g_object_unref(UnsafeMutableRawPointer(pointer))
            for _ in 0..<Self.patience {
                while g_main_context_iteration(birthplace, 0) != 0 {}
                guard let connection = g_weak_ref_get(grave) else { break }
                g_object_unref(connection)
                usleep(1000)
            }
            g_weak_ref_clear(grave)
        }
    }

    /// In milliseconds: GIO closes it on a thread of its own.
    private static let patience = 250
}
