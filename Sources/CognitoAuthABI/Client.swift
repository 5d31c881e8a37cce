// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth
internal import CurlTransport
internal import Linux
internal import SecretServiceStore
internal import SessionLockFile

/// What an `auth_client` points to.
final class Client {
    let core: AuthClient
    private let logFunction: auth_log_function?
    private let logUserData: UnsafeMutableRawPointer?
    private let eventFunction: auth_event_function?
    private let eventUserData: UnsafeMutableRawPointer?
    private let mutex = ThreadMutex()
    /// Of the calls and operations that are running.
    private var cancellations: [EventDescriptor] = []

    /// A client with options that were checked before: an initialiser of a class that throws leaks its
    /// object in Embedded Swift 6.3.
    static func make(
        _ options: UnsafePointer<auth_client_options>?, file: UnsafePointer<CChar>?
    ) throws(AuthFailure) -> Client {
        guard let options else { throw .invalid("options", "is NULL") }
        guard !ProcessPrivileges.areRaised else { throw AuthFailure(.privilegedProcess) }
        let fields = try CStruct.read(options, "options")
        var requested = try Self.options(fields)
        if let file {
            requested.fill(from: try AmplifyConfiguration(parsing: ConfigurationFile.contents(file)))
        }
        return Client(try Configuration(requested), fields)
    }

    private init(_ configuration: Configuration, _ options: auth_client_options) {
        let world = World(
            transport: CurlTransport(configuration, userAgent: "cognitoauth/\(COGNITOAUTH_VERSION_STRING)"),
            store: SecretServiceStore(configuration), clock: SystemClock(), randomness: SystemRandomness(),
            turn: ClientTurn(configuration))
        core = AuthClient(configuration, world)
        logFunction = options.log_function
        logUserData = options.log_user_data
        eventFunction = options.event_function
        eventUserData = options.event_user_data
    }

    /// A call with these options, which `cancel` cancels until `end`.
    func begin(_ options: CallOptions, _ cancellation: EventDescriptor) -> Call {
        mutex.withLock { cancellations.append(cancellation) }
        return Call(
            timeout: options.timeoutMilliseconds, promptTimeout: options.promptTimeoutMilliseconds,
            cancellation: cancellation, logLimit: logFunction == nil ? nil : core.configuration.logLevel)
    }

    func end(_ cancellation: EventDescriptor) {
        mutex.withLock { cancellations.removeAll { $0 === cancellation } }
    }

    func cancel() {
        for cancellation in mutex.withLock({ cancellations }) { cancellation.raise() }
    }

    /// Runs a blocking call, and then the callbacks for what it had to tell.
    func run<Result, Failure: Error>(
        _ options: CallOptions, _ body: (AuthClient, Call) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let cancellation = EventDescriptor()
        let call = begin(options, cancellation)
        defer {
            end(cancellation)
            deliver(call.notices)
        }
        return try body(core, call)
    }

    /// Hands what a call had to tell to the program.
    func deliver(_ notices: [Call.Notice]) {
        for notice in notices {
            switch notice {
            case .line(let level, let text):
                if let logFunction { text.withCString { logFunction(logUserData, level.rawValue, $0) } }
            case .event(let event):
                eventFunction?(eventUserData, event.rawValue)
            }
        }
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
    handOut(client, error) { () throws(AuthFailure) in
        try Client.make(options, file: nil)
    }
}

@_cdecl("auth_client_new_from_file") @implementation
public func auth_client_new_from_file(
    _ path: UnsafePointer<CChar>?, _ options: UnsafePointer<auth_client_options>?,
    _ client: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    handOut(client, error) { () throws(AuthFailure) in
        guard let path else { throw .invalid("path", "is NULL") }
        return try Client.make(options, file: path)
    }
}

/// Makes the client that a program asked for, and its handle.
private func handOut(
    _ client: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?,
    _ make: () throws(AuthFailure) -> Client
) -> auth_status {
    client?.pointee = nil
    return answer(error) { () throws(AuthFailure) in
        guard let client else { throw .invalid("client", "is NULL") }
        client.pointee = OpaquePointer(Unmanaged.passRetained(try make()).toOpaque())
    }
}

@_cdecl("auth_client_free") @implementation
public func auth_client_free(_ client: OpaquePointer?) {
    guard let client else { return }
    Unmanaged<Client>.fromOpaque(UnsafeRawPointer(client)).release()
}

@_cdecl("auth_client_cancel") @implementation
public func auth_client_cancel(_ client: OpaquePointer?) {
    try? Client.of(client).cancel()
}
