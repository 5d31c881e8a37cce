// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CognitoAuth

@_cdecl("auth_status_name") @implementation
public func auth_status_name(_ status: auth_status) -> UnsafePointer<CChar>? {
    literal((Status(rawValue: status)?.texts ?? .unknown).name)
}

@_cdecl("auth_status_message") @implementation
public func auth_status_message(_ status: auth_status) -> UnsafePointer<CChar>? {
    literal((Status(rawValue: status)?.texts ?? .unknown).message)
}
