// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth

@_cdecl("auth_sign_in_options_init") @implementation
public func auth_sign_in_options_init(_ options: UnsafeMutablePointer<auth_sign_in_options>?, _ struct_size: Int) {
    CStruct.initialize(options, struct_size)
}

@_cdecl("auth_sign_in") @implementation
public func auth_sign_in(
    _ client: OpaquePointer?, _ sign_in: UnsafePointer<auth_sign_in_options>?,
    _ options: UnsafePointer<auth_call_options>?, _ session: UnsafeMutablePointer<auth_session>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    answer(error) { () throws(AuthFailure) in
        if let session { try empty(session) }
        let client = try Client.of(client)
        let request = SessionRequest.signIn(try .make(sign_in, handsOut: session != nil, of: client))
        try handOut(client.run(request, try client.callOptions(options)), to: session)
    }
}

@_cdecl("auth_sign_in_start") @implementation
public func auth_sign_in_start(
    _ client: OpaquePointer?, _ sign_in: UnsafePointer<auth_sign_in_options>?,
    _ options: UnsafePointer<auth_call_options>?, _ operation: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> auth_status {
    start(client, options, operation, error) { client throws(AuthFailure) in
        .session(.signIn(try .make(sign_in, handsOut: true, of: client)), Slot())
    }
}

extension SignInOptions {
    static func make(
        _ pointer: UnsafePointer<auth_sign_in_options>?, handsOut: Bool, of client: Client
    ) throws(AuthFailure) -> SignInOptions {
        let fields =
            try pointer.map { pointer throws(AuthFailure) in
                try CStruct.read(pointer, "sign_in", log: client.reportMisuse)
            } ?? auth_sign_in_options()
        return try SignInOptions(
            scopes: try texts(fields.scopes, fields.scope_count, "scopes"),
            identityProvider: try text(fields.identity_provider, "identity_provider"),
            idpIdentifier: try text(fields.idp_identifier, "idp_identifier"),
            loginHint: try text(fields.login_hint, "login_hint"), lang: try text(fields.lang, "lang"),
            prompt: fields.prompt, replacesSameUser: fields.replace_same_user != 0, handsOut: handsOut,
            client.core.configuration)
    }
}
