// SPDX-License-Identifier: Apache-2.0

public import CCognitoAuth
internal import CPlatform
internal import CognitoAuth

/// A literal as a C string that lives for ever; the compiler puts a NUL behind it.
func literal(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}

@_cdecl("auth_version") @implementation
public func auth_version() -> UnsafePointer<CChar>? {
    cognitoauth_version()
}

@_cdecl("auth_status_name") @implementation
public func auth_status_name(_ status: auth_status) -> UnsafePointer<CChar>? {
    literal((Status(rawValue: status)?.texts ?? .unknown).name)
}

@_cdecl("auth_status_message") @implementation
public func auth_status_message(_ status: auth_status) -> UnsafePointer<CChar>? {
    literal((Status(rawValue: status)?.texts ?? .unknown).message)
}
