// SPDX-License-Identifier: Apache-2.0

internal import CCognitoAuth
internal import CognitoAuth

/// The structs of the header: each starts with `size_t struct_size`, may grow at its end, and has
/// neither padding at the end nor anything but plain values in it.
enum CStruct {
    /// No struct of this header will ever be larger.
    private static let maximumSize = 4096

    /// Copies a struct that comes in. One that is larger than the library's must not ask for anything
    /// that the library does not know: its tail must be zero.
    static func read<Struct>(_ pointer: UnsafePointer<Struct>, _ name: StaticString) throws(AuthFailure) -> Struct {
        let bytes = try bytes(of: UnsafeRawPointer(pointer), MemoryLayout<Struct>.size, name)
        guard bytes[MemoryLayout<Struct>.size...].allSatisfy({ $0 == 0 }) else {
            throw .invalid(name, "has fields set that this version of the library does not know")
        }
        return pointer.pointee
    }

    /// Checks a struct that is to be written.
    static func check<Struct>(_ pointer: UnsafeMutablePointer<Struct>, _ name: StaticString) throws(AuthFailure) {
        _ = try bytes(of: UnsafeRawPointer(pointer), MemoryLayout<Struct>.size, name)
    }

    /// Writes a struct that goes out, but for its `struct_size`, and zeroes what the library does not
    /// know of. Only for one that was checked.
    static func write<Struct>(_ value: Struct, to pointer: UnsafeMutablePointer<Struct>) {
        let size = declaredSize(UnsafeRawPointer(pointer))
        let target = UnsafeMutableRawBufferPointer(start: pointer, count: size)
        let sizeField = MemoryLayout<Int>.size
        withUnsafeBytes(of: value) { source in
            for index in sizeField..<size { target[index] = index < source.count ? source[index] : 0 }
        }
    }

    /// Zeroes an output struct but for its `struct_size`, and frees what it owns. One whose size cannot be
    /// is left alone.
    static func clear<Struct>(
        _ pointer: UnsafeMutablePointer<Struct>?, owned: (Struct) -> UnsafeMutableRawPointer?
    ) {
        guard let pointer else { return }
        let size = declaredSize(UnsafeRawPointer(pointer))
        guard (MemoryLayout<Struct>.size...maximumSize).contains(size) else { return }
        OwnedBlock.free(owned(pointer.pointee))
        let target = UnsafeMutableRawBufferPointer(start: pointer, count: size)
        for index in MemoryLayout<Int>.size..<size { target[index] = 0 }
    }

    /// Zeroes a struct of `size` bytes and sets its `struct_size`.
    static func initialize<Struct>(_ pointer: UnsafeMutablePointer<Struct>?, _ size: Int) {
        guard let pointer, size >= MemoryLayout<Int>.size else { return }
        let target = UnsafeMutableRawBufferPointer(start: pointer, count: size)
        for index in target.indices { target[index] = 0 }
        target.storeBytes(of: size, as: Int.self)
    }

    /// `minimum` is the struct's size in 0.1 for as long as nothing was appended to it.
    private static func bytes(
        of pointer: UnsafeRawPointer, _ minimum: Int, _ name: StaticString
    ) throws(AuthFailure) -> UnsafeRawBufferPointer {
        let size = declaredSize(pointer)
        guard size >= minimum else { throw .invalid(name, "has a struct_size that is too small") }
        guard size <= maximumSize else { throw .invalid(name, "has a struct_size that is too large") }
        return UnsafeRawBufferPointer(start: pointer, count: size)
    }

    /// As `size_t`; what does not fit in an `Int` is too large anyway.
    private static func declaredSize(_ pointer: UnsafeRawPointer) -> Int {
        Int(clamping: pointer.load(as: UInt.self))
    }
}
