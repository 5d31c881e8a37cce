// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth

/// libsecret's connection to the Secret Service, or to whatever it uses in its place.
final class SecretServiceConnection {
    private let backend: OpaquePointer

    /// nil where libsecret uses an encrypted file instead.
    let service: UnsafeMutablePointer<SecretService>?

    private init(_ backend: OpaquePointer) {
        self.backend = backend
        service = cognitoauth_secret_service(backend)
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(backend)) }

    static func make(_ context: KeyringContext) throws(AuthFailure) -> SecretServiceConnection {
        guard cognitoauth_secret_backend_is_known() != 0 else {
            throw AuthFailure(.keyringUnavailable, detail: "SECRET_BACKEND names no backend of libsecret")
        }
        let bus = try context.connectToBus()
        defer { if let bus { g_object_unref(bus) } }
        let backend = try context.call(
            start: { secret_backend_get(SECRET_BACKEND_NONE, $0, $1, $2) },
            finish: { cognitoauth_secret_backend_finish($0, $1) })
        guard let backend else { throw AuthFailure(.keyringFailed) }
        return SecretServiceConnection(backend)
    }

    /// Whether the service is still on the bus.
    static func isAlive(
        _ service: UnsafeMutablePointer<SecretService>, _ limit: WaitLimit
    ) throws(AuthFailure) -> Bool {
        try KeyringContext.with(limit) { context throws(AuthFailure) in
            try context.call(
                start: { cognitoauth_has_owner(service, $0, $1, $2) },
                finish: { cognitoauth_has_owner_finish(service, $0, $1) }) != 0
        }
    }

    /// Lets go of what libsecret has cached: a service that was restarted has another name on the bus, and
    /// libsecret would go on asking the old one.
    static func reset() { secret_service_disconnect() }
}
