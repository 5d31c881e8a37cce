// SPDX-License-Identifier: Apache-2.0

// Swift 6.2 looks for what a function implements in no other module than this one and what it exports.
@_exported public import CCognitoAuth
internal import CPlatform
internal import CognitoAuth
internal import SecretMemory

// The boundary: each exported function guards, converts, calls the core and converts back. It decides
// nothing. Conventions of this module:
//
// - `@_cdecl("auth_x") @implementation` lets the compiler check a function against its declaration in
//   the header. It must be `public`, or it is optimised away.
// - Every pointer is optional here, whatever the header asks of the caller.
// - An opaque handle is an `Unmanaged` object of this module, or a record in an `OwnedBlock`.
// - Callbacks run while no lock of the core's is held: see `Mailbox`.

/// Runs `body` and reports how it ended as a status and an error.
@inline(never)
func answer(
    _ error: UnsafeMutablePointer<OpaquePointer?>?, _ body: () throws(AuthFailure) -> Void
) -> auth_status {
    error?.pointee = nil
    do {
        try body()
        return Status.success.rawValue
    } catch let failure {
        error?.pointee = ErrorRecord.make(failure)
        return failure.status.rawValue
    }
}

/// A C string as Swift's; nil for NULL. A `name` is said of one that is not UTF-8.
func text(_ pointer: UnsafePointer<CChar>?, _ name: StaticString) throws(AuthFailure) -> String? {
    guard let pointer else { return nil }
    guard let text = String(validatingCString: pointer) else { throw .invalid(name, "must be UTF-8") }
    return text
}

/// An array of C strings as Swift's; empty for NULL.
func texts(
    _ pointers: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int, _ name: StaticString
) throws(AuthFailure) -> [String] {
    // `size_t` in C: one that is too large comes in negative.
    guard (0...maximumTexts).contains(count) else { throw .invalid(name, "has more than 64 entries") }
    guard let pointers else {
        guard count == 0 else { throw .invalid(name, "is NULL, and has a count") }
        return []
    }
    guard count > 0 else { throw .invalid(name, "is not NULL, and its count is 0") }
    var texts: [String] = []
    for index in 0..<count {
        guard let text = try text(pointers[index], name) else { throw .invalid(name, "has an entry that is NULL") }
        texts.append(text)
    }
    return texts
}

private let maximumTexts = 64

/// A C string as a secret; nil for NULL.
///
/// A longer one than any secret may be is copied only so far; the core refuses it for its length.
func secret(_ pointer: UnsafePointer<CChar>?) -> SecretBytes? {
    guard let pointer else { return nil }
    return SecretBytes(
        copying: UnsafeRawBufferPointer(start: pointer, count: strnlen(pointer, PartialFailureToken.maximumLength + 1)))
}

/// A literal as a C string that lives for ever; the compiler puts a NUL behind it.
func literal(_ text: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
}
