// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import CSecret
internal import CognitoAuth
internal import Linux

/// Where the session bus is, and how it is connected to: not through `g_bus_get`, whose connection belongs to the whole
/// process.
enum SessionBus {
    private static func address() -> String? {
        if let addresses = Environment.value("DBUS_SESSION_BUS_ADDRESS") { return bounded(addresses) }
        guard let directory = Environment.value("XDG_RUNTIME_DIR"), directory.startsExactly(with: "/") else {
            return nil
        }
        let path = String.joining(directory, "/bus")
        guard access(path, F_OK) == 0, let escaped = g_dbus_address_escape_value(path) else { return nil }
        defer { g_free(escaped) }
        return .joining("unix:path=", String(cString: escaped))
    }

    /// Those of the addresses that are tried within a limit, or nil if there are none: "autolaunch:" runs dbus-launch, and
    /// "nonce-tcp:" reads a file that may be a pipe, which nothing bounds.
    private static func bounded(_ addresses: String) -> String? {
        addresses.withBytes { bytes in
            var list: String?
            for address in bytes.split(separator: UInt8(ascii: ";")) {
                let address = UnsafeRawBufferPointer(rebasing: address).text
                if address.startsExactly(with: "autolaunch:") || address.startsExactly(with: "nonce-tcp:") { continue }
                list = list.map { .joining($0, ";", address) } ?? address
            }
            return list
        }
    }

    /// Whether the socket that the address names first is another user's.
    private static func isAnotherUsers(_ address: String) -> Bool {
        let prefix = "unix:path="
        guard address.startsExactly(with: prefix) else { return false }
        let path = address.withBytes { bytes in
            let end = bytes.firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") } ?? bytes.endIndex
            return UnsafeRawBufferPointer(rebasing: bytes[prefix.utf8.count..<end]).text
        }
        var status = stat()
        return stat(path, &status) == 0 && status.st_uid != geteuid()
    }

    /// A new connection; it is born in `context`.
    static func connect(_ context: KeyringContext) throws(AuthFailure) -> BusConnection {
        guard let address = address() else {
            throw AuthFailure(.keyringUnavailable, detail: "there is no session bus")
        }
        // Where GLib cannot have a thread it ends the process, or waits for ever.
        guard cognitoauth_has_threads(3) != 0 else { throw AuthFailure(.outOfResources) }
        let connection: OpaquePointer?
        do {
            connection = try context.call(
                start: {
                    g_dbus_connection_new_for_address(address, cognitoauth_connection_flags, nil, $0, $1, $2)
                },
                finish: { g_dbus_connection_new_for_address_finish($0, $1) })
        } catch {
            if error.failure.isAboutTime { throw error.failure }
            // A bus lets in only its own user; sudo and su can keep the variables of the user before.
            if isAnotherUsers(address) {
                throw AuthFailure(
                    .keyringUnavailable, detail: "the session bus is another user's; run the program as that user")
            }
            // Whatever keeps it from being reached: there is no bus.
            if error.failure.status == .keyringAccessDenied { throw error.failure }
            throw AuthFailure(.keyringUnavailable, error.failure.message)
        }
        guard let connection else { throw AuthFailure(.keyringUnavailable) }
        return BusConnection(connection)
    }
}
