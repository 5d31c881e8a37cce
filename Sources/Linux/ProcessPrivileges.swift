// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

public enum ProcessPrivileges {
    /// Whether the process runs with privileges that its caller does not have (AT_SECURE, getauxval(3)):
    /// its environment, which says where the keyring and the proxies are, is then somebody else's.
    public static var areRaised: Bool { cognitoauth_raised_privileges() != 0 }
}
