// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@Suite("Secret bytes")
struct SecretBytesTests {
    @Test("They hold what was put in, however often they had to move")
    func growth() {
        let secret = SecretBytes()
        #expect(secret.isEmpty)
        var expected: [UInt8] = []
        for index in 0..<2000 {
            let byte = UInt8(truncatingIfNeeded: index)
            secret.append(byte)
            expected.append(byte)
        }
        expected.withUnsafeBytes { secret.append($0) }
        #expect(secret.bytes == expected + expected)
        #expect(secret.count == 4000)
    }

    @Test("They are made of text as UTF-8, and of bytes as they are")
    func copies() {
        #expect(SecretBytes(copying: "é\u{0}a").bytes == [0xC3, 0xA9, 0, 0x61])
        let bytes: [UInt8] = [0, 0xFF, 0]
        #expect(bytes.withUnsafeBytes { SecretBytes(copying: $0) }.bytes == bytes)
        #expect(SecretBytes(copying: UnsafeRawBufferPointer(start: nil, count: 0)).isEmpty)
    }

    @Test(
        "A buffer is filled as far as it was written, whatever the writer says",
        arguments: [(3, 3), (0, 0), (8, 8), (9, 8), (-1, 0), (Int.max, 8)])
    func fill(written: Int, count: Int) {
        let secret = SecretBytes("x")
        secret.fill(capacity: 8) { buffer in
            for index in buffer.indices { buffer[index] = UInt8(ascii: "y") }
            return written
        }
        #expect(secret.text == "x" + String(repeating: "y", count: count))
    }

    @Test("They are compared byte by byte")
    func comparison() {
        #expect(SecretBytes("abc").hasSameBytes(as: SecretBytes("abc")))
        #expect(!SecretBytes("abc").hasSameBytes(as: SecretBytes("abd")))
        #expect(!SecretBytes("abc").hasSameBytes(as: SecretBytes("ab")))
        #expect(SecretBytes("").hasSameBytes(as: SecretBytes(capacity: 100)))
    }

    @Test("A failure inside the lending call comes through as it is")
    func throwing() {
        struct Mishap: Error {}
        #expect(throws: Mishap.self) {
            try SecretBytes("a").withBytes { (_: UnsafeRawBufferPointer) throws(Mishap) in throw Mishap() }
        }
    }
}
