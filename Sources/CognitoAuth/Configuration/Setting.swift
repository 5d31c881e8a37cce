// SPDX-License-Identifier: Apache-2.0

/// What an error calls a setting: by the name that it has where it came from.
struct Setting {
    let name: StaticString
    let isInFile: Bool

    /// A field of the options.
    static func option(_ name: StaticString) -> Setting { Setting(name: name, isInFile: false) }

    /// A key of the configuration file, by its path there, as in "auth.user_pool_id".
    static func key(_ path: StaticString) -> Setting { Setting(name: path, isInFile: true) }

    @inline(never)
    func invalid(_ problem: StaticString) -> AuthFailure {
        AuthFailure(isInFile ? .invalidConfiguration : .invalidArgument, .joining(name.text, " ", problem.text, "."))
    }

    /// Something in the file is no object, but has the first `length` bytes of this path.
    @inline(never)
    func blocked(after length: Int) -> AuthFailure {
        let path = UnsafeBufferPointer(start: name.utf8Start, count: min(length, name.utf8CodeUnitCount))
        return AuthFailure(
            .invalidConfiguration, .joining(String(decoding: path, as: UTF8.self), " must be an object."))
    }

    /// `option` is set, which cannot be together with this setting.
    func excluding(_ option: StaticString) -> AuthFailure {
        AuthFailure(
            .invalidArgument,
            .joining(
                option.text, " cannot be set together with ", name.text, isInFile ? " of the configuration file." : ".")
        )
    }

    var missing: AuthFailure { invalid(isInFile ? "is missing" : "is required and is NULL") }
}
