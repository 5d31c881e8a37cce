// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth
internal import SecretMemory

@_cdecl("auth_session_init") @implementation
public func auth_session_init(_ session: UnsafeMutablePointer<auth_session>?, _ struct_size: Int) {
    CStruct.initialize(session, struct_size)
}

@_cdecl("auth_session_save") @implementation
public func auth_session_save(
    _ client: OpaquePointer?, _ session: UnsafePointer<auth_session>?, _ options: UnsafePointer<auth_call_options>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    answer(error) { () throws(AuthFailure) in
        let client = try Client.of(client)
        let request = SessionRequest.save(try .read(session, of: client))
        try handOut(client.run(request, try client.callOptions(options)), to: nil)
    }
}

@_cdecl("auth_session_save_start") @implementation
public func auth_session_save_start(
    _ client: OpaquePointer?, _ session: UnsafePointer<auth_session>?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { client throws(AuthFailure) in
        .session(.save(try .read(session, of: client)), Slot())
    }
}

@_cdecl("auth_session_load") @implementation
public func auth_session_load(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ session: UnsafeMutablePointer<auth_session>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    read(.load, client, options, session, error)
}

@_cdecl("auth_session_load_start") @implementation
public func auth_session_load_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { _ throws(AuthFailure) in .session(.load, Slot()) }
}

@_cdecl("auth_session_fetch") @implementation
public func auth_session_fetch(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ session: UnsafeMutablePointer<auth_session>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    read(.fetch, client, options, session, error)
}

@_cdecl("auth_session_fetch_start") @implementation
public func auth_session_fetch_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { _ throws(AuthFailure) in .session(.fetch, Slot()) }
}

@_cdecl("auth_session_check") @implementation
public func auth_session_check(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    answer(error) { () throws(AuthFailure) in
        let client = try Client.of(client)
        try handOut(client.run(SessionRequest.check, try client.callOptions(options)), to: nil)
    }
}

@_cdecl("auth_session_check_start") @implementation
public func auth_session_check_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { _ throws(AuthFailure) in .session(.check, Slot()) }
}

@_cdecl("auth_session_watch_start") @implementation
public func auth_session_watch_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { _ throws(AuthFailure) in .session(.watch, Slot()) }
}

@_cdecl("auth_session_clear") @implementation
public func auth_session_clear(_ session: UnsafeMutablePointer<auth_session>?) {
    CStruct.clear(session) { $0.owned }
}

/// Blocks on what hands a session out.
private func read(
    _ request: SessionRequest, _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ session: UnsafeMutablePointer<auth_session>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    answer(error) { () throws(AuthFailure) in
        guard let session else { throw .invalid("session", "is NULL") }
        try empty(session)
        let client = try Client.of(client)
        try handOut(client.run(request, try client.callOptions(options)), to: session)
    }
}

/// Leaves nothing in an output session. What it owned before is the caller's to have cleared.
func empty(_ session: UnsafeMutablePointer<auth_session>) throws(AuthFailure) {
    try CStruct.check(session, "session")
    CStruct.write(auth_session(), to: session)
}

/// Writes the session that a call ended with, and throws what it failed with.
func handOut(_ outcome: SessionOutcome, to session: UnsafeMutablePointer<auth_session>?) throws(AuthFailure) {
    if let session, let loaded = outcome.session { CStruct.write(auth_session(loaded), to: session) }
    if let failure = outcome.failure { throw failure }
}

extension LoadedSession {
    @inline(never)
    static func read(
        _ pointer: UnsafePointer<auth_session>?, of client: Client
    ) throws(AuthFailure) -> LoadedSession {
        guard let pointer else { throw .invalid("session", "is NULL") }
        let fields = try CStruct.read(pointer, "session", log: client.reportMisuse)
        let username = try text(fields.username, "username")
        guard let accessToken = secret(fields.access_token) else {
            throw .invalid("access_token", "is required and is NULL")
        }
        guard let method = Session.SignInMethod(rawValue: fields.sign_in_method) else {
            throw .invalid("sign_in_method", "must be one of AUTH_SIGN_IN_METHOD")
        }
        guard fields.reserved == 0 else { throw .invalid("reserved", "must be 0") }
        let session = try Session.make(
            username: username, accessToken: accessToken, idToken: secret(fields.id_token),
            refreshToken: secret(fields.refresh_token), method: method)
        return LoadedSession(session: session, deviceKey: secret(fields.device_key))
    }
}

extension auth_session {
    init(_ loaded: LoadedSession) {
        self.init()
        let session = loaded.session
        var result = auth_session()
        let block = OwnedBlock.make { arena in
            result.username = arena.text(session.username)
            result.access_token = arena.secret(session.accessToken)
            result.id_token = arena.secret(session.idToken)
            result.refresh_token = arena.secret(session.refreshToken)
            result.device_key = arena.secret(loaded.deviceKey)
        }
        self = result
        owned = block
        access_token_expires_at = Self.expiry(of: session.accessToken)
        id_token_expires_at = Self.expiry(of: session.idToken)
        sign_in_method = session.signInMethod.rawValue
    }

    private static func expiry(of token: SecretBytes?) -> Int64 {
        max(token.flatMap(TokenClaims.init)?.expiresAt ?? 0, 0)
    }
}
