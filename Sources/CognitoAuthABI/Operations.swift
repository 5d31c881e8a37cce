// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth
internal import Linux

@_cdecl("auth_sign_out_start") @implementation
public func auth_sign_out_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error, isSignOut: true) { core, call in
        .signOut(core.signOut(globally: false, call))
    }
}

@_cdecl("auth_sign_out_global_start") @implementation
public func auth_sign_out_global_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error, isSignOut: true) { core, call in
        .signOut(core.signOut(globally: true, call))
    }
}

@_cdecl("auth_sign_out_retry_start") @implementation
public func auth_sign_out_retry_start(
    _ client: OpaquePointer?, _ partial_failure_token: UnsafePointer<CChar>?,
    _ options: UnsafePointer<auth_call_options>?, _ operation: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    guard let token = secret(partial_failure_token) else {
        operation?.pointee = nil
        return answer(error) { () throws(AuthFailure) in throw .missingPartialFailureToken }
    }
    return start(client, options, operation, error, isSignOut: true) { core, call in
        .signOut(core.retrySignOut(token, call))
    }
}

@_cdecl("auth_session_save_start") @implementation
public func auth_session_save_start(
    _ client: OpaquePointer?, _ session: UnsafePointer<auth_session>?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    let loaded: LoadedSession
    do {
        loaded = try LoadedSession(session)
    } catch let failure {
        operation?.pointee = nil
        return answer(error) { () throws(AuthFailure) in throw failure }
    }
    return start(client, options, operation, error, isSignOut: false) { core, call in
        do throws(AuthFailure) {
            try core.save(loaded, call)
            return .saved
        } catch {
            return .sessionFailure(error)
        }
    }
}

@_cdecl("auth_session_load_start") @implementation
public func auth_session_load_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error, isSignOut: false) { core, call in
        do throws(AuthFailure) {
            return .session(try core.load(call))
        } catch {
            return .sessionFailure(error)
        }
    }
}

@_cdecl("auth_session_fetch_start") @implementation
public func auth_session_fetch_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error, isSignOut: false) { core, call in
        do throws(FetchFailure) {
            return .session(try core.fetch(call))
        } catch {
            guard let unsaved = error.unsaved else { return .sessionFailure(error.failure) }
            return .unsavedSession(unsaved, error.failure)
        }
    }
}

@_cdecl("auth_operation_fd") @implementation
public func auth_operation_fd(_ operation: OpaquePointer?) -> Int32 {
    Operation.of(operation)?.ready.descriptor ?? -1
}

@_cdecl("auth_operation_dispatch") @implementation
public func auth_operation_dispatch(_ operation: OpaquePointer?) -> Int32 {
    guard let operation = Operation.of(operation) else { return 1 }
    return operation.dispatch() ? 1 : 0
}

@_cdecl("auth_operation_cancel") @implementation
public func auth_operation_cancel(_ operation: OpaquePointer?) {
    Operation.of(operation)?.cancel()
}

@_cdecl("auth_operation_finish_sign_out") @implementation
public func auth_operation_finish_sign_out(
    _ operation: OpaquePointer?, _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    answer(result) { () throws(AuthFailure) in
        switch try Operation.outcome(of: operation, where: { $0.isSignOut }) {
        case .signOut(let report): report
        default: throw .invalid("operation", "is not a sign-out")
        }
    }
}

@_cdecl("auth_operation_finish_session") @implementation
public func auth_operation_finish_session(
    _ operation: OpaquePointer?, _ session: UnsafeMutablePointer<auth_session>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    answer(error) { () throws(AuthFailure) in
        if let session { try CStruct.check(session, "session") }
        if let session { CStruct.write(auth_session(), to: session) }
        switch try Operation.outcome(of: operation, where: { !$0.isSignOut }) {
        case .saved: break
        case .session(let loaded):
            if let session { CStruct.write(auth_session(loaded), to: session) }
        case .sessionFailure(let failure): throw failure
        case .unsavedSession(let loaded, let failure):
            if let session { CStruct.write(auth_session(loaded), to: session) }
            throw failure
        case .signOut: throw .invalid("operation", "is a sign-out")
        }
    }
}

@_cdecl("auth_operation_browser_done") @implementation
public func auth_operation_browser_done(
    _ operation: OpaquePointer?, _ redirect_uri: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    answer(error) { () throws(AuthFailure) in
        guard operation != nil else { throw .invalid("operation", "is NULL") }
        guard redirect_uri != nil else { throw .invalid("redirect_uri", "is NULL") }
        throw .invalid("operation", "does not wait for a browser")
    }
}

@_cdecl("auth_operation_free") @implementation
public func auth_operation_free(_ operation: OpaquePointer?) {
    guard let operation else { return }
    let owned = Unmanaged<Operation>.fromOpaque(UnsafeRawPointer(operation))
    owned.takeUnretainedValue().abandon()
    owned.release()
}

/// What the `_start` functions have in common.
private func start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?,
    isSignOut: Bool, _ work: @escaping (AuthClient, Call) -> Operation.Outcome
) -> auth_status {
    operation?.pointee = nil
    return answer(error) { () throws(AuthFailure) in
        guard let operation else { throw .invalid("operation", "is NULL") }
        let client = try Client.of(client)
        let new = try Operation.start(client, try CallOptions(options, of: client), isSignOut: isSignOut, work)
        operation.pointee = OpaquePointer(Unmanaged.passRetained(new).toOpaque())
    }
}

extension Operation {
    /// The operation behind a handle.
    static func of(_ handle: OpaquePointer?) -> Operation? {
        handle.map { Unmanaged<Operation>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }

    /// The outcome, if it is of the kind that is asked for and was not handed out before.
    static func outcome(
        of handle: OpaquePointer?, where isWanted: (Operation) -> Bool
    ) throws(AuthFailure) -> Outcome {
        guard let operation = of(handle) else { throw .invalid("operation", "is NULL") }
        guard isWanted(operation) else { throw .invalid("operation", "is of the other kind") }
        guard let outcome = operation.finish() else { throw .invalid("operation", "was finished before") }
        return outcome
    }
}

extension AuthFailure {
    static var missingPartialFailureToken: AuthFailure { .invalid("partial_failure_token", "is NULL") }
}
