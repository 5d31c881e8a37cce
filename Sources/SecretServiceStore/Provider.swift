// SPDX-License-Identifier: Apache-2.0

internal import CSecret
internal import CognitoAuth
internal import Linux

/// A provider of the Secret Service as we know it: who it is on the bus, over a connection of our own, and the session
/// with it that secrets are encrypted with.
///
/// It never changes. Where it restarted, or the bus did, another one takes its place: see `Providers`.
final class Provider: @unchecked Sendable {
    private let bus: BusConnection
    /// Its unique name: a call to it reaches nobody else.
    let owner: String
    let kind: Kind
    private let service: UnsafeMutablePointer<SecretService>
    private let session: String

    /// What has to be known of a provider, as it is not in the specification.
    enum Kind {
        /// It does what it is asked in the order in which it is asked, and shows locked items as such.
        case gnomeKeyring
        /// It hides locked items.
        case keePassXC
        case other
    }

    static let rootPath = "/org/freedesktop/secrets"
    /// Stands for the collection that items are stored in unless told otherwise, "login" as a rule.
    static let defaultAlias = "default"
    static let defaultPath = "/org/freedesktop/secrets/aliases/default"

    /// Finds the provider, which the bus starts if need be, and opens a session with it.
    static func find(_ context: KeyringContext, _ bus: BusConnection) throws(BusFailure) -> Provider {
        let connection = bus.pointer
        let name = wellKnownName()
        let owners = [owner(of: name)] + kinds.map { owner(of: $0.name) }
        var answers = try context.burst(owners, connection)
        if case .failure(let failure) = answers[0] {
            guard failure.kind == .lostOwner else { throw failure }
            let start = Variant.tuple(.string(name), Variant.taking(g_variant_new_uint32(0)))
            _ = try context.call(.bus("StartServiceByName", start, reply: "(u)"), connection)
            answers = try context.burst(owners, connection)
        }
        // GIO never answers a call to what is no name of the bus.
        guard let owner = try answers[0].value()[0]?.text, g_dbus_is_unique_name(owner) != 0 else { throw .nonsense }
        let kind = zip(kinds, answers.dropFirst()).first { isOwner(owner, $1) }?.0.kind
        // gnome-keyring's daemon (42 to 50) can handle what a client asks first before it takes note of the client. Where
        // it must know the client for that, as for a session, it ends, and comes back locked. This it tells anybody.
        if kind == .gnomeKeyring { _ = try context.burst([collectionsCall(of: owner)], connection) }
        let service = try context.call(
            start: { cognitoauth_service_new(connection, $0, $1, $2) },
            finish: { cognitoauth_service_new_finish($0, $1) })
        guard let service else { throw .nonsense }
        do throws(BusFailure) {
            _ = try context.call(
                start: { secret_service_ensure_session(service, $0, $1, $2) },
                finish: { secret_service_ensure_session_finish(service, $0, $1) })
        } catch {
            g_object_unref(service)
            throw error.kind == .refused ? BusFailure(error.failure, .lostSession) : error
        }
        guard let session = secret_service_get_session_dbus_path(service) else {
            g_object_unref(service)
            throw .nonsense
        }
        return Provider(
            bus, owner, kind ?? .other, service, String(cString: session))
    }

    private init(
        _ bus: BusConnection, _ owner: String, _ kind: Kind, _ service: UnsafeMutablePointer<SecretService>,
        _ session: String
    ) {
        self.bus = bus
        self.owner = owner
        self.kind = kind
        self.service = service
        self.session = session
    }

    deinit {
        // A child of fork(2) has only the forking thread: GLib's locks may be held by nobody.
        guard isOfThisProcess else { return }
        g_object_unref(service)
    }

    var connection: OpaquePointer { bus.pointer }

    var isConnected: Bool { bus.isConnected }

    var isOfThisProcess: Bool { bus.isOfThisProcess }

    // MARK: Calls

    func serviceCall(_ method: String, _ arguments: Variant?, reply: StaticString) -> MethodCall {
        MethodCall(
            destination: owner, path: Self.rootPath, interface: "org.freedesktop.Secret.Service", method: method,
            arguments: arguments, reply: reply)
    }

    func itemCall(_ path: String, _ method: String, _ arguments: Variant?, reply: StaticString) -> MethodCall {
        MethodCall(
            destination: owner, path: path, interface: "org.freedesktop.Secret.Item", method: method,
            arguments: arguments, reply: reply)
    }

    /// Asks an owner of the name for its collections, as a boxed "ao".
    static func collectionsCall(of owner: String) -> MethodCall {
        .property("Collections", of: "org.freedesktop.Secret.Service", rootPath, at: owner)
    }

    /// Asks whether a collection is locked; an alias that stands for none is no object.
    func lockedCall(_ collection: String) -> MethodCall {
        .property("Locked", of: "org.freedesktop.Secret.Collection", collection, at: owner)
    }

    /// Asks for the secrets of items, as "a{o(oayays)}".
    func secretsCall(_ paths: [String]) -> MethodCall {
        serviceCall(
            "GetSecrets", .tuple(.array(of: "o", paths.map { Variant.path($0) }), .path(session)),
            reply: "(a{o(oayays)})")
    }

    // MARK: Secrets

    /// A secret as this session encrypts it, "(oayays)"; nil if it cannot.
    func encrypt(_ value: SecretValuePointer) -> Variant? {
        Variant.taking(secret_service_encode_dbus_secret(service, value.pointer))
    }

    func decrypt(_ secret: Variant) -> SecretValuePointer? {
        SecretValuePointer.taking(secret_service_decode_dbus_secret(service, secret.pointer))
    }

    // MARK: Names

    /// Names that a provider owns as well.
    private static var kinds: [(name: String, kind: Kind)] {
        [("org.gnome.keyring", .gnomeKeyring), ("org.keepassxc.KeePassXC.MainWindow", .keePassXC)]
    }

    /// As libsecret has it: its tests put a mock in the place of the provider.
    static func wellKnownName() -> String {
        Environment.value("SECRET_SERVICE_BUS_NAME") ?? "org.freedesktop.secrets"
    }

    static func owner(of name: String) -> MethodCall {
        .bus("GetNameOwner", .tuple(.string(name)), reply: "(s)")
    }

    static func isOwner(_ owner: String, _ answer: Answer) -> Bool {
        guard case .value(let value) = answer, let found = value[0]?.text else { return false }
        return found.isExactly(owner)
    }
}
