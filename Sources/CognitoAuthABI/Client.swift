// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth
internal import CurlTransport
internal import LinuxPlatform
internal import SecretServiceStore

/// What an `auth_client` points to.
final class Client {
    let core: AuthClient
    private let logFunction: auth_log_function?
    private let logUserData: UnsafeMutableRawPointer?

    init(_ options: auth_client_options) throws(AuthFailure) {
        let configuration = try Configuration(Self.options(options))
        let world = World(
            transport: CurlTransport(configuration, userAgent: "cognitoauth/\(COGNITOAUTH_VERSION_STRING)"),
            store: SecretServiceStore(configuration), clock: SystemClock(), randomness: SystemRandomness(),
            turn: MutexTurn())
        core = AuthClient(configuration, world)
        logFunction = options.log_function
        logUserData = options.log_user_data
    }

    /// A log for one call; it keeps nothing if nobody wants it.
    func newLog() -> CallLog {
        CallLog(limit: logFunction == nil ? nil : core.configuration.logLevel)
    }

    /// Hands what a call had to say to the program.
    func deliver(_ log: CallLog) {
        guard let logFunction else { return }
        for line in log.lines { line.text.withCString { logFunction(logUserData, line.level.rawValue, $0) } }
    }

    /// The client behind a handle, kept alive for as long as the caller holds it.
    static func of(_ handle: OpaquePointer?) throws(AuthFailure) -> Client {
        guard let handle else { throw .invalid("client", "is NULL") }
        return Unmanaged<Client>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
    }

    private static func options(_ options: auth_client_options) throws(AuthFailure) -> ConfigurationOptions {
        try requireSupported(options)
        var result = ConfigurationOptions()
        result.appID = try text(options.app_id, "app_id")
        result.userPoolID = try text(options.user_pool_id, "user_pool_id")
        result.clientID = try text(options.client_id, "client_id")
        result.clientSecret = secret(options.client_secret)
        result.endpoint = try text(options.endpoint, "endpoint")
        result.region = try text(options.region, "region")
        result.certificateFile = try text(options.ca_file, "ca_file")
        result.proxy = try text(options.proxy, "proxy")
        result.timeoutMilliseconds = options.timeout_ms
        result.maximumAttempts = options.max_attempts
        result.useFIPS = options.use_fips != 0
        result.useDualStack = options.use_dualstack != 0
        result.logLevel = options.log_level
        return result
    }

    private static func requireSupported(_ options: auth_client_options) throws(AuthFailure) {
        if options.hosted_ui_domain != nil { throw .notSupported("hosted_ui_domain") }
        if options.sign_out_redirect_uris != nil { throw .notSupported("sign_out_redirect_uris") }
        if options.sign_out_redirect_uri_count != 0 { throw .notSupported("sign_out_redirect_uri_count") }
        if options.event_function != nil { throw .notSupported("event_function") }
        if options.open_url_function != nil { throw .notSupported("open_url_function") }
    }
}

extension AuthFailure {
    /// An option that the header has for a later version.
    static func notSupported(_ name: StaticString) -> AuthFailure {
        AuthFailure(.notSupported, "\(name) is not supported by this version of the library.")
    }
}

@_cdecl("auth_client_new") @implementation
public func auth_client_new(
    _ options: UnsafePointer<auth_client_options>?, _ client: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    client?.pointee = nil
    return answer(error) { () throws(AuthFailure) in
        guard let client else { throw .invalid("client", "is NULL") }
        guard let options else { throw .invalid("options", "is NULL") }
        guard !ProcessPrivileges.areRaised else { throw AuthFailure(.privilegedProcess) }
        let new = try Client(try CStruct.read(options, "options"))
        client.pointee = OpaquePointer(Unmanaged.passRetained(new).toOpaque())
    }
}

@_cdecl("auth_client_free") @implementation
public func auth_client_free(_ client: OpaquePointer?) {
    guard let client else { return }
    Unmanaged<Client>.fromOpaque(UnsafeRawPointer(client)).release()
}
