// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth

@_cdecl("auth_error_status") @implementation
public func auth_error_status(_ error: OpaquePointer?) -> auth_status {
    ErrorRecord.read(error)?.status ?? 0
}

@_cdecl("auth_error_message") @implementation
public func auth_error_message(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
    ErrorRecord.read(error)?.message ?? literal("")
}

@_cdecl("auth_error_recovery_suggestion") @implementation
public func auth_error_recovery_suggestion(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
    ErrorRecord.read(error)?.suggestion ?? literal("")
}

@_cdecl("auth_error_service_exception") @implementation
public func auth_error_service_exception(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
    ErrorRecord.read(error)?.serviceException
}

@_cdecl("auth_error_token") @implementation
public func auth_error_token(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
    ErrorRecord.read(error)?.token
}

@_cdecl("auth_error_free") @implementation
public func auth_error_free(_ error: OpaquePointer?) {
    ErrorRecord.free(error)
}
