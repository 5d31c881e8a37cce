// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth
internal import SecretMemory

@_cdecl("auth_sign_out_result_init") @implementation
public func auth_sign_out_result_init(_ result: UnsafeMutablePointer<auth_sign_out_result>?, _ struct_size: Int) {
    CStruct.initialize(result, struct_size)
}

@_cdecl("auth_sign_out") @implementation
public func auth_sign_out(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    signOut(.local, client, options, result)
}

@_cdecl("auth_sign_out_start") @implementation
public func auth_sign_out_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { _ throws(AuthFailure) in .signOut(.local, Slot()) }
}

@_cdecl("auth_sign_out_global") @implementation
public func auth_sign_out_global(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    signOut(.global, client, options, result)
}

@_cdecl("auth_sign_out_global_start") @implementation
public func auth_sign_out_global_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { _ throws(AuthFailure) in .signOut(.global, Slot()) }
}

@_cdecl("auth_sign_out_retry") @implementation
public func auth_sign_out_retry(
    _ client: OpaquePointer?, _ partial_failure_token: UnsafePointer<CChar>?,
    _ options: UnsafePointer<auth_call_options>?, _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    answer(result) { () throws(AuthFailure) in
        do throws(AuthFailure) {
            let client = try Client.of(client)
            return client.retry(try retryToken(partial_failure_token), options)
        } catch {
            return .unbegunRetry(error)
        }
    }
}

@_cdecl("auth_sign_out_retry_start") @implementation
public func auth_sign_out_retry_start(
    _ client: OpaquePointer?, _ partial_failure_token: UnsafePointer<CChar>?,
    _ options: UnsafePointer<auth_call_options>?, _ operation: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { _ throws(AuthFailure) in
        .signOut(.retry(try retryToken(partial_failure_token)), Slot())
    }
}

@_cdecl("auth_sign_out_resume") @implementation
public func auth_sign_out_resume(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    signOut(.resume, client, options, result)
}

@_cdecl("auth_sign_out_resume_start") @implementation
public func auth_sign_out_resume_start(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ operation: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { _ throws(AuthFailure) in .signOut(.resume, Slot()) }
}

@_cdecl("auth_sign_out_result_clear") @implementation
public func auth_sign_out_result_clear(_ result: UnsafeMutablePointer<auth_sign_out_result>?) {
    CStruct.clear(result) { $0.owned }
}

@_cdecl("auth_sign_out_result_message") @implementation
public func auth_sign_out_result_message(_ result: UnsafePointer<auth_sign_out_result>?) -> UnsafePointer<CChar>? {
    literal((CStruct.look(at: result).flatMap(SignOutFacts.init)?.sentence ?? .unknown).text)
}

/// Blocks on a sign-out.
private func signOut(
    _ request: SignOutRequest, _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    answer(result) { () throws(AuthFailure) in
        let client = try Client.of(client)
        return client.run(request, try client.callOptions(options))
    }
}

extension Client {
    /// With options that do not fit, the token's steps stay open.
    fileprivate func retry(_ token: SecretBytes, _ options: UnsafePointer<auth_call_options>?) -> SignOutReport {
        do throws(AuthFailure) {
            return run(SignOutRequest.retry(token), try callOptions(options))
        } catch {
            return core.refuseRetry(token, error)
        }
    }
}

private func retryToken(_ text: UnsafePointer<CChar>?) throws(AuthFailure) -> SecretBytes {
    guard let token = secret(text) else { throw .invalid("partial_failure_token", "is NULL") }
    return token
}

/// Runs `body` and reports what it answers as an outcome and a result.
@inline(never)
func answer(
    _ result: UnsafeMutablePointer<auth_sign_out_result>?, _ body: () throws(AuthFailure) -> SignOutReport
) -> auth_sign_out_outcome {
    let report: SignOutReport
    do throws(AuthFailure) {
        if let result { try CStruct.check(result, "result") }
    } catch {
        // There is no place to say why.
        return SignOutReport.Outcome.failed.rawValue
    }
    do {
        report = try body()
    } catch {
        report = SignOutReport(failed: error)
    }
    if let result { CStruct.write(auth_sign_out_result(report), to: result) }
    return report.outcome.rawValue
}

extension auth_sign_out_result {
    init(_ report: SignOutReport) {
        self.init()
        var result = auth_sign_out_result()
        let block = OwnedBlock.make { arena in
            result.partial_failure_token = arena.secret(report.partialFailureToken)
            result.failure = ErrorRecord.place(report.failure, in: arena)
            result.hosted_ui_error = ErrorRecord.place(report.hostedUIFailure, in: arena)
            result.global_sign_out_error = ErrorRecord.place(report.globalSignOutFailure, in: arena)
            result.revoke_token_error = ErrorRecord.place(report.revocationFailure, in: arena)
            result.invalid_session_error = ErrorRecord.place(report.invalidSessionFailure, in: arena)
        }
        self = result
        owned = block
        tokens_valid_until = report.tokensValidUntil
        outcome = report.outcome.rawValue
        was_signed_in = report.wasSignedIn.rawValue
        signed_out_locally = report.signedOutLocally.rawValue
        global_sign_out = report.globalSignOut.rawValue
        revoke_token = report.revocation.rawValue
        kept = report.kept.rawValue
        unfinished_count = Int32(clamping: report.unfinishedCount)
    }
}

extension SignOutFacts {
    /// nil: it has numbers that no result has.
    init?(_ result: auth_sign_out_result) {
        guard let outcome = SignOutReport.Outcome(rawValue: result.outcome),
            let wasSignedIn = SignOutReport.Answer(rawValue: result.was_signed_in),
            let signedOutLocally = SignOutReport.Answer(rawValue: result.signed_out_locally),
            let globalSignOut = SignOutReport.Remote(rawValue: result.global_sign_out),
            let revocation = SignOutReport.Remote(rawValue: result.revoke_token),
            let kept = SignOutReport.Answer(rawValue: result.kept)
        else { return nil }
        self.init(
            outcome, wasSignedIn: wasSignedIn, signedOutLocally: signedOutLocally, globalSignOut: globalSignOut,
            revocation: revocation, failure: Self.status(result.failure),
            globalSignOutFailure: Self.status(result.global_sign_out_error),
            revocationFailure: Self.status(result.revoke_token_error),
            isSessionDamaged: result.invalid_session_error != nil, isBrowserOpen: result.hosted_ui_error != nil,
            canRetry: result.partial_failure_token != nil, isKept: kept == .yes)
    }

    private static func status(_ error: OpaquePointer?) -> Status? {
        ErrorRecord.read(error).flatMap { Status(rawValue: $0.status) }
    }
}
