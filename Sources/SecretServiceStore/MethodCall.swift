// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth

/// A method of an object on the bus, with its arguments.
final class MethodCall {
    let destination: String
    let path: String
    let interface: String
    let method: String
    /// A tuple; nil where the method takes none.
    let arguments: Variant?
    /// The type of the reply, a tuple as in "(ao)"; the bus refuses another one.
    let reply: StaticString

    @inline(never)
    init(
        destination: String, path: String, interface: String, method: String, arguments: Variant?, reply: StaticString
    ) {
        self.destination = destination
        self.path = path
        self.interface = interface
        self.method = method
        self.arguments = arguments
        self.reply = reply
    }

    /// A property of an object.
    static func property(_ name: String, of interface: String, _ path: String, at destination: String) -> MethodCall {
        MethodCall(
            destination: destination, path: path, interface: "org.freedesktop.DBus.Properties", method: "Get",
            arguments: .tuple(.string(interface), .string(name)), reply: "(v)")
    }

    /// A method of the bus itself that is about a name.
    static func bus(_ method: String, _ arguments: Variant?, reply: StaticString) -> MethodCall {
        MethodCall(
            destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus",
            method: method, arguments: arguments, reply: reply)
    }
}

/// What a method answered.
enum Answer {
    case value(Variant)
    case failure(BusFailure)

    func value() throws(BusFailure) -> Variant {
        switch self {
        case .value(let value): return value
        case .failure(let failure): throw failure
        }
    }
}

extension KeyringContext {
    /// Makes one call.
    func call(_ call: MethodCall, _ connection: OpaquePointer) throws(BusFailure) -> Variant {
        try burst([call], connection)[0].value()
    }

    /// Sends calls all at once, and returns their answers in the same order: a provider answers one after the other.
    func burst(_ calls: [MethodCall], _ connection: OpaquePointer) throws(BusFailure) -> [Answer] {
        let starts = calls.map { call -> Start in
            { cancellable, callback, data in
                g_dbus_connection_call(
                    connection, call.destination, call.path, call.interface, call.method, call.arguments?.pointer,
                    call.reply.variantType, cognitoauth_call_flags, Int32.max, cancellable, callback,
                    data)
            }
        }
        return try perform(starts).map { pending in
            var error: UnsafeMutablePointer<GError>?
            let value = pending.end { Variant.taking(g_dbus_connection_call_finish(connection, $0, &error)) }
            if let error { return .failure(BusFailure(consuming: error)) }
            guard let value else { return .failure(.nonsense) }
            return .value(value)
        }
    }
}

extension BusFailure {
    /// An answer that does not fit the Secret Service's specification.
    static var nonsense: BusFailure {
        BusFailure(AuthFailure(.keyringFailed, detail: "it answered nonsense"), .refused)
    }
}
