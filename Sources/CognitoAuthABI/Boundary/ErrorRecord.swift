// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth

/// What an `auth_error` points to, in an `OwnedBlock`.
struct ErrorRecord {
    /// The block that is freed with the error; nil for an error that belongs to a result.
    private var block: UnsafeMutableRawPointer?
    private(set) var status: Int32
    private(set) var message: UnsafePointer<CChar>?
    private(set) var suggestion: UnsafePointer<CChar>?
    private(set) var serviceException: UnsafePointer<CChar>?
    private(set) var token: UnsafePointer<CChar>?

    /// A new error in a block of its own.
    static func make(_ failure: AuthFailure) -> OpaquePointer? {
        var error: OpaquePointer?
        let block = OwnedBlock.make { error = place(failure, in: $0) }
        if let error { UnsafeMutablePointer<ErrorRecord>(error).pointee.block = block }
        return error
    }

    /// An error in the block that belongs to a result; nil for nil.
    @inline(never)
    static func place(_ failure: AuthFailure?, in arena: OwnedBlock.Arena) -> OpaquePointer? {
        guard let failure else { return nil }
        let record = arena.room(for: ErrorRecord.self)
        let value = ErrorRecord(
            block: nil, status: failure.status.rawValue, message: arena.text(failure.message),
            suggestion: arena.text(failure.suggestion), serviceException: arena.text(failure.serviceException),
            token: arena.secret(failure.token))
        record?.initialize(to: value)
        return record.map { OpaquePointer($0) }
    }

    static func read(_ error: OpaquePointer?) -> ErrorRecord? {
        error.map { UnsafePointer<ErrorRecord>($0).pointee }
    }

    static func free(_ error: OpaquePointer?) {
        OwnedBlock.free(read(error)?.block)
    }
}
