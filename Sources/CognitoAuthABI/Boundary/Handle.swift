// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth

/// The pointer that a program holds to an object of this module.
enum Handle {
    /// A handle that keeps its object alive until `release`.
    static func make(_ object: some AnyObject) -> OpaquePointer {
        OpaquePointer(Unmanaged.passRetained(object).toOpaque())
    }

    static func object<Object: AnyObject>(_ handle: OpaquePointer) -> Object {
        Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
    }

    static func release<Object: AnyObject>(_ handle: OpaquePointer, _ type: Object.Type) {
        Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).release()
    }
}

extension Client {
    /// The client behind a handle, kept alive for as long as the caller holds it.
    static func of(_ handle: OpaquePointer?) throws(AuthFailure) -> Client {
        guard let handle else { throw .invalid("client", "is NULL") }
        return Handle.object(handle)
    }
}

extension Operation {
    /// The operation behind a handle.
    static func of(_ handle: OpaquePointer?) throws(AuthFailure) -> Operation {
        guard let handle else { throw .invalid("operation", "is NULL") }
        return Handle.object(handle)
    }
}
