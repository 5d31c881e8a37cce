// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth
internal import Linux

@_cdecl("auth_operation_fd") @implementation
public func auth_operation_fd(_ operation: OpaquePointer?) -> Int32 {
    (try? Operation.of(operation))?.events.descriptor ?? -1
}

@_cdecl("auth_operation_dispatch") @implementation
public func auth_operation_dispatch(_ operation: OpaquePointer?) -> Int32 {
    guard let operation = try? Operation.of(operation) else { return 1 }
    return operation.dispatch() ? 1 : 0
}

@_cdecl("auth_operation_cancel") @implementation
public func auth_operation_cancel(_ operation: OpaquePointer?) {
    try? Operation.of(operation).cancel()
}

@_cdecl("auth_operation_finish_sign_out") @implementation
public func auth_operation_finish_sign_out(
    _ operation: OpaquePointer?, _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    answer(result) { () throws(AuthFailure) in
        let operation = try Operation.of(operation)
        guard case .signOut(_, let slot) = operation.work else { throw .otherKind }
        return try operation.finish(slot)
    }
}

@_cdecl("auth_operation_finish_session") @implementation
public func auth_operation_finish_session(
    _ operation: OpaquePointer?, _ session: UnsafeMutablePointer<auth_session>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    answer(error) { () throws(AuthFailure) in
        if let session { try empty(session) }
        let operation = try Operation.of(operation)
        guard case .session(let request, let slot) = operation.work else { throw .otherKind }
        let outcome = try operation.finish(slot)
        if case .signIn = request, session == nil { operation.discard(outcome) }
        try handOut(outcome, to: session)
    }
}

@_cdecl("auth_operation_browser_done") @implementation
public func auth_operation_browser_done(
    _ operation: OpaquePointer?, _ redirect_uri: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    answer(error) { () throws(AuthFailure) in
        let operation = try Operation.of(operation)
        guard let uri = secret(redirect_uri) else { throw .invalid("redirect_uri", "is NULL") }
        guard operation.events.openURL != nil else { throw .notWaiting }
        guard operation.events.report(uri) else {
            throw .invalid("redirect_uri", "is not what the operation waits for")
        }
    }
}

@_cdecl("auth_operation_open_again") @implementation
public func auth_operation_open_again(
    _ operation: OpaquePointer?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    answer(error) { () throws(AuthFailure) in try Operation.of(operation).openAgain() }
}

@_cdecl("auth_operation_free") @implementation
public func auth_operation_free(_ operation: OpaquePointer?) {
    guard let operation else { return }
    try? Operation.of(operation).abandon()
    Handle.release(operation, Operation.self)
}

/// What the `_start` functions have in common.
@inline(never)
func start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?,
    _ work: (Client) throws(AuthFailure) -> Operation.Work
) -> auth_status {
    operation?.pointee = nil
    return answer(error) { () throws(AuthFailure) in
        let client = try Client.of(client)
        let work = try work(client)
        guard let operation else { throw .invalid("operation", "is NULL") }
        operation.pointee = Handle.make(try Operation.start(work, client, try client.callOptions(options)))
    }
}

extension AuthFailure {
    fileprivate static var otherKind: AuthFailure { .invalid("operation", "is of the other kind") }

    static var notWaiting: AuthFailure { .invalid("operation", "does not wait for a browser") }
}
