// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import CSecret

extension AuthFailure {
    /// What an error of libsecret, D-Bus or the bus connection means. Frees it.
    ///
    /// Measured with libsecret 0.20.5: no session bus is a plain I/O error, no provider is
    /// ServiceUnknown, a provider that does not start is one of the Spawn errors or NoReply.
    init(consuming error: UnsafeMutablePointer<GError>?) {
        guard let error else {
            self.init(.keyringFailed)
            return
        }
        defer { g_error_free(error) }
        g_dbus_error_strip_remote_error(error)
        let detail = error.pointee.message.map { String(cString: $0) } ?? ""
        self.init(Self.status(error), detail: detail)
    }

    /// Whether an item was deleted between the search and the look at it.
    static func isAboutMissingItem(_ error: UnsafeMutablePointer<GError>?) -> Bool {
        guard let error else { return false }
        let code = UInt32(bitPattern: error.pointee.code)
        if cognitoauth_is_secret_error(error) != 0 { return code == SECRET_ERROR_NO_SUCH_OBJECT.rawValue }
        return cognitoauth_is_dbus_error(error) != 0
            && (code == G_DBUS_ERROR_UNKNOWN_OBJECT.rawValue || code == G_DBUS_ERROR_UNKNOWN_METHOD.rawValue)
    }

    private static func status(_ error: UnsafeMutablePointer<GError>) -> Status {
        let code = UInt32(bitPattern: error.pointee.code)
        if cognitoauth_is_secret_error(error) != 0 {
            return code == SECRET_ERROR_IS_LOCKED.rawValue ? .keyringLocked : .keyringFailed
        }
        if cognitoauth_is_io_error(error) != 0 {
            return code == G_IO_ERROR_PERMISSION_DENIED.rawValue
                ? .keyringAccessDenied
                : code == G_IO_ERROR_DBUS_ERROR.rawValue ? .keyringFailed : .keyringUnavailable
        }
        guard cognitoauth_is_dbus_error(error) != 0 else { return .keyringFailed }
        switch code {
        case G_DBUS_ERROR_ACCESS_DENIED.rawValue, G_DBUS_ERROR_AUTH_FAILED.rawValue:
            return .keyringAccessDenied
        case G_DBUS_ERROR_SERVICE_UNKNOWN.rawValue, G_DBUS_ERROR_NAME_HAS_NO_OWNER.rawValue,
            G_DBUS_ERROR_NO_SERVER.rawValue, G_DBUS_ERROR_DISCONNECTED.rawValue, G_DBUS_ERROR_NO_REPLY.rawValue,
            G_DBUS_ERROR_TIMEOUT.rawValue, G_DBUS_ERROR_TIMED_OUT.rawValue,
            G_DBUS_ERROR_SPAWN_EXEC_FAILED.rawValue...G_DBUS_ERROR_SPAWN_NO_MEMORY.rawValue:
            return .keyringUnavailable
        default: return .keyringFailed
        }
    }
}
