// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth

/// Why something failed that was asked over the bus, or of the encrypted file, and what that means for the call.
struct BusFailure: Error {
    let failure: AuthFailure
    let kind: Kind

    enum Kind {
        /// Nothing was asked.
        case unsent
        /// It was asked and not answered: it may have been done, or be done yet.
        case sent
        /// It was refused.
        case refused
        /// There is no such object, or not any more.
        case missingObject
        /// The session that secrets are encrypted with is of no use: the provider does not know it, or has another key.
        case lostSession
        /// The provider left the bus before it was asked.
        case lostOwner
        /// The encrypted file is another one than was read: nothing was changed.
        case outdated
    }

    init(_ failure: AuthFailure, _ kind: Kind) {
        self.failure = failure
        self.kind = kind
    }

    /// What an error of libsecret, D-Bus or the bus connection means. Frees it.
    ///
    /// Measured with GLib 2.74 and libsecret 0.20.5: no session bus is a plain I/O error, no provider is ServiceUnknown, a
    /// provider that does not start is one of the Spawn errors or NoReply.
    init(consuming error: UnsafeMutablePointer<GError>) {
        defer { g_error_free(error) }
        let kind = Self.kind(error)
        let status = Self.status(error)
        g_dbus_error_strip_remote_error(error)
        let detail = error.pointee.message.map { String(cString: $0) } ?? ""
        self.init(AuthFailure(status, detail: detail), kind)
    }

    /// Whether the same may be asked again of a provider that is looked for anew: it was surely not done.
    var isWorthAnotherProvider: Bool { kind == .lostSession || kind == .lostOwner }

    private static func kind(_ error: UnsafeMutablePointer<GError>) -> Kind {
        let code = UInt32(bitPattern: error.pointee.code)
        if cognitoauth_is_secret_error(error) != 0 {
            return code == SECRET_ERROR_NO_SUCH_OBJECT.rawValue ? .missingObject : .refused
        }
        if isAboutSession(error) { return .lostSession }
        guard cognitoauth_is_dbus_error(error) != 0 else {
            return g_dbus_error_is_remote_error(error) != 0 ? .refused : .sent
        }
        switch code {
        case G_DBUS_ERROR_UNKNOWN_OBJECT.rawValue, G_DBUS_ERROR_UNKNOWN_METHOD.rawValue,
            G_DBUS_ERROR_UNKNOWN_INTERFACE.rawValue:
            return .missingObject
        case G_DBUS_ERROR_SERVICE_UNKNOWN.rawValue, G_DBUS_ERROR_NAME_HAS_NO_OWNER.rawValue: return .lostOwner
        case G_DBUS_ERROR_NO_REPLY.rawValue, G_DBUS_ERROR_TIMEOUT.rawValue, G_DBUS_ERROR_TIMED_OUT.rawValue,
            G_DBUS_ERROR_DISCONNECTED.rawValue:
            return .sent
        default: return .refused
        }
    }

    /// KWallet has no error for it, but says which session it cannot find: also where it has another key, and cannot
    /// decrypt.
    private static func isAboutSession(_ error: UnsafeMutablePointer<GError>) -> Bool {
        guard g_dbus_error_is_remote_error(error) != 0, let message = error.pointee.message else { return false }
        return strstr(message, "org.freedesktop.Secret.Error.NoSession") != nil
            || strstr(message, "/org/freedesktop/secrets/session/") != nil
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
        case G_DBUS_ERROR_ACCESS_DENIED.rawValue, G_DBUS_ERROR_AUTH_FAILED.rawValue: return .keyringAccessDenied
        case G_DBUS_ERROR_SERVICE_UNKNOWN.rawValue, G_DBUS_ERROR_NAME_HAS_NO_OWNER.rawValue,
            G_DBUS_ERROR_NO_SERVER.rawValue, G_DBUS_ERROR_DISCONNECTED.rawValue, G_DBUS_ERROR_NO_REPLY.rawValue,
            G_DBUS_ERROR_TIMEOUT.rawValue, G_DBUS_ERROR_TIMED_OUT.rawValue,
            G_DBUS_ERROR_SPAWN_EXEC_FAILED.rawValue...G_DBUS_ERROR_SPAWN_NO_MEMORY.rawValue:
            return .keyringUnavailable
        default: return .keyringFailed
        }
    }
}
