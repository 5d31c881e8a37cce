// SPDX-License-Identifier: Apache-2.0

internal import CCognitoAuth

/// A struct of the header: it starts with `size_t struct_size`, fields are only ever appended to it, and it has
/// neither padding at the end nor anything but plain values in it.
protocol GrowingStruct {
    /// Where its last field of 0.1 ends, for ever. Programs of any version have at least so much.
    static var firstSize: Int { get }
    /// What is wrong with one that goes in and has struct_size 0.
    static var unstarted: StaticString { get }

    /// All zero.
    init()
}

#if !_pointerBitWidth(_64)
    #error("The first sizes below are those of machines with pointers of 64 bits.")
#endif

extension auth_client_options: GrowingStruct {
    static var firstSize: Int { 168 }
    static var unstarted: StaticString { "has struct_size 0: start it from AUTH_CLIENT_OPTIONS_INIT" }
}

extension auth_call_options: GrowingStruct {
    static var firstSize: Int { 32 }
    static var unstarted: StaticString { "has struct_size 0: start it from AUTH_CALL_OPTIONS_INIT" }
}

extension auth_sign_in_options: GrowingStruct {
    static var firstSize: Int { 64 }
    static var unstarted: StaticString { "has struct_size 0: start it from AUTH_SIGN_IN_OPTIONS_INIT" }
}

extension auth_session: GrowingStruct {
    static var firstSize: Int { 80 }
    static var unstarted: StaticString { "has struct_size 0: start it from AUTH_SESSION_INIT" }
}

extension auth_sign_out_result: GrowingStruct {
    static var firstSize: Int { 104 }
    static var unstarted: StaticString { "has struct_size 0: start it from AUTH_SIGN_OUT_RESULT_INIT" }
}
