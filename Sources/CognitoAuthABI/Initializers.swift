// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth

@_cdecl("auth_client_options_init") @implementation
public func auth_client_options_init(_ options: UnsafeMutablePointer<auth_client_options>?, _ struct_size: Int) {
    CStruct.initialize(options, struct_size)
}

@_cdecl("auth_call_options_init") @implementation
public func auth_call_options_init(_ options: UnsafeMutablePointer<auth_call_options>?, _ struct_size: Int) {
    CStruct.initialize(options, struct_size)
}

@_cdecl("auth_session_init") @implementation
public func auth_session_init(_ session: UnsafeMutablePointer<auth_session>?, _ struct_size: Int) {
    CStruct.initialize(session, struct_size)
}

@_cdecl("auth_sign_out_result_init") @implementation
public func auth_sign_out_result_init(_ result: UnsafeMutablePointer<auth_sign_out_result>?, _ struct_size: Int) {
    CStruct.initialize(result, struct_size)
}
