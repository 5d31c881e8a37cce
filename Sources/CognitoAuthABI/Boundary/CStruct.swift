// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth

/// How the structs of the header are read and written. Three sizes are kept apart: the first, which a struct had
/// in 0.1; the current one, which it has in this library; and the caller's, `struct_size`. Nothing beyond the
/// caller's is touched.
enum CStruct {
    /// No struct of this header will ever be larger.
    private static let maximumSize = 4096
    /// Of `struct_size`, which is the caller's: it is not written, except over a 0.
    private static let headerSize = MemoryLayout<Int>.size

    /// Copies a struct that goes in. One that is larger than the library's must not ask for anything that the
    /// library does not know: its tail must be zero.
    ///
    /// - Parameter log: is told of one that was not started from its macro, as whoever forgets that may well look
    ///   at no error.
    static func read<Struct: GrowingStruct>(
        _ pointer: UnsafePointer<Struct>, _ name: StaticString, log: (String) -> Void
    ) throws(AuthFailure) -> Struct {
        let size = declaredSize(pointer)
        guard size != 0 else {
            let failure = AuthFailure.invalid(name, Struct.unstarted)
            log(failure.message)
            throw failure
        }
        try check(size, first: Struct.firstSize, name)
        guard isZero(pointer, from: MemoryLayout<Struct>.size, to: size) else {
            throw .invalid(name, "has fields set that this version of the library does not know")
        }
        return copy(pointer, size)
    }

    /// Checks a struct that is to be written.
    static func check<Struct: GrowingStruct>(
        _ pointer: UnsafeMutablePointer<Struct>, _ name: StaticString
    ) throws(AuthFailure) {
        try check(outputSize(pointer, first: Struct.firstSize), first: Struct.firstSize, name)
    }

    /// Writes a struct that comes out, as far as the caller's reaches, and zeroes what the library does not know
    /// of. Only for one that was checked.
    static func write<Struct: GrowingStruct>(_ value: Struct, to pointer: UnsafeMutablePointer<Struct>) {
        let size = outputSize(pointer, first: Struct.firstSize)
        withUnsafeBytes(of: value) { fill(pointer, size, from: $0) }
        UnsafeMutableRawPointer(pointer).storeBytes(of: size, as: Int.self)
    }

    /// Frees what an output struct owns, and sets all of it to zero except its `struct_size`. A struct whose
    /// `struct_size` is not valid is not changed.
    static func clear<Struct: GrowingStruct>(
        _ pointer: UnsafeMutablePointer<Struct>?, owned: (Struct) -> UnsafeMutableRawPointer?
    ) {
        guard let pointer else { return }
        guard let fields = look(at: UnsafePointer(pointer)) else { return }
        OwnedBlock.free(owned(fields))
        fill(pointer, outputSize(pointer, first: Struct.firstSize), from: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Copies a struct that came out, or may have; nil for NULL, or where its `struct_size` is not valid.
    static func look<Struct: GrowingStruct>(at pointer: UnsafePointer<Struct>?) -> Struct? {
        guard let pointer else { return nil }
        let size = outputSize(pointer, first: Struct.firstSize)
        return (Struct.firstSize...maximumSize).contains(size) ? copy(pointer, size) : nil
    }

    /// Zeroes a struct of `size` bytes and sets its `struct_size`.
    static func initialize(_ pointer: UnsafeMutableRawPointer?, _ size: Int) {
        guard let pointer, size >= headerSize else { return }
        pointer.storeBytes(of: size, as: Int.self)
        fill(pointer, size, from: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Copies as much of a struct as both the caller and the library know; the rest is zero.
    static func copy<Struct: GrowingStruct>(_ pointer: UnsafePointer<Struct>, _ size: Int) -> Struct {
        var copy = Struct()
        withUnsafeMutableBytes(of: &copy) { bytes in
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: min(size, bytes.count)))
        }
        return copy
    }

    /// Writes all but the header of a struct of `size` bytes; what `source` does not have is zero.
    @inline(never)
    private static func fill(_ pointer: UnsafeMutableRawPointer, _ size: Int, from source: UnsafeRawBufferPointer) {
        for offset in headerSize..<size {
            pointer.storeBytes(of: offset < source.count ? source[offset] : 0, toByteOffset: offset, as: UInt8.self)
        }
    }

    private static func isZero(_ pointer: UnsafeRawPointer, from start: Int, to end: Int) -> Bool {
        var offset = start
        while offset < end, pointer.load(fromByteOffset: offset, as: UInt8.self) == 0 { offset += 1 }
        return offset >= end
    }

    /// The caller's size of a struct that comes out. `= {0}` stands for the first: all programs have so much.
    private static func outputSize(_ pointer: UnsafeRawPointer, first: Int) -> Int {
        let size = declaredSize(pointer)
        return size == 0 ? first : size
    }

    @inline(never)
    private static func check(_ size: Int, first: Int, _ name: StaticString) throws(AuthFailure) {
        guard size >= first else { throw .invalid(name, "has a struct_size that is too small") }
        guard size <= maximumSize else { throw .invalid(name, "has a struct_size that is too large") }
    }

    /// As `size_t`; what does not fit in an `Int` is too large anyway.
    private static func declaredSize(_ pointer: UnsafeRawPointer) -> Int {
        Int(clamping: pointer.load(as: UInt.self))
    }
}
