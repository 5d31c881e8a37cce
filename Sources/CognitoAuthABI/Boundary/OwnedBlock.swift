// SPDX-License-Identifier: Apache-2.0

internal import CognitoAuth
internal import SecretMemory

/// One allocation with everything that an output struct or an error points to.
///
/// It starts with its own size, so that all of it can be wiped when it is freed.
enum OwnedBlock {
    private static let headerSize = 16

    /// Makes a block of what `fill` puts into an arena. `fill` runs twice, once to measure.
    static func make(_ fill: (Arena) -> Void) -> UnsafeMutableRawPointer? {
        let measure = Arena(nil, offset: headerSize)
        fill(measure)
        guard let block = SecretPages.allocate(measure.offset).baseAddress else { return nil }
        block.storeBytes(of: measure.offset, as: Int.self)
        fill(Arena(block, offset: headerSize))
        return block
    }

    static func free(_ block: UnsafeMutableRawPointer?) {
        guard let block else { return }
        SecretPages.free(UnsafeMutableRawBufferPointer(start: block, count: block.load(as: Int.self)))
    }

    /// Places values one after the other.
    final class Arena {
        fileprivate(set) var offset: Int
        private let block: UnsafeMutableRawPointer?

        fileprivate init(_ block: UnsafeMutableRawPointer?, offset: Int) {
            self.block = block
            self.offset = offset
        }

        func text(_ text: String?) -> UnsafePointer<CChar>? {
            text?.withBytes { string($0) }
        }

        func secret(_ secret: SecretBytes?) -> UnsafePointer<CChar>? {
            secret?.withBytes { string($0) }
        }

        /// The bytes, and a zero.
        private func string(_ bytes: UnsafeRawBufferPointer) -> UnsafePointer<CChar>? {
            guard let place = reserve(bytes.count + 1, alignment: 1) else { return nil }
            if let source = bytes.baseAddress { place.copyMemory(from: source, byteCount: bytes.count) }
            return UnsafePointer(place.assumingMemoryBound(to: CChar.self))
        }

        /// Room for a `Value`; nil while measuring.
        func room<Value>(for type: Value.Type) -> UnsafeMutablePointer<Value>? {
            reserve(MemoryLayout<Value>.size, alignment: MemoryLayout<Value>.alignment)?
                .bindMemory(to: Value.self, capacity: 1)
        }

        private func reserve(_ size: Int, alignment: Int) -> UnsafeMutableRawPointer? {
            let start = (offset + alignment - 1) / alignment * alignment
            offset = start + size
            return block.map { $0 + start }
        }
    }
}
