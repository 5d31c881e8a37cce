// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth
internal import SecretMemory

@_cdecl("auth_sign_out") @implementation
public func auth_sign_out(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    signOut(client, options, result) { core, call in core.signOut(globally: false, call) }
}

@_cdecl("auth_sign_out_global") @implementation
public func auth_sign_out_global(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    signOut(client, options, result) { core, call in core.signOut(globally: true, call) }
}

@_cdecl("auth_sign_out_retry") @implementation
public func auth_sign_out_retry(
    _ client: OpaquePointer?, _ partial_failure_token: UnsafePointer<CChar>?,
    _ options: UnsafePointer<auth_call_options>?, _ result: UnsafeMutablePointer<auth_sign_out_result>?
) -> auth_sign_out_outcome {
    answer(result) { () throws(AuthFailure) in
        do throws(AuthFailure) {
            let client = try Client.of(client)
            guard let token = secret(partial_failure_token) else { throw .missingPartialFailureToken }
            return client.retry(token, options)
        } catch {
            return .unbegunRetry(error)
        }
    }
}

extension Client {
    /// With options that do not fit, the token's steps stay open.
    fileprivate func retry(_ token: SecretBytes, _ options: UnsafePointer<auth_call_options>?) -> SignOutReport {
        do throws(AuthFailure) {
            return run(try CallOptions(options, of: self)) { core, call in core.retrySignOut(token, call) }
        } catch {
            return core.refuseRetry(token, error)
        }
    }
}

@_cdecl("auth_sign_out_result_clear") @implementation
public func auth_sign_out_result_clear(_ result: UnsafeMutablePointer<auth_sign_out_result>?) {
    CStruct.clear(result) { $0.owned }
}

/// What the first two have in common.
private func signOut(
    _ client: OpaquePointer?, _ options: UnsafePointer<auth_call_options>?,
    _ result: UnsafeMutablePointer<auth_sign_out_result>?, _ run: (AuthClient, Call) -> SignOutReport
) -> auth_sign_out_outcome {
    answer(result) { () throws(AuthFailure) in
        let client = try Client.of(client)
        return client.run(try CallOptions(options, of: client), run)
    }
}

/// Runs `body` and reports what it answers as an outcome and a result.
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
    }
}
