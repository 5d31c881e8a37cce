// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth
internal import Linux

@_cdecl("auth_client_options_init") @implementation
public func auth_client_options_init(_ options: UnsafeMutablePointer<auth_client_options>?, _ struct_size: Int) {
    CStruct.initialize(options, struct_size)
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

@_cdecl("auth_client_cancel") @implementation
public func auth_client_cancel(_ client: OpaquePointer?) {
    try? Client.of(client).cancel()
}

@_cdecl("auth_client_free") @implementation
public func auth_client_free(_ client: OpaquePointer?) {
    if let client { Handle.release(client, Client.self) }
}

@_cdecl("auth_call_options_init") @implementation
public func auth_call_options_init(_ options: UnsafeMutablePointer<auth_call_options>?, _ struct_size: Int) {
    CStruct.initialize(options, struct_size)
}

/// Makes the client that a program asked for, and its handle.
private func handOut(
    _ client: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?,
    _ make: () throws(AuthFailure) -> Client
) -> auth_status {
    client?.pointee = nil
    return answer(error) { () throws(AuthFailure) in
        guard let client else { throw .invalid("client", "is NULL") }
        client.pointee = Handle.make(try make())
    }
}

extension Client {
    /// A client with options that were checked before: an initialiser of a class that throws leaks its object in
    /// Embedded Swift 6.3.
    fileprivate static func make(
        _ options: UnsafePointer<auth_client_options>?, file: UnsafePointer<CChar>?
    ) throws(AuthFailure) -> Client {
        guard let options else { throw .invalid("options", "is NULL") }
        guard !ProcessPrivileges.areRaised else { throw AuthFailure(.privilegedProcess) }
        let fields = try CStruct.read(options, "options") { line in
            // There is no client yet that knows whom to tell: the struct does.
            Callbacks(CStruct.copy(options, auth_client_options.firstSize)).tell(.line(.error, line))
        }
        var requested = try ConfigurationOptions(fields)
        if let file {
            requested.fill(from: try AmplifyConfiguration(parsing: ConfigurationFile.contents(file)))
        }
        return Client(AuthClient.standard(try .standard(requested)), Callbacks(fields))
    }

    /// What a program asks of one call of this client.
    func callOptions(_ options: UnsafePointer<auth_call_options>?) throws(AuthFailure) -> CallOptions {
        guard let options else { return CallOptions(core.configuration) }
        let fields = try CStruct.read(options, "options", log: reportMisuse)
        return try CallOptions(
            timeout: fields.timeout_ms, allowPrompt: fields.allow_prompt != 0, promptTimeout: fields.prompt_timeout_ms,
            skipsBrowser: fields.skip_browser != 0, browserFailure: fields.browser_failure,
            browserTimeout: fields.browser_timeout_ms, core.configuration)
    }
}

extension ConfigurationOptions {
    fileprivate init(_ options: auth_client_options) throws(AuthFailure) {
        self.init()
        appID = try text(options.app_id, "app_id")
        userPoolID = try text(options.user_pool_id, "user_pool_id")
        clientID = try text(options.client_id, "client_id")
        clientSecret = secret(options.client_secret)
        endpoint = try text(options.endpoint, "endpoint")
        region = try text(options.region, "region")
        hostedUIDomain = try text(options.hosted_ui_domain, "hosted_ui_domain")
        signOutRedirectURIs = try texts(
            options.sign_out_redirect_uris, options.sign_out_redirect_uri_count, "sign_out_redirect_uris")
        certificateFile = try text(options.ca_file, "ca_file")
        proxy = try text(options.proxy, "proxy")
        timeoutMilliseconds = options.timeout_ms
        maximumAttempts = options.max_attempts
        useFIPS = options.use_fips != 0
        useDualStack = options.use_dualstack != 0
        logLevel = options.log_level
        signInRedirectURIs = try texts(
            options.sign_in_redirect_uris, options.sign_in_redirect_uri_count, "sign_in_redirect_uris")
        appName = try text(options.app_name, "app_name")
        keepsUnfinished = options.keep_unfinished != 0
        guard options.reserved == 0 else { throw .invalid("reserved", "must be 0") }
    }
}
