// SPDX-License-Identifier: Apache-2.0

internal import CCognitoAuth
internal import CPlatform

@_cdecl("auth_version") @implementation
public func auth_version() -> UnsafePointer<CChar>? {
    cognitoauth_version()
}

var versionText: String { String(cString: cognitoauth_version()) }
