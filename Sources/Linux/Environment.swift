// SPDX-License-Identifier: Apache-2.0

internal import CPlatform

public enum Environment {
    /// A variable of the environment; one that is empty is not set.
    public static func value(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
